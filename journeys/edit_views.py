"""Making, importing, naming and deleting maps; what is in them is edited on the map itself."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.downloads import attachment
from cxm.forms import sent
from cxm.models import Language
from journeys import beginnings, blueprints, editing, importing, listing
from journeys.forms import BLANK, CreateForm, MapFileForm, TitleForm
from journeys.models import Journey
from journeys.outline import Outline, outline_of


def _journey(request: WorkspaceRequest, slug: str) -> Journey:
    return get_object_or_404(Journey, workspace=request.workspace, slug=slug)


@workspace_view("edit")
def journey_create(request: WorkspaceRequest) -> HttpResponseBase:
    """Begin a map: blank, from a template, as a copy, or as the future of another."""
    gallery = beginnings.gallery(_language(request))
    form = CreateForm(
        sent(request), starts=gallery.starts, initial={"start": request.GET.get("start", BLANK)}
    )
    if form.is_valid():
        journey = beginnings.begin(
            workspace=request.workspace, actor=request.user, chosen=form.cleaned_data
        )
        return redirect("journeys:journey", request.workspace.slug, journey.slug)
    return _create_page(request, gallery, form=form)


def _language(request: WorkspaceRequest) -> str:
    """The language in which templates are offered: the chosen one, else the reader's."""
    asked = request.POST.get("language") or request.GET.get("language") or get_language() or ""
    return asked if asked in blueprints.LANGUAGES else "en"


def _create_page(
    request: WorkspaceRequest,
    gallery: beginnings.Gallery,
    *,
    form: CreateForm,
    file_form: MapFileForm | None = None,
) -> HttpResponseBase:
    context = {
        "form": form,
        "gallery": gallery,
        "file_form": file_form or MapFileForm(),
        "languages": Language.choices,
        "start": form["start"].value() or BLANK,
        "from_map": form["future_of"].value() or form["copy_of"].value() or "",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/journey_create.html", context, status=status)


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
    gallery = beginnings.gallery(_language(request))
    return _create_page(request, gallery, form=CreateForm(starts=gallery.starts), file_form=form)


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
def journey_title(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """Rename a map; its address stays."""
    found = _journey(request, journey)
    form = TitleForm(sent(request), initial={"title": found.title})
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        context = {"journey": found, "form": form}
        return render(request, "journeys/journey_title.html", context, status=status)
    editing.rename_journey(journey=found, actor=request.user, title=form.cleaned_data["title"])
    messages.success(request, _("Saved"))
    return _back(request, found)


def _back(request: WorkspaceRequest, journey: Journey) -> HttpResponseBase:
    """To the list where the change was asked for there, else to the map."""
    if request.POST.get("back") == "list":
        return redirect("journeys:journeys", request.workspace.slug)
    return redirect("journeys:journey", request.workspace.slug, journey.slug)


@workspace_view("edit")
@require_POST
def journey_copy(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """The same map again under a title of its own."""
    made = beginnings.copy(journey=_journey(request, journey), actor=request.user)
    messages.success(request, _("“%(title)s” is made.") % {"title": made.title})
    return redirect("journeys:journey", request.workspace.slug, made.slug)


@workspace_view("edit")
@require_POST
def journey_future(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """A future version of the map, joined with it step by step."""
    made = beginnings.future(journey=_journey(request, journey), actor=request.user)
    messages.success(request, _("“%(title)s” is made.") % {"title": made.title})
    return redirect("journeys:journey", request.workspace.slug, made.slug)


@workspace_view("edit")
@require_POST
def journey_template(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """Offer the map as a template for new ones, or no longer (``is_template=false``)."""
    found = _journey(request, journey)
    offered = request.POST.get("is_template", "true") != "false"
    editing.set_template(journey=found, actor=request.user, is_template=offered)
    words = (
        _("“%(title)s” is offered as a template.")
        if offered
        else _("“%(title)s” is no template any more.")
    )
    messages.success(request, words % {"title": found.title})
    return _back(request, found)


@workspace_view("edit")
def journey_removal(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """Ask once, with everything that is destroyed counted; deleting a map is final."""
    found = _journey(request, journey)
    if request.method != "POST":
        context = {"journey": found, "losses": listing.losses(found)}
        return render(request, "journeys/journey_removal.html", context)
    editing.delete_journey(journey=found)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": found.title})
    return redirect("journeys:journeys", request.workspace.slug)
