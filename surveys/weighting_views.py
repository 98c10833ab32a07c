"""The weights of a survey: listed, made, shown, computed again, removed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from surveys import weighting
from surveys.models import Scheme, Survey
from surveys.weighting_forms import SchemeForm


@workspace_view("read")
@require_safe
def schemes(request: WorkspaceRequest, survey: int) -> HttpResponse:
    shown = _survey(survey)
    responses = weighting.counted(shown)
    found = list(Scheme.objects.filter(survey=shown))
    for scheme in found:
        scheme.survey = shown
    rows = [weighting.read_scheme(scheme, responses=responses) for scheme in found]
    context = {"survey": shown, "rows": rows, "responses": responses}
    return render(request, "surveys/schemes.html", context)


@workspace_view("read")
@require_safe
def scheme(request: WorkspaceRequest, survey: int, scheme: int) -> HttpResponse:
    shown = _scheme(survey, scheme)
    context = {"survey": shown.survey, "scheme": shown, "reading": weighting.read_scheme(shown)}
    return render(request, "surveys/scheme.html", context)


@workspace_view("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def scheme_create(request: WorkspaceRequest, survey: int) -> HttpResponse:
    return _form(request, _survey(survey), None)


@workspace_view("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def scheme_edit(request: WorkspaceRequest, survey: int, scheme: int) -> HttpResponse:
    kept = _scheme(survey, scheme)
    return _form(request, kept.survey, kept)


@workspace_view("edit")
@require_POST
def scheme_computation(request: WorkspaceRequest, survey: int, scheme: int) -> HttpResponse:
    kept = _scheme(survey, scheme)
    weighting.compute_again(kept)
    messages.success(request, _("The weights are computed from all answers."))
    return _to(request, kept)


@workspace_view("edit")
@require_POST
def scheme_removal(request: WorkspaceRequest, survey: int, scheme: int) -> HttpResponse:
    kept = _scheme(survey, scheme)
    kept.delete()
    messages.success(request, _("The weights “%(name)s” were removed.") % {"name": kept.name})
    return redirect("surveys:schemes", workspace=request.workspace.slug, survey=survey)


def _survey(pk: int) -> Survey:
    return get_object_or_404(Survey.objects.select_related("workspace"), pk=pk)


def _scheme(survey: int, pk: int) -> Scheme:
    found = Scheme.objects.select_related("survey__workspace")
    return get_object_or_404(found, survey_id=survey, pk=pk)


def _form(request: WorkspaceRequest, survey: Survey, scheme: Scheme | None) -> HttpResponse:
    candidates, unknown = weighting.candidates(survey)
    common: dict[str, Any] = {
        "survey": survey, "scheme": scheme, "candidates": candidates, "unknown": unknown,
    }  # fmt: skip
    form = SchemeForm(request.POST or None, **common)
    if request.method == "POST" and form.is_valid():
        return _to(request, _saved(form, survey, scheme))
    context = {"survey": survey, "scheme": scheme, "form": form, "groups": form.groups}
    status = 422 if request.method == "POST" else 200
    return render(request, "surveys/scheme_form.html", context, status=status)


def _saved(form: SchemeForm, survey: Survey, scheme: Scheme | None) -> Scheme:
    data = form.cleaned_data
    return weighting.save_scheme(
        survey=survey,
        scheme=scheme,
        name=data["name"],
        shares=form.shares,
        low=data["low"],
        high=data["high"],
    )


def _to(request: WorkspaceRequest, scheme: Scheme) -> HttpResponse:
    slug = request.workspace.slug
    return redirect("surveys:scheme", workspace=slug, survey=scheme.survey_id, scheme=scheme.pk)
