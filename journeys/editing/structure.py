"""Changes of phases, steps and what steps meet."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

from cxm.models import User
from journeys import order
from journeys.editing.doubling import double
from journeys.log import Draft, changing
from journeys.models import (
    Assumption,
    Event,
    Journey,
    JourneyPersona,
    Persona,
    Phase,
    Step,
    StepQuestion,
    StepTouchpoint,
)
from surveys.models import Question
from touchpoints.models import Touchpoint

Row = TypeVar("Row", Phase, Step)

# ---------- phases ----------


def add_phase(
    *, journey: Journey, actor: User | None, name: str, before: Phase | None = None
) -> Event | None:
    """A phase in front of another, or at the end."""
    with changing(journey.pk, actor=actor, what="phase-added") as draft:
        position = order.place(draft, _phases(journey.pk), before)
        draft.add(Phase(journey=draft.journey, name=name, position=position))
    return draft.event


def rename_phase(*, phase: Phase, actor: User | None, name: str) -> Event | None:
    with changing(phase.journey_id, actor=actor, what="phase-renamed") as draft:
        draft.set(Phase.objects.get(pk=phase.pk), name=name)
    return draft.event


def collapse_phase(*, phase: Phase, actor: User | None, collapsed: bool) -> Event | None:
    """Fold the steps of a phase into one column, or open them."""
    with changing(phase.journey_id, actor=actor, what="phase-collapsed") as draft:
        draft.set(Phase.objects.get(pk=phase.pk), collapsed=collapsed)
    return draft.event


def place_phase(*, phase: Phase, actor: User | None, before: Phase | None) -> Event | None:
    """Move a phase with its steps in front of another, or to the end."""
    with changing(phase.journey_id, actor=actor, what="phase-moved") as draft:
        rows = _phases(phase.journey_id)
        row = next(r for r in rows if r.pk == phase.pk)
        if not _is_there(rows, row, before):
            draft.set(row, position=order.place(draft, rows, before, row))
    return draft.event


def duplicate_phase(*, phase: Phase, actor: User | None) -> Event | None:
    """The phase again behind itself, with everything in it."""
    with changing(phase.journey_id, actor=actor, what="phase-duplicated") as draft:
        rows = _phases(phase.journey_id)
        position = order.place(draft, rows, _next(rows, phase))
        double(draft, "phase", phase.pk, position=position)
    return draft.event


def remove_phase(*, phase: Phase, actor: User | None) -> Event | None:
    """Remove a phase with its steps; answers stay with their touchpoints."""
    with changing(phase.journey_id, actor=actor, what="phase-removed") as draft:
        draft.remove(Phase.objects.filter(pk=phase.pk))
    return draft.event


# ---------- steps ----------


def add_step(
    *,
    phase: Phase,
    actor: User | None,
    name: str,
    assumed: Decimal | None = None,
    touchpoints: Sequence[Touchpoint] = (),
    before: Step | None = None,
) -> Event | None:
    """A step in front of another of the same phase, or at its end."""
    with changing(phase.journey_id, actor=actor, what="step-added") as draft:
        position = order.place(draft, _steps(phase.pk), before)
        step = draft.add(Step(phase=phase, name=name, assumed=assumed, position=position))
        _meet(draft, step, touchpoints)
    return draft.event


def rename_step(*, step: Step, actor: User | None, name: str) -> Event | None:
    with changing(step.phase.journey_id, actor=actor, what="step-renamed") as draft:
        draft.set(Step.objects.get(pk=step.pk), name=name)
    return draft.event


def place_step(
    *, step: Step, actor: User | None, phase: Phase, before: Step | None
) -> Event | None:
    """Move a step in front of another of ``phase``, or to that phase's end."""
    with changing(step.phase.journey_id, actor=actor, what="step-moved") as draft:
        row = Step.objects.get(pk=step.pk)
        rows = _steps(phase.pk)
        if row.phase_id != phase.pk or not _is_there(rows, row, before):
            position = order.place(draft, rows, before, row)
            draft.set(row, phase_id=phase.pk, position=position)
    return draft.event


def duplicate_step(*, step: Step, actor: User | None) -> Event | None:
    """The step again behind itself, with its cards and touchpoints."""
    with changing(step.phase.journey_id, actor=actor, what="step-duplicated") as draft:
        rows = _steps(step.phase_id)
        position = order.place(draft, rows, _next(rows, step))
        double(draft, "step", step.pk, position=position)
    return draft.event


def set_moment(*, step: Step, actor: User | None, is_moment: bool) -> Event | None:
    """Say that it is decided here, or take that back."""
    with changing(step.phase.journey_id, actor=actor, what="step-moment") as draft:
        draft.set(Step.objects.get(pk=step.pk), is_moment=is_moment)
    return draft.event


def open_map(*, step: Step, actor: User | None, opens: Journey | None) -> Event | None:
    """Let a step open into a map of its own, or no longer."""
    if opens is not None and opens.pk == step.phase.journey_id:
        raise ValueError("A step cannot open into its own map.")
    with changing(step.phase.journey_id, actor=actor, what="step-opens") as draft:
        draft.set(Step.objects.get(pk=step.pk), opens_id=opens.pk if opens else None)
    return draft.event


def remove_step(*, step: Step, actor: User | None) -> Event | None:
    """Remove a step with its cards; answers stay with their touchpoints."""
    with changing(step.phase.journey_id, actor=actor, what="step-removed") as draft:
        draft.remove(Step.objects.filter(pk=step.pk))
    return draft.event


# ---------- what the team assumes ----------


def assume(
    *, step: Step, actor: User | None, value: Decimal | None, persona: Persona | None = None
) -> Event | None:
    """What the team believes a persona (or everybody) feels, −2 … +2; None is "no idea"."""
    with changing(step.phase.journey_id, actor=actor, what="step-assumed") as draft:
        if persona is None:
            draft.set(Step.objects.get(pk=step.pk), assumed=value)
        else:
            _assume_for(draft, step, persona, value)
    return draft.event


def _assume_for(draft: Draft, step: Step, persona: Persona, value: Decimal | None) -> None:
    row = Assumption.objects.filter(step=step, persona=persona).first()
    if row is None and value is not None:
        draft.add(Assumption(step=step, persona=persona, value=value))
    elif row is not None and value is None:
        draft.remove([row])
    elif row is not None:
        draft.set(row, value=value)


# ---------- touchpoints, questions, personas ----------


def add_touchpoint(*, step: Step, actor: User | None, touchpoint: Touchpoint) -> Event | None:
    """Say that a step meets a touchpoint; nothing happens where it does already."""
    with changing(step.phase.journey_id, actor=actor, what="touchpoint-added") as draft:
        links = list(StepTouchpoint.objects.filter(step=step))
        if all(link.touchpoint_id != touchpoint.pk for link in links):
            position = order.after_last(links)
            draft.add(StepTouchpoint(step=step, touchpoint=touchpoint, position=position))
    return draft.event


def remove_touchpoint(*, step: Step, actor: User | None, touchpoint: Touchpoint) -> Event | None:
    """Take a touchpoint off a step; it stays in the catalogue with its answers."""
    with changing(step.phase.journey_id, actor=actor, what="touchpoint-removed") as draft:
        draft.remove(StepTouchpoint.objects.filter(step=step, touchpoint=touchpoint))
    return draft.event


def move_touchpoint(
    *, step: Step, actor: User | None, touchpoint: Touchpoint, to: Step
) -> Event | None:
    """Take a touchpoint from one step to another of the same map."""
    with changing(step.phase.journey_id, actor=actor, what="touchpoint-moved") as draft:
        links = list(StepTouchpoint.objects.filter(step=to))
        link = StepTouchpoint.objects.filter(step=step, touchpoint=touchpoint).first()
        if link is not None and step.pk != to.pk:
            if any(other.touchpoint_id == touchpoint.pk for other in links):
                draft.remove([link])
            else:
                draft.set(link, step_id=to.pk, position=order.after_last(links))
    return draft.event


def bind_question(*, step: Step, actor: User | None, question: Question) -> Event | None:
    """Say that a question asks about a step itself, whatever its touchpoints."""
    with changing(step.phase.journey_id, actor=actor, what="question-bound") as draft:
        if not StepQuestion.objects.filter(step=step, question=question).exists():
            draft.add(StepQuestion(step=step, question=question))
    return draft.event


def unbind_question(*, step: Step, actor: User | None, question: Question) -> Event | None:
    """Take that back; the answers stay."""
    with changing(step.phase.journey_id, actor=actor, what="question-unbound") as draft:
        draft.remove(StepQuestion.objects.filter(step=step, question=question))
    return draft.event


def add_persona(*, journey: Journey, actor: User | None, persona: Persona) -> Event | None:
    """Say that a persona goes through the map."""
    with changing(journey.pk, actor=actor, what="persona-added") as draft:
        links = list(JourneyPersona.objects.filter(journey=journey))
        if all(link.persona_id != persona.pk for link in links):
            position = order.after_last(links)
            draft.add(JourneyPersona(journey=draft.journey, persona=persona, position=position))
    return draft.event


def remove_persona(*, journey: Journey, actor: User | None, persona: Persona) -> Event | None:
    """Take a persona off the map, with what the team assumed for it there."""
    with changing(journey.pk, actor=actor, what="persona-removed") as draft:
        draft.remove(
            Assumption.objects.filter(step__phase__journey=journey, persona=persona).order_by("pk")
        )
        draft.remove(JourneyPersona.objects.filter(journey=journey, persona=persona))
    return draft.event


# ---------- shared ----------


def _phases(journey_id: int) -> list[Phase]:
    return list(Phase.objects.filter(journey=journey_id))


def _steps(phase_id: int) -> list[Step]:
    return list(Step.objects.filter(phase=phase_id))


def _next(rows: Sequence[Row], row: order.Placed) -> Row | None:
    at = next(n for n, other in enumerate(rows) if other.pk == row.pk)
    return rows[at + 1] if at + 1 < len(rows) else None


def _is_there(rows: Sequence[Row], row: Row, before: Row | None) -> bool:
    """Whether the row stands in front of ``before`` already, or is ``before`` itself."""
    following = _next(rows, row)
    if before is None:
        return following is None
    return before.pk == row.pk or (following is not None and following.pk == before.pk)


def _meet(draft: Draft, step: Step, touchpoints: Sequence[Touchpoint]) -> None:
    draft.add_all(
        [
            StepTouchpoint(step=step, touchpoint=touchpoint, position=(n + 1) * order.STEP)
            for n, touchpoint in enumerate(touchpoints)
        ]
    )
