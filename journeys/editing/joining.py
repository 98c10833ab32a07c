"""Two steps of a map become one, with everything that stands on either of them."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models

from cxm.models import User
from journeys import order
from journeys.log import Draft, changing
from journeys.models import Assumption, Card, Event, Step, StepQuestion, StepTouchpoint

Link = TypeVar("Link", StepTouchpoint, StepQuestion, Assumption)


def merge_steps(*, step: Step, actor: User | None, into: Step) -> Event | None:
    """``step`` joins another of the same map, which keeps its name, place and what is assumed.

    Cards, touchpoints and questions follow, so the answers of both count for the one that stays.
    ValueError where it is the same step, or one of another map.
    """
    if step.pk == into.pk or step.phase.journey_id != into.phase.journey_id:
        raise ValueError("A step joins another step of its map.")
    with changing(step.phase.journey_id, actor=actor, what="step-merged") as draft:
        goes, stays = Step.objects.get(pk=step.pk), Step.objects.get(pk=into.pk)
        _cards(draft, goes, stays)
        _move(draft, StepTouchpoint.objects.filter(step=goes), stays, "touchpoint_id", place=True)
        _move(draft, StepQuestion.objects.filter(step=goes), stays, "question_id")
        _move(draft, Assumption.objects.filter(step=goes), stays, "persona_id")
        draft.set(
            stays,
            assumed=goes.assumed if stays.assumed is None else stays.assumed,
            is_moment=stays.is_moment or goes.is_moment,
            opens_id=stays.opens_id or goes.opens_id,
        )
        draft.remove([goes])
    return draft.event


def _cards(draft: Draft, goes: Step, stays: Step) -> None:
    """Behind the cards that stand in the cell already, in their order."""
    for card in Card.objects.filter(step=goes).order_by("lane", "position", "pk"):
        there = list(Card.objects.filter(lane=card.lane_id, step=stays))
        draft.set(card, step_id=stays.pk, position=order.after_last(there))


def _move(
    draft: Draft, rows: models.QuerySet[Link], stays: Step, to: str, *, place: bool = False
) -> None:
    """Links go over to the step that stays, unless it has the same; those go with their step."""
    there: Iterable[Any] = rows.model._default_manager.filter(step=stays)
    kept = list(there)
    for row in rows.order_by("pk"):
        if getattr(row, to) not in {getattr(other, to) for other in kept}:
            more = {"position": order.after_last(kept)} if place else {}
            draft.set(row, step_id=stays.pk, **more)
            kept.append(row)
