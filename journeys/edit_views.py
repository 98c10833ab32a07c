"""Making, importing, naming and deleting maps; what is in them is edited on the map itself."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.downloads import attachment
from cxm.forms import sent
from journeys import editing, importing
from journeys.forms import MapFileForm, TitleForm
from journeys.models import Journey
from journeys.outline import Outline, PhaseOutline, StepOutline, outline_of


def _journey(request: WorkspaceRequest, slug: str) -> Journey:
    return get_object_or_404(Journey, workspace=request.workspace, slug=slug)


@workspace_view("edit")
def journey_create(request: WorkspaceRequest) -> HttpResponseBase:
    """A blank map of five phases with one step each; everything can be renamed."""
    form = TitleForm(sent(request))
    if form.is_valid():
        journey = editing.create_journey(
            workspace=request.workspace,
            actor=request.user,
            outline=_blank(form.cleaned_data["title"]),
        )
        return redirect("journeys:journey", request.workspace.slug, journey.slug)
    status = 422 if request.method == "POST" else 200
    return render(
        request,
        "journeys/journey_create.html",
        {"form": form, "file_form": MapFileForm()},
        status=status,
    )


def _blank(title: str) -> Outline:
    phases = (_("Awareness"), _("Consideration"), _("Purchase"), _("Retention"), _("Advocacy"))
    return Outline(
        title,
        tuple(
            PhaseOutline(name, (StepOutline(_("Step %(number)s") % {"number": number}),))
            for number, name in enumerate(phases, 1)
        ),
    )


@workspace_view("edit")
@require_POST
def journey_import(request: WorkspaceRequest) -> HttpResponseBase:
    """A map from its TOML; one of the same title is replaced, its steps keep their answers."""
    form = MapFileForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            data = upload.read(importing.MAX_BYTES + 1)
            outline = importing.read(data, workspace=request.workspace)
        except importing.JourneyFileError as error:
            for problem in error.problems:
                form.add_error("file", problem)
        else:
            return _imported(request, outline)
    context = {"form": TitleForm(), "file_form": form}
    return render(request, "journeys/journey_create.html", context, status=422)


def _imported(request: WorkspaceRequest, outline: Outline) -> HttpResponseBase:
    journey, event = editing.import_journey(
        workspace=request.workspace, actor=request.user, outline=outline
    )
    words = _("The map is drawn.") if event else _("The map is already as the file says.")
    messages.success(request, words)
    return redirect("journeys:journey", request.workspace.slug, journey.slug)


@workspace_view("read")
@require_safe
def journey_toml(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """The map as TOML, as ``journey_import`` reads it."""
    found = _journey(request, journey)
    content = importing.written(outline_of(found))
    return attachment(content, name=f"{found.slug}.toml", content_type="application/toml")


@workspace_view("edit")
@require_POST
def journey_title(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    found, form = _journey(request, journey), TitleForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.errors["title"][0], status=422)
    editing.rename_journey(journey=found, actor=request.user, title=form.cleaned_data["title"])
    return redirect("journeys:journey", request.workspace.slug, found.slug)


@workspace_view("edit")
@require_POST
def journey_removal(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    found = _journey(request, journey)
    editing.delete_journey(journey=found)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": found.title})
    return redirect("journeys:journeys", request.workspace.slug)
