"""The check of a map: its rows and what is asked about them, handed to ``insights.check``."""

import datetime as dt

from django.utils import timezone

from cxm.models import Workspace
from journeys import selection
from journeys.board import STALE_AFTER, Board, BoardCard, BoardStep, load_board
from journeys.insights.check import Card, CheckedMap, Finding, Lane, Phase, Step, check
from journeys.log import state_at
from journeys.models import DERIVED, Event, Journey, LaneKind
from journeys.rows import State, load_state

# Lanes that fill themselves: of steps, the catalogue, or what customers wrote.
_FILLED = DERIVED | {LaneKind.QUOTES}


def check_map(*, workspace: Workspace, journey: Journey) -> tuple[Finding, ...]:
    """What is found on the map as it is today; a constant number of queries."""
    choices = selection.load_choices(workspace)
    questions = selection.scale_questions(workspace, choices.surveys)
    asked_questions = {question.pk for question in questions}
    asked_touchpoints = {question.touchpoint_id for question in questions}

    def is_asked(step: BoardStep) -> bool:
        met = {chip.id for chip in step.touchpoints}
        return bool(asked_questions & set(step.questions) or asked_touchpoints & met)

    board = load_board(journey)
    asked = {step.id for step in board.steps if is_asked(step)}
    checked = checked_map(
        board,
        asked=asked,
        untouched=untouched_cards(journey),
        today=timezone.localdate(),
        changed_on=timezone.localdate(journey.updated_at),
    )
    return check(checked)


def untouched_cards(journey: Journey) -> set[int]:
    """Cards that are as they were a year ago: reads one past state, whatever the history."""
    then = timezone.now() - STALE_AFTER
    event = Event.objects.filter(journey=journey, at__lt=then).order_by("-seq").first()
    if event is None:
        return set()
    was = state_at(journey, event.seq)["card"]
    now: State = load_state(journey.pk)
    return {id for id, row in now["card"].items() if was.get(id) == row}


def checked_map(
    board: Board,
    *,
    asked: set[int],
    untouched: set[int],
    today: dt.date,
    changed_on: dt.date | None,
) -> CheckedMap:
    """A board as the check needs it."""
    return CheckedMap(
        phases=tuple(
            Phase(phase.id, phase.name, tuple(_step(step, asked) for step in phase.steps))
            for phase in board.phases
        ),
        lanes=tuple(
            Lane(
                lane.id,
                lane.kind,
                lane.name,
                lane.kind in _FILLED,
                tuple(
                    (cell.step_id, tuple(_card(card, untouched) for card in cell.cards))
                    for cell in lane.cells
                ),
            )
            for lane in board.lanes
        ),
        today=today,
        changed_on=changed_on,
    )


def _step(step: BoardStep, asked: set[int]) -> Step:
    assumed = step.assumed
    if assumed is None and step.assumptions:
        # What is assumed for one persona alone is assumed all the same.
        assumed = next(iter(step.assumptions.values()))
    return Step(
        step.id, step.name, bool(step.touchpoints), assumed, step.id in asked, step.is_moment
    )


def _card(card: BoardCard, untouched: set[int]) -> Card:
    return Card(
        id=card.id,
        text=card.text,
        mark=card.mark,
        owner=card.owner,
        status=card.status,
        due=card.due,
        evidence=card.evidence,
        source=card.evidence_source,
        n=card.evidence_n,
        on=card.evidence_on,
        is_old=card.id in untouched,
    )
