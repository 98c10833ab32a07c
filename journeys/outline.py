"""A map as plain values: what a TOML file holds, what an event remembers, what a form compares."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from journeys.models import Journey, Phase, Step, StepTouchpoint


@dataclass(frozen=True)
class StepOutline:
    """One step; touchpoints by name, in order; ``assumed`` is the team's emotion value."""

    name: str
    touchpoints: tuple[str, ...] = ()
    assumed: Decimal | None = None


@dataclass(frozen=True)
class PhaseOutline:
    name: str
    steps: tuple[StepOutline, ...] = ()


@dataclass(frozen=True)
class Outline:
    title: str
    phases: tuple[PhaseOutline, ...] = ()


def outline_of(journey: Journey) -> Outline:
    """The map without ids: three queries, whatever its size."""
    phases = _phases(journey)
    return Outline(
        journey.title,
        tuple(
            PhaseOutline(
                phase.name,
                tuple(
                    StepOutline(
                        step.name,
                        tuple(link.touchpoint.name for link in step.touchpoint_links.all()),
                        step.assumed,
                    )
                    for step in phase.steps.all()
                ),
            )
            for phase in phases
        ),
    )


def snapshot(journey: Journey) -> dict[str, Any]:
    """The map with its ids as JSON values: enough to bring it back."""
    return {
        "title": journey.title,
        "phases": [
            {**phase_values(phase), "steps": [step_values(step) for step in phase.steps.all()]}
            for phase in _phases(journey)
        ],
    }


def phase_values(phase: Phase) -> dict[str, Any]:
    """A phase as an event remembers it, without its steps."""
    return {"id": phase.pk, "name": phase.name, "position": phase.position}


def step_values(step: Step) -> dict[str, Any]:
    """A step as an event remembers it; its touchpoints by id."""
    return {
        "id": step.pk,
        "phase": step.phase_id,
        "position": step.position,
        "name": step.name,
        "assumed": None if step.assumed is None else str(step.assumed),
        "touchpoints": [link.touchpoint_id for link in step.touchpoint_links.all()],
    }


def _phases(journey: Journey) -> list[Phase]:
    links = StepTouchpoint.objects.select_related("touchpoint")
    steps = Step.objects.prefetch_related(Prefetch("touchpoint_links", queryset=links))
    return list(
        Phase.objects.filter(journey=journey).prefetch_related(Prefetch("steps", queryset=steps))
    )
