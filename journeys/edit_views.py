"""Drawing a map in a plain form: every action is a noun that is posted to, and one event."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap, retarget

from cxm.access import WorkspaceRequest, workspace_view
from cxm.downloads import attachment
from cxm.forms import sent
from journeys import editing, importing
from journeys.forms import MapFileForm, MoveForm, NewStepForm, PhaseForm, StepForm, TitleForm
from journeys.models import Journey, Phase, Step
from journeys.outline import Outline, PhaseOutline, StepOutline, outline_of
from journeys.views import map_rows


def _journey(request: WorkspaceRequest, slug: str) -> Journey:
    return get_object_or_404(Journey, workspace=request.workspace, slug=slug)


def _phase(request: WorkspaceRequest, journey: str, phase: int) -> Phase:
    return get_object_or_404(
        Phase.objects.select_related("journey"), journey__slug=journey, pk=phase
    )


def _step(request: WorkspaceRequest, journey: str, step: int) -> Step:
    return get_object_or_404(
        Step.objects.select_related("phase__journey"), phase__journey__slug=journey, pk=step
    )


def _page(
    request: WorkspaceRequest, journey: Journey, errors: Form | None = None
) -> HttpResponseBase:
    """The form as it stands: the whole page, or the map alone for htmx; 422 with errors."""
    context = {
        "journey": journey,
        "phases": map_rows(journey),
        "errors": errors,
        "title_form": TitleForm(initial={"title": journey.title}),
    }
    template = "journeys/journey_edit.html" + ("#map" if request.htmx else "")
    return render(request, template, context, status=422 if errors else 200)


def _after(request: WorkspaceRequest, journey: Journey) -> HttpResponseBase:
    if request.htmx:
        return _page(request, journey)
    return redirect("journeys:journey-edit", request.workspace.slug, journey.slug)


@workspace_view("edit")
@require_safe
def journey_edit(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    return _page(request, _journey(request, journey))


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
        return redirect("journeys:journey-edit", request.workspace.slug, journey.slug)
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
    return redirect("journeys:journey-edit", request.workspace.slug, journey.slug)


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
        return _page(request, found, form)
    editing.rename_journey(journey=found, actor=request.user, title=form.cleaned_data["title"])
    return redirect("journeys:journey-edit", request.workspace.slug, found.slug)


@workspace_view("edit")
@require_POST
def journey_removal(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    found = _journey(request, journey)
    editing.delete_journey(journey=found)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": found.title})
    return redirect("journeys:journeys", request.workspace.slug)


@workspace_view("edit")
@require_POST
def phase_create(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    found, form = _journey(request, journey), PhaseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    editing.add_phase(journey=found, actor=request.user, name=form.cleaned_data["name"])
    return _after(request, found)


@workspace_view("edit")
@require_POST
def phase_edit(request: WorkspaceRequest, journey: str, phase: int) -> HttpResponseBase:
    found, form = _phase(request, journey, phase), PhaseForm(request.POST)
    if not form.is_valid():
        return _page(request, found.journey, form)
    editing.rename_phase(phase=found, actor=request.user, name=form.cleaned_data["name"])
    return _after(request, found.journey)


@workspace_view("edit")
@require_POST
def phase_place(request: WorkspaceRequest, journey: str, phase: int) -> HttpResponseBase:
    found, form = _phase(request, journey, phase), MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, found.journey, form)
    editing.move_phase(phase=found, actor=request.user, by=form.cleaned_data["by"])
    return _after(request, found.journey)


@workspace_view("edit")
@require_POST
def phase_removal(request: WorkspaceRequest, journey: str, phase: int) -> HttpResponseBase:
    found = _phase(request, journey, phase)
    editing.remove_phase(phase=found, actor=request.user)
    return _after(request, found.journey)


@workspace_view("edit")
@require_POST
def step_create(request: WorkspaceRequest, journey: str, phase: int) -> HttpResponseBase:
    found, form = _phase(request, journey, phase), NewStepForm(request.POST)
    if not form.is_valid():
        return _page(request, found.journey, form)
    editing.add_step(phase=found, actor=request.user, name=form.cleaned_data["name"])
    return _after(request, found.journey)


@workspace_view("edit")
def step_edit(request: WorkspaceRequest, journey: str, step: int) -> HttpResponseBase:
    """Name, the team's value, touchpoints and own questions of one step."""
    found = _step(request, journey, step)
    form = StepForm(sent(request), step=found)
    if form.is_valid():
        _save_step(request, found, form)
        return _after(request, found.phase.journey)
    template = "journeys/step_edit.html" + ("#form" if request.htmx else "")
    context: dict[str, Any] = {"form": form, "step": found, "journey": found.phase.journey}
    if not form.is_bound:
        return render(request, template, context)
    # A saved step shows the whole map again; mistakes stay in the place of the step.
    response = render(request, template, context, status=422)
    return reswap(retarget(response, f"#step-{found.pk}"), "innerHTML")


def _save_step(request: WorkspaceRequest, step: Step, form: StepForm) -> None:
    editing.edit_step(
        step=step,
        actor=request.user,
        name=form.cleaned_data["name"],
        assumed=form.cleaned_data["assumed"],
        touchpoints=form.chosen_touchpoints(),
    )
    if "questions" not in form.fields:
        return
    offered = {question.pk: question for question in form.field("questions").queryset}
    chosen = {question.pk for question in form.cleaned_data["questions"]}
    for pk, question in offered.items():
        change = editing.bind_question if pk in chosen else editing.unbind_question
        if pk in chosen or pk in form.initial["questions"]:
            change(step=step, actor=request.user, question=question)


@workspace_view("edit")
@require_POST
def step_place(request: WorkspaceRequest, journey: str, step: int) -> HttpResponseBase:
    found, form = _step(request, journey, step), MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, found.phase.journey, form)
    editing.move_step(step=found, actor=request.user, by=form.cleaned_data["by"])
    return _after(request, found.phase.journey)


@workspace_view("edit")
@require_POST
def step_removal(request: WorkspaceRequest, journey: str, step: int) -> HttpResponseBase:
    found = _step(request, journey, step)
    editing.remove_step(step=found, actor=request.user)
    return _after(request, found.phase.journey)
