"""The Invite tab: links to a survey, what came of each, and one link."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cxm.access import WorkspaceRequest, workspace_view
from surveys import links
from surveys.addresses import address_of, is_example, origin_of, path_of, short_of
from surveys.cards import codes
from surveys.link_forms import LinkEditForm, LinkForm
from surveys.mailing import figures
from surveys.models import Link, Quota, Response, Source, Survey


def survey_of(survey: int) -> Survey:
    """A survey that is asked here; 404 for imported ones, which nobody can be invited to."""
    asked = Survey.objects.select_related("workspace").exclude(state=Survey.State.IMPORTED)
    return get_object_or_404(asked, pk=survey)


def link_of(survey: int, link: int) -> Link:
    rows = Link.objects.select_related("survey__workspace", "touchpoint", "segment")
    return get_object_or_404(rows, pk=link, survey_id=survey)


@workspace_view("read")
@require_GET
def invite(request: WorkspaceRequest, survey: int) -> HttpResponse:
    asked = survey_of(survey)
    origin = origin_of(request)
    rows = links.rows(asked)
    context = {
        "survey": asked,
        "rows": [(row, short_of(row.link, origin), path_of(row.link)) for row in rows],
        "has_codes": any(row.link.source == Source.QR for row in rows),
        "mailings": figures.of_survey(asked),
        "quotas": _quotas(asked),
        "complete": Response.objects.filter(survey_id=asked.pk, is_complete=True).count(),
    }
    return render(request, "surveys/invite.html", context)


def _quotas(survey: Survey) -> list[dict[str, Any]]:
    """Limits by segment with what is reached; two queries however many there are."""
    quotas = list(Quota.objects.filter(survey=survey).select_related("segment"))
    counted = Response.objects.filter(survey_id=survey.pk, is_complete=True).aggregate(
        **{
            f"n{quota.pk}": Count("id", filter=Q(segments__contains=[quota.segment_id]))
            for quota in quotas
        }
    )
    return [
        {"segment": quota.segment, "limit": quota.limit, "answers": counted[f"n{quota.pk}"]}
        for quota in quotas
    ]


@workspace_view("edit")
@require_http_methods(["GET", "POST"])
def link_create(request: WorkspaceRequest, survey: int) -> HttpResponse:
    asked = survey_of(survey)
    chosen = request.GET.get("source", "")
    first = {"source": chosen if chosen in links.OFFERED else Source.QR}
    form = LinkForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = links.create(
            survey=asked,
            source=data["source"],
            names=data["names"],
            touchpoint=data["touchpoint"],
            segment=data["segment"],
            pin=data["pin"],
        )
        n = len(made)
        said = ngettext("%(n)d link is ready.", "%(n)d links are ready.", n) % {"n": n}
        messages.success(request, said)
        if n > 1:
            return _back(request, asked)
        return redirect("surveys:link", request.workspace.slug, asked.pk, made[0].pk)
    context = {"survey": asked, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "surveys/link_create.html", context, status=status)


@workspace_view("read")
@require_GET
def link(request: WorkspaceRequest, survey: int, link: int) -> HttpResponse:
    found = link_of(survey, link)
    form = LinkEditForm(link=found) if "edit" in request.member.capabilities else None
    return render(request, "surveys/link.html", _page(request, found, form))


@workspace_view("edit")
@require_POST
def link_edit(request: WorkspaceRequest, survey: int, link: int) -> HttpResponse:
    found = link_of(survey, link)
    form = LinkEditForm(request.POST, link=found)
    if not form.is_valid():
        return render(request, "surveys/link.html", _page(request, found, form), status=422)
    for name in ("name", "touchpoint", "segment"):
        setattr(found, name, form.cleaned_data[name])
    if pin := form.cleaned_data.get("pin"):
        found.pin_hash = make_password(pin)
    found.save(update_fields=["name", "touchpoint", "segment", "pin_hash"])
    messages.success(request, _("Saved"))
    return redirect("surveys:link", request.workspace.slug, survey, link)


def snippet(address: str, title: str) -> str:
    """What a website pastes: a frame, and a link where frames are blocked. No script."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="640" loading="lazy"'
        ' referrerpolicy="no-referrer"></iframe>\n<p><a href="{}">{}</a></p>',
        address, title, address, title,
    )  # fmt: skip


def _page(request: WorkspaceRequest, found: Link, form: LinkEditForm | None) -> dict[str, Any]:
    address = address_of(found, origin_of(request))
    made = codes.code(address)
    return {
        "survey": found.survey,
        "link": found,
        "form": form,
        "address": address,
        "short": short_of(found, origin_of(request)),
        "is_example": is_example(request),
        "snippet": snippet(address, found.survey.name),
        "qr": {"path": codes.path(made), "side": made.side},
        "can_be_removed": form is not None and links.can_be_removed(found),
    }


@workspace_view("edit")
@require_POST
def link_state(request: WorkspaceRequest, survey: int, link: int) -> HttpResponse:
    found = link_of(survey, link)
    links.switch(link=found, is_active=request.POST.get("is_active") == "1")
    said = _("The link is on.") if found.is_active else _("The link is off.")
    messages.success(request, said)
    if request.POST.get("from") == "link":
        return redirect("surveys:link", request.workspace.slug, survey, link)
    return _back(request, found.survey)


@workspace_view("edit")
@require_POST
def link_removal(request: WorkspaceRequest, survey: int, link: int) -> HttpResponse:
    found = link_of(survey, link)
    if links.remove(link=found):
        messages.success(request, _("The link is gone."))
    else:
        messages.error(request, _("Somebody came by this link. Switch it off instead."))
    return _back(request, found.survey)


def _back(request: WorkspaceRequest, survey: Survey) -> HttpResponse:
    return redirect("surveys:invite", request.workspace.slug, survey.pk)


@workspace_view("read")
@require_GET
def link_svg(request: WorkspaceRequest, survey: int, link: int) -> HttpResponseBase:
    found = link_of(survey, link)
    made = codes.code(address_of(found, origin_of(request)))
    return _file(codes.svg(made), found, "svg", "image/svg+xml")


@workspace_view("read")
@require_GET
def link_png(request: WorkspaceRequest, survey: int, link: int) -> HttpResponseBase:
    found = link_of(survey, link)
    made = codes.code(address_of(found, origin_of(request)))
    return _file(codes.png(made), found, "png", "image/png")


def _file(content: str | bytes, link: Link, ending: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    name = "-".join(filter(None, (slugify(link.name), link.code)))
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response
