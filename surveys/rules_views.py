"""The rules of a survey that open cases, each one sentence."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from surveys.models import Case, Kind, Question, Rule, Survey
from surveys.publishing import published
from surveys.rule_forms import RuleForm, read_once


@dataclass(frozen=True)
class RuleRow:
    """One rule as a form, and what should be known about it."""

    rule: Rule
    form: RuleForm
    worst: tuple[int, int] | None = None  # on a reversed scale: the scores that open a case
    is_past: bool = False  # its question is not asked any more


@workspace_view("edit")
@require_safe
def rules(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """``?new=`` score, nps or word begins a rule."""
    kind = request.GET.get("new", "")
    shown = _survey(survey)
    form = _form(request, shown, kind) if kind in Rule.Kind.values else None
    return _page(request, shown, new=form)


@workspace_view("edit")
@require_POST
def rule_create(request: WorkspaceRequest, survey: int) -> HttpResponse:
    shown = _survey(survey)
    kind = request.POST.get("kind", "")
    if kind not in Rule.Kind.values:
        raise Http404
    form = _form(request, shown, kind, request.POST)
    if not form.is_valid():
        return _page(request, shown, new=form)
    Rule.objects.create(
        workspace=request.workspace, survey=shown, kind=kind, **_fields(form.cleaned_data)
    )
    messages.success(request, _("The rule holds for answers from now on."))
    return redirect("care:rules", workspace=request.workspace.slug, survey=shown.pk)


@workspace_view("edit")
@require_POST
def rule_edit(request: WorkspaceRequest, survey: int, rule: int) -> HttpResponse:
    """The sentence as changed; ``active`` alone switches the rule on or off."""
    shown = _survey(survey)
    found = get_object_or_404(Rule.objects.select_related("question"), pk=rule, survey=shown)
    if "active" in request.POST:
        Rule.objects.filter(pk=found.pk).update(is_active=request.POST["active"] == "1")
    else:
        form = _form(request, shown, found.kind, request.POST, rule=found)
        if not form.is_valid():
            return _page(request, shown, failed=form, of=found.pk)
        Rule.objects.filter(pk=found.pk).update(**_fields(form.cleaned_data))
    messages.success(request, _("Saved"))
    return redirect("care:rules", workspace=request.workspace.slug, survey=shown.pk)


@workspace_view("edit")
@require_POST
def rule_removal(request: WorkspaceRequest, survey: int, rule: int) -> HttpResponse:
    found = get_object_or_404(Rule, pk=rule, survey=_survey(survey))
    found.delete()
    messages.success(request, _("The rule is gone. Cases it opened stay."))
    return redirect("care:rules", workspace=request.workspace.slug, survey=survey)


def _survey(survey: int) -> Survey:
    return get_object_or_404(Survey.objects.select_related("workspace", "version"), pk=survey)


def _form(
    request: WorkspaceRequest, survey: Survey, kind: str, sent: Any = None, rule: Rule | None = None
) -> RuleForm:
    return RuleForm(sent, workspace=request.workspace, survey=survey, kind=kind, rule=rule)


def _fields(cleaned: dict[str, Any]) -> dict[str, Any]:
    return {"words": [], "at_most": None} | cleaned


def _page(
    request: WorkspaceRequest,
    survey: Survey,
    *,
    new: RuleForm | None = None,
    failed: RuleForm | None = None,
    of: int = 0,
) -> HttpResponse:
    rows = [
        _row(
            rule,
            failed if failed and rule.pk == of else _form(request, survey, rule.kind, rule=rule),
        )
        for rule in survey.rules.select_related("question", "owner")
    ]
    read_once([row.form for row in rows] + ([new] if new else []))
    context = {
        "survey": survey,
        "rows": rows,
        "new": new,
        "kinds": Rule.Kind.choices,
        "obstacle": _obstacle(survey),
        "n_cases": Case.objects.filter(survey=survey).count(),
    }
    invalid = any(form is not None and form.is_bound for form in (new, failed))
    return render(request, "surveys/rules.html", context, status=422 if invalid else 200)


def _row(rule: Rule, form: RuleForm) -> RuleRow:
    question, worst = rule.question, None
    if question and question.is_reversed and question.has_scale and rule.at_most is not None:
        low, high = question.scale_min or 0, question.scale_max or 0
        worst = (low + high - rule.at_most, high)
    return RuleRow(rule, form, worst, bool(question and question.is_retired))


def _obstacle(survey: Survey) -> str:
    """Why no rule can open a case here; empty where nothing is in the way.

    anonymous: nobody can be reached. imported: nobody is asked here. consent: no question asks
    whether the person may be contacted. unpublished: one does, but people do not see it yet.
    """
    if not survey.is_collected:
        return "imported"
    if survey.is_anonymous:
        return "anonymous"
    asking = Question.objects.filter(
        survey=survey, kind=Kind.CONSENT, asks_contact=True, is_retired=False
    )
    if not asking.exists():
        return "consent"
    if survey.version is None:
        return ""
    asked = published(survey)
    return "" if asked and any(item.asks_contact for item in asked.items) else "unpublished"
