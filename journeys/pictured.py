"""What a picture, a paper or a presentation of a map shows, as its address says it.

``?at=`` is a past state, ``?persona=`` whose curve the team's is and whose segment answers; the
filters of the curve hold as well. Only numbers that the curve's page shows come out of here.
"""

from collections.abc import Mapping
from dataclasses import replace

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cxm.access import WorkspaceRequest
from journeys import curve_words, selection
from journeys.board import Board, BoardStep, board_of, load_board
from journeys.curve import read_curve
from journeys.followed import followed
from journeys.formats.svg_layout import Pictured, as_of_words
from journeys.log import state_at
from journeys.maps import MapRows
from journeys.models import Event, Journey, Persona, Phase, Step, StepTouchpoint, Upload
from journeys.selection import Selection
from touchpoints.models import Touchpoint


def read_pictured(request: WorkspaceRequest, slug: str) -> Pictured:
    """The map and its numbers; 404 for a state or a persona that this map does not have."""
    journey = get_object_or_404(Journey, workspace=request.workspace, slug=slug)
    board, event = _board(journey, request.GET.get("at", ""))
    persona = _persona(board, request.GET.get("persona", ""))
    choices = selection.load_choices(request.workspace)
    selected = _selected(selection.parse(request.GET, choices), persona, event)
    reading = read_curve(
        workspace=request.workspace,
        journey=journey,
        selected=selected,
        choices=choices,
        rows=rows_of(journey, board, persona),
    )
    today = date_format(timezone.localdate(), "DATE_FORMAT")
    day = as_of_words(timezone.localdate(event.at), event.seq) if event else today
    return Pictured(board, reading, persona, day)


def _board(journey: Journey, at: str) -> tuple[Board, Event | None]:
    if not at:
        return load_board(journey), None
    if not (at.isascii() and at.isdigit() and len(at) < 19) or int(at) > journey.last_seq:
        raise Http404
    event = get_object_or_404(Event, journey=journey, seq=int(at))
    if event.seq == journey.last_seq:
        return load_board(journey), None
    try:
        return board_of(journey, followed(state_at(journey, event.seq)), event.seq), event
    except Event.DoesNotExist as error:
        raise Http404 from error


def _persona(board: Board, id: str) -> Persona | None:
    if not id:
        return None
    found = next((one for one in board.personas if str(one.pk) == id), None)
    if found is None:
        raise Http404
    return found


def _selected(selected: Selection, persona: Persona | None, event: Event | None) -> Selection:
    """A persona stands for its segment; a past state knows only the answers of its day.

    Nothing is compared: these pictures show one group beside the team.
    """
    selected = replace(selected, compare="", compare_id=None, step=None)
    if persona and persona.segment_id and not selected.segment:
        selected = replace(selected, segment=persona.segment_id)
    if event:
        day = timezone.localdate(event.at)
        until = min(day, selected.until or day)
        since = min(selected.since, until) if selected.since else None
        selected = replace(selected, since=since, until=until)
    return selected


def rows_of(journey: Journey, board: Board, persona: Persona | None) -> MapRows:
    """The rows that numbers hang on, as the board has them: no query."""
    phases = {phase.id: Phase(pk=phase.id, name=phase.name) for phase in board.phases}
    return MapRows(
        journey,
        tuple(
            Step(
                pk=step.id, name=step.name, phase=phases[step.phase_id],
                assumed=_assumed(step, persona),
            )
            for step in board.steps
        ),
        {step.id: _links(step) for step in board.steps},
        {step.id: step.questions for step in board.steps},
    )  # fmt: skip


def _assumed(step: BoardStep, persona: Persona | None) -> float | None:
    return step.assumptions.get(persona.pk) if persona else step.assumed


def _links(step: BoardStep) -> tuple[StepTouchpoint, ...]:
    return tuple(
        StepTouchpoint(step_id=step.id, touchpoint=Touchpoint(pk=chip.id, name=chip.name))
        for chip in step.touchpoints
    )


def load_uploads(ids: set[int]) -> Mapping[int, tuple[str, bytes]]:
    """Pictures by id: content type and bytes. One query."""
    rows = Upload.objects.filter(pk__in=ids, content_type__startswith="image/")
    found = rows.values_list("pk", "content_type", "data")
    return {pk: (kind, bytes(data)) for pk, kind, data in found}


def sources_of(shown: Pictured) -> str:
    """Where the answers come from, in one line."""
    if not shown.reading.surveys:
        return _("No survey asks yet.")
    return curve_words.surveys(shown.reading.surveys)
