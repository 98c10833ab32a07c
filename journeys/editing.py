"""Every change of a map: one function per kind, which writes the rows and exactly one event.

All take keywords, run in one transaction, and lock the journey first, so that events of one map
have one order. They return the event, or None where nothing changed.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from cxm.models import User, Workspace
from journeys import order
from journeys.drawing import draw_phases, link
from journeys.models import Event, Journey, Phase, Step, StepQuestion
from journeys.outline import Outline, outline_of, phase_values, snapshot, step_values
from surveys.models import Question
from touchpoints.models import Touchpoint

Values = dict[str, Any] | None

# Pages beside the maps: /journeys/heatmap/ is not a journey.
RESERVED = {"compare", "curve", "heatmap", "import", "insights", "new"}


def _lock(journey_id: int) -> Journey:
    """One change at a time: the row is held until the transaction ends."""
    return Journey.objects.select_for_update().get(pk=journey_id)


def _record(
    journey: Journey,
    actor: User | None,
    what: str,
    subject: int | None,
    before: Values,
    after: Values,
) -> Event:
    journey.last_seq += 1
    journey.save(update_fields=["title", "last_seq", "updated_at"])
    return Event.objects.create(
        workspace_id=journey.workspace_id,
        journey=journey,
        seq=journey.last_seq,
        actor=actor,
        what=what,
        subject_id=subject,
        before=before,
        after=after,
    )


# ---------- the map itself ----------


@transaction.atomic
def create_journey(
    *, workspace: Workspace, actor: User | None, outline: Outline, is_sample: bool = False
) -> Journey:
    """A new map of an outline; its address is made of the title and never changes."""
    # Two maps made at once would otherwise take the same address.
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    journey = Journey.objects.create(
        workspace=workspace,
        slug=_free_slug(workspace, outline.title),
        title=outline.title,
        is_sample=is_sample,
    )
    draw_phases(journey, outline.phases)
    _record(journey, actor, "journey-created", journey.pk, None, snapshot(journey))
    return journey


def _free_slug(workspace: Workspace, title: str) -> str:
    base = slugify(title)[:70] or "journey"
    taken = set(Journey.objects.filter(workspace=workspace).values_list("slug", flat=True))
    taken |= RESERVED
    return next(
        slug
        for n in range(1, len(taken) + 2)
        if (slug := f"{base}-{n}" if n > 1 else base) not in taken
    )


@transaction.atomic
def rename_journey(*, journey: Journey, actor: User | None, title: str) -> Event | None:
    """Change the title; the address stays, so that links keep working."""
    held = _lock(journey.pk)
    before, held.title = held.title, title
    if before == title:
        return None
    return _record(held, actor, "journey-renamed", held.pk, {"title": before}, {"title": title})


@transaction.atomic
def import_journey(
    *, workspace: Workspace, actor: User | None, outline: Outline
) -> tuple[Journey, Event | None]:
    """Bring a map to an outline: found by its title, created when new, one event for all of it.

    Steps of the same name keep their identity, and with it their questions and history.
    """
    found = Journey.objects.filter(workspace=workspace, title=outline.title).order_by("id").first()
    if found is None:
        journey = create_journey(workspace=workspace, actor=actor, outline=outline)
        return journey, Event.objects.get(journey=journey, seq=journey.last_seq)
    journey = _lock(found.pk)
    if outline_of(journey) == outline:
        return journey, None
    before = snapshot(journey)
    draw_phases(journey, outline.phases)
    return journey, _record(
        journey, actor, "journey-replaced", journey.pk, before, snapshot(journey)
    )


@transaction.atomic
def delete_journey(*, journey: Journey) -> None:
    """Delete the map with its history. Surveys, answers and touchpoints stay."""
    _lock(journey.pk).delete()


# ---------- phases ----------


@transaction.atomic
def add_phase(*, journey: Journey, actor: User | None, name: str) -> Phase:
    """A phase at the end."""
    held = _lock(journey.pk)
    position = order.after_last(Phase.objects.filter(journey=held))
    phase = Phase.objects.create(
        workspace_id=held.workspace_id, journey=held, name=name, position=position
    )
    _record(held, actor, "phase-added", phase.pk, None, phase_values(phase))
    return phase


@transaction.atomic
def rename_phase(*, phase: Phase, actor: User | None, name: str) -> Event | None:
    held = _lock(phase.journey_id)
    phase.refresh_from_db()
    before = phase_values(phase)
    if phase.name == name:
        return None
    phase.name = name
    phase.save(update_fields=["name"])
    return _record(held, actor, "phase-renamed", phase.pk, before, phase_values(phase))


@transaction.atomic
def move_phase(*, phase: Phase, actor: User | None, by: int) -> Event | None:
    """Move by some places, −1 is one towards the beginning; its steps come along."""
    held = _lock(phase.journey_id)
    rows = list(Phase.objects.filter(journey=held))
    before = {"order": [row.pk for row in rows]}
    moved = order.shifted(rows, phase, by)
    if moved is None:
        return None
    order.renumber(moved)
    after = {"order": [row.pk for row in moved]}
    return _record(held, actor, "phase-moved", phase.pk, before, after)


@transaction.atomic
def remove_phase(*, phase: Phase, actor: User | None) -> Event:
    """Remove a phase with its steps; answers stay with their touchpoints."""
    held = _lock(phase.journey_id)
    steps = Step.objects.filter(phase=phase).prefetch_related("touchpoint_links")
    before = {**phase_values(phase), "steps": [step_values(step) for step in steps]}
    pk = phase.pk
    phase.delete()
    order.renumber(list(Phase.objects.filter(journey=held)))
    return _record(held, actor, "phase-removed", pk, before, None)


# ---------- steps ----------


@transaction.atomic
def add_step(
    *,
    phase: Phase,
    actor: User | None,
    name: str,
    assumed: Decimal | None = None,
    touchpoints: Sequence[Touchpoint] = (),
) -> Step:
    """A step at the end of a phase."""
    held = _lock(phase.journey_id)
    position = order.after_last(Step.objects.filter(phase=phase))
    step = Step.objects.create(
        workspace_id=held.workspace_id, phase=phase, name=name, assumed=assumed, position=position
    )
    link(step, touchpoints)
    _record(held, actor, "step-added", step.pk, None, step_values(step))
    return step


@transaction.atomic
def edit_step(
    *,
    step: Step,
    actor: User | None,
    name: str,
    assumed: Decimal | None,
    touchpoints: Sequence[Touchpoint],
) -> Event | None:
    """Set name, the team's value (−2 … +2 or unknown) and the touchpoints, in their order."""
    held = _lock(step.phase.journey_id)
    row = Step.objects.get(pk=step.pk)
    before = step_values(row)
    row.name, row.assumed = name, assumed
    row.save(update_fields=["name", "assumed"])
    row.refresh_from_db()
    if before["touchpoints"] != [touchpoint.pk for touchpoint in touchpoints]:
        link(row, touchpoints)
    after = step_values(row)
    if before == after:
        return None
    return _record(held, actor, "step-edited", row.pk, before, after)


@transaction.atomic
def move_step(*, step: Step, actor: User | None, by: int) -> Event | None:
    """Move by one place (−1 or +1); past the end of its phase it enters the next phase."""
    held = _lock(step.phase.journey_id)
    row = Step.objects.get(pk=step.pk)
    before = step_values(row)
    siblings = list(Step.objects.filter(phase_id=row.phase_id))
    moved = order.shifted(siblings, row, by)
    if moved is None:
        neighbour = order.neighbour(held, row.phase_id, by)
        if neighbour is None:
            return None
        order.enter(row, neighbour, siblings, at_end=by < 0)
    else:
        order.renumber(moved)
    row.refresh_from_db()
    return _record(held, actor, "step-moved", row.pk, before, step_values(row))


@transaction.atomic
def remove_step(*, step: Step, actor: User | None) -> Event:
    """Remove a step; answers stay with their touchpoints."""
    held = _lock(step.phase.journey_id)
    before, pk, phase_id = step_values(step), step.pk, step.phase_id
    step.delete()
    order.renumber(list(Step.objects.filter(phase_id=phase_id)))
    return _record(held, actor, "step-removed", pk, before, None)


# ---------- questions ----------


@transaction.atomic
def bind_question(*, step: Step, actor: User | None, question: Question) -> Event | None:
    """Say that a question asks about a step itself, whatever its touchpoints."""
    held = _lock(step.phase.journey_id)
    _row, new = StepQuestion.objects.get_or_create(
        step=step, question=question, defaults={"workspace_id": held.workspace_id}
    )
    if not new:
        return None
    return _record(held, actor, "question-bound", step.pk, None, {"question": question.pk})


@transaction.atomic
def unbind_question(*, step: Step, actor: User | None, question: Question) -> Event | None:
    """Take that back; the answers stay."""
    held = _lock(step.phase.journey_id)
    gone, _rows = StepQuestion.objects.filter(step=step, question=question).delete()
    if not gone:
        return None
    return _record(held, actor, "question-unbound", step.pk, {"question": question.pk}, None)
