"""Rows of a map drawn as an outline says; part of the change that ``journeys.editing`` records."""

from collections.abc import Sequence
from typing import Any

from journeys.models import Journey, Phase, Step, StepTouchpoint
from journeys.outline import PhaseOutline, StepOutline
from touchpoints.models import Touchpoint


def draw_phases(journey: Journey, phases: Sequence[PhaseOutline]) -> None:
    """Make the rows say what the outline says, keeping what has the same name."""
    old_phases = _by_name(Phase.objects.filter(journey=journey))
    old_steps = _by_name(Step.objects.filter(phase__journey=journey).select_related("phase"))
    names = {name for phase in phases for step in phase.steps for name in step.touchpoints}
    touchpoints = {
        touchpoint.name: touchpoint
        for touchpoint in Touchpoint.objects.filter(
            workspace_id=journey.workspace_id, name__in=names
        )
    }
    for position, wanted in enumerate(phases):
        phase = _take(old_phases, wanted.name) or Phase(
            workspace_id=journey.workspace_id, journey=journey, name=wanted.name
        )
        phase.position = position
        phase.save()
        for place, step in enumerate(wanted.steps):
            _draw_step(phase, place, step, _take(old_steps, step.name, phase), touchpoints)
    for rows in old_steps.values():
        Step.objects.filter(pk__in=[step.pk for step in rows]).delete()
    for rest in old_phases.values():
        Phase.objects.filter(pk__in=[phase.pk for phase in rest]).delete()


def _by_name(rows: Any) -> dict[str, list[Any]]:
    named: dict[str, list[Any]] = {}
    for row in rows:
        named.setdefault(row.name, []).append(row)
    return named


def _take(rows: dict[str, list[Any]], name: str, phase: Phase | None = None) -> Any:
    """The row of that name that is not used yet, one of the same phase first."""
    found = rows.get(name) or []
    found.sort(key=lambda row: phase is not None and row.phase_id != phase.pk)
    return found.pop(0) if found else None


def _draw_step(
    phase: Phase,
    position: int,
    wanted: StepOutline,
    step: Step | None,
    touchpoints: dict[str, Touchpoint],
) -> None:
    step = step or Step(workspace_id=phase.workspace_id, name=wanted.name)
    step.phase, step.position, step.assumed = phase, position, wanted.assumed
    step.save()
    link(step, [touchpoints[name] for name in wanted.touchpoints])


def link(step: Step, touchpoints: Sequence[Touchpoint]) -> None:
    """Give a step these touchpoints, in this order, and no others."""
    StepTouchpoint.objects.filter(step=step).delete()
    StepTouchpoint.objects.bulk_create(
        StepTouchpoint(
            workspace_id=step.workspace_id, step=step, touchpoint=touchpoint, position=position
        )
        for position, touchpoint in enumerate(touchpoints)
    )
