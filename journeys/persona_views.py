"""Personas: all of them, one with what its segment says, and the forms."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.forms import sent
from journeys import personas as actions
from journeys.comment_views import id_of
from journeys.models import Journey, Persona
from journeys.persona_forms import PersonaForm, PictureForm
from journeys.persona_page import read_persona
from journeys.persona_picture import segment_picture
from journeys.uploads import UploadError, keep
from touchpoints.models import Segment

LISTS = ("goals", "needs", "behaviour", "fears")


def _persona(request: WorkspaceRequest, id: int) -> Persona:
    rows = Persona.objects.filter(workspace=request.workspace)
    return get_object_or_404(
        rows.select_related("segment", "picture").defer("picture__data"), pk=id
    )


@workspace_view("read")
@require_safe
def personas(request: WorkspaceRequest) -> HttpResponseBase:
    """All personas of the workspace: one query."""
    found = (
        Persona.objects.filter(workspace=request.workspace)
        .select_related("segment")
        .annotate(
            maps=Count("journey_links", filter=Q(journey_links__journey__is_template=False)),
        )
    )
    return render(request, "journeys/personas.html", {"personas": list(found)})


@workspace_view("read")
@require_safe
def persona(request: WorkspaceRequest, persona: int) -> HttpResponseBase:
    """``?map=`` chooses one of the maps it goes through; else the first by title."""
    found = _persona(request, persona)
    return _page(request, found, PictureForm())


def _page(
    request: WorkspaceRequest, persona: Persona, form: PictureForm, status: int = 200
) -> HttpResponse:
    journeys = actions.maps_of(persona)
    page = read_persona(
        workspace=request.workspace,
        persona=persona,
        journeys=journeys,
        chosen=_chosen(request, journeys),
        with_verbatims="verbatims" in request.member.capabilities,
    )
    context = {
        "page": page,
        "persona": persona,
        "lists": _lists(persona),
        "drawn": segment_picture(page.curve) if page.curve else "",
        "picture_form": form,
    }
    return render(request, "journeys/persona.html", context, status=status)


def _chosen(request: WorkspaceRequest, journeys: list[Journey]) -> Journey | None:
    slug = request.GET.get("map")
    if not slug:
        return journeys[0] if journeys else None
    for journey in journeys:
        if journey.slug == slug:
            return journey
    raise Http404


def _lists(persona: Persona) -> list[tuple[str, list[str]]]:
    """The heads and lines of what is known about the person."""
    heads = {
        "goals": _("Goals"), "needs": _("Needs"), "behaviour": _("Behaviour"), "fears": _("Fears"),
    }  # fmt: skip
    return [
        (
            heads[name],
            [line for row in getattr(persona, name).splitlines() if (line := row.strip())],
        )
        for name in LISTS
    ]


@workspace_view("edit")
def persona_create(request: WorkspaceRequest) -> HttpResponseBase:
    """A new persona; ``?segment=`` and ``?map=`` choose one and fill in the form."""
    form = PersonaForm(sent(request), initial=_asked(request))
    if form.is_valid():
        made = _saved(request, form)
        messages.success(request, _("“%(name)s” is here now.") % {"name": made.name})
        return redirect("journeys:persona", request.workspace.slug, made.pk)
    context = {"form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/persona_create.html", context, status=status)


def _asked(request: WorkspaceRequest) -> dict[str, Any]:
    """What a link to the empty form already says; unknown words say nothing."""
    segment = id_of(request.GET.get("segment"))
    known = segment is not None and Segment.objects.filter(pk=segment).exists()
    slugs = [slug for slug in request.GET.getlist("map")[:20] if "\x00" not in slug]
    maps = Journey.objects.filter(slug__in=slugs).values_list("pk")
    return {"segment": segment if known else None, "journeys": [pk for (pk,) in maps]}


@workspace_view("edit")
def persona_edit(request: WorkspaceRequest, persona: int) -> HttpResponseBase:
    found = _persona(request, persona)
    name = found.name
    form = PersonaForm(sent(request), instance=found)
    if form.is_valid():
        _saved(request, form)
        messages.success(request, _("Saved"))
        return redirect("journeys:persona", request.workspace.slug, found.pk)
    context = {"form": form, "persona": found, "name": name}
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/persona_edit.html", context, status=status)


def _saved(request: WorkspaceRequest, form: PersonaForm) -> Persona:
    return actions.save_persona(
        workspace=request.workspace,
        persona=form.instance,
        actor=request.user,
        journeys=form.cleaned_data["journeys"],
    )


@workspace_view("edit")
@require_POST
def persona_picture(request: WorkspaceRequest, persona: int) -> HttpResponseBase:
    """A new picture; without a file the picture is taken away. 422 with the reason in words."""
    found = _persona(request, persona)
    form = PictureForm(request.POST, request.FILES)
    file = request.FILES.get("file")
    picture = None
    if not form.is_valid():
        return _page(request, found, form, status=422)
    if file is not None:
        try:
            picture = keep(
                workspace=request.workspace, file=file, name=file.name or "", only_pictures=True
            )
        except UploadError as error:
            form.add_error("file", str(error))
            return _page(request, found, form, status=422)
    actions.set_picture(persona=found, picture=picture)
    messages.success(request, _("Saved"))
    return redirect("journeys:persona", request.workspace.slug, found.pk)


@workspace_view("edit")
@require_POST
def persona_duplicate(request: WorkspaceRequest, persona: int) -> HttpResponseBase:
    made = actions.duplicate_persona(persona=_persona(request, persona))
    messages.success(request, _("“%(name)s” is here now.") % {"name": made.name})
    return redirect("journeys:persona-edit", request.workspace.slug, made.pk)


@workspace_view("edit")
@require_POST
def persona_removal(request: WorkspaceRequest, persona: int) -> HttpResponseBase:
    """Deleted, and taken off every map with what the team assumed for it there."""
    found = _persona(request, persona)
    name = found.name
    actions.delete_persona(persona=found, actor=request.user)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": name})
    return redirect("journeys:personas", request.workspace.slug)
