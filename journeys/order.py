"""The order of phases and steps in a map: positions count from 0, without gaps after a change."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Max

from journeys.models import Journey, Phase, Step

Row = TypeVar("Row", Phase, Step)


def renumber(rows: Sequence[Row]) -> None:
    """Store the positions that the rows have in this sequence."""
    for position, row in enumerate(rows):
        row.position = position
    if rows:
        type(rows[0]).objects.bulk_update(rows, ["position"])


def after_last(rows: Any) -> int:
    """The place behind all others."""
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def shifted(rows: list[Row], row: Row, by: int) -> list[Row] | None:
    """The rows with one of them moved by some places; None where it would not move."""
    place = next(n for n, other in enumerate(rows) if other.pk == row.pk)
    target = max(0, min(len(rows) - 1, place + by))
    if target == place:
        return None
    rows.insert(target, rows.pop(place))
    return rows


def neighbour(journey: Journey, phase_id: int, by: int) -> Phase | None:
    """The phase before (by < 0) or after; None at the ends of the map."""
    phases = list(Phase.objects.filter(journey=journey))
    place = next(n for n, phase in enumerate(phases) if phase.pk == phase_id) + (
        1 if by > 0 else -1
    )
    return phases[place] if 0 <= place < len(phases) else None


def enter(step: Step, phase: Phase, siblings: list[Step], *, at_end: bool) -> None:
    """Move a step to the end or the beginning of another phase; ``siblings`` close the gap."""
    there = list(Step.objects.filter(phase=phase))
    step.phase = phase
    step.save(update_fields=["phase"])
    renumber([*there, step] if at_end else [step, *there])
    renumber([other for other in siblings if other.pk != step.pk])
