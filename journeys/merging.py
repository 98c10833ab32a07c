"""Two touchpoints become one: questions, contacts and maps follow, no answer is orphaned."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from cxm.models import User
from journeys.log import Draft, changing
from journeys.models import Journey, StepTouchpoint
from journeys.undoing import MERGED
from surveys.models import Case, Link, Question
from touchpoints import merging
from touchpoints.models import Alias, Contact, Touchpoint


@dataclass(frozen=True)
class MapPart:
    """A map that meets the touchpoint; in ``both`` steps the other one is met as well."""

    journey: Journey
    steps: int
    both: int


@dataclass(frozen=True)
class Preview:
    """What would move from ``goes`` to ``into``."""

    goes: Touchpoint
    into: Touchpoint
    questions: tuple[Question, ...]
    contacts: int
    links: int
    cases: int
    names: tuple[str, ...]
    maps: tuple[MapPart, ...]

    @property
    def other_scales(self) -> tuple[Question, ...]:
        """Questions on a scale that none of the touchpoint that stays has: mapped on its own."""
        mine = Question.objects.filter(touchpoint=self.into, scale_min__isnull=False)
        known = set(mine.values_list("scale_min", "scale_max"))
        return tuple(
            q for q in self.questions
            if known and q.has_scale and (q.scale_min, q.scale_max) not in known
        )  # fmt: skip


def preview(*, goes: Touchpoint, into: Touchpoint) -> Preview:
    """What would move: seven queries."""
    mine = list(
        StepTouchpoint.objects.filter(touchpoint=goes).select_related("step__phase__journey")
    )
    both = set(
        StepTouchpoint.objects.filter(
            touchpoint=into, step__in=[link.step_id for link in mine]
        ).values_list("step", flat=True)
    )
    return Preview(
        goes=goes,
        into=into,
        questions=tuple(Question.objects.filter(touchpoint=goes).select_related("survey")),
        contacts=Contact.objects.filter(touchpoint_id=goes.pk).count(),
        links=Link.objects.filter(touchpoint=goes).count(),
        cases=Case.objects.filter(touchpoint=goes).count(),
        names=(goes.name, *Alias.objects.filter(touchpoint=goes).values_list("name", flat=True)),
        maps=_maps(mine, both),
    )


def _maps(links: Sequence[StepTouchpoint], both: set[int]) -> tuple[MapPart, ...]:
    journeys = {link.step.phase.journey_id: link.step.phase.journey for link in links}
    return tuple(
        MapPart(
            journey,
            sum(link.step.phase.journey_id == pk for link in links),
            sum(link.step.phase.journey_id == pk and link.step_id in both for link in links),
        )
        for pk, journey in sorted(journeys.items(), key=lambda item: item[1].title)
    )


@transaction.atomic
def merge(*, goes: Touchpoint, into: Touchpoint, actor: User | None) -> None:
    """``goes`` becomes a name of ``into``: everything that pointed to it points there.

    One event per map. A step that met both meets one, and its answers are the same as before.
    ValueError where one of them was merged already, or both are the same.
    """
    # In one order, so that two mergers at once wait for each other instead of locking both ways.
    held = {
        row.pk: row
        for row in Touchpoint.objects.select_for_update()
        .filter(pk__in=[goes.pk, into.pk])
        .order_by("pk")
    }
    if len(held) < 2:
        raise ValueError("Two touchpoints are merged.")
    goes, into = held[goes.pk], held[into.pk]
    merging.absorb(goes=goes, into=into)
    Question.objects.filter(touchpoint=goes).update(touchpoint=into)
    Link.objects.filter(touchpoint=goes).update(touchpoint=into)
    Case.objects.filter(touchpoint=goes).update(touchpoint=into)
    journeys = Journey.objects.filter(phases__steps__touchpoint_links__touchpoint=goes)
    for journey in sorted(set(journeys.values_list("pk", flat=True))):
        with changing(journey, actor=actor, what=MERGED) as draft:
            _follow(draft, goes, into)


def _follow(draft: Draft, goes: Touchpoint, into: Touchpoint) -> None:
    """Every step of the map that meets ``goes`` meets ``into`` instead."""
    of_map = StepTouchpoint.objects.filter(step__phase__journey=draft.journey)
    there = set(of_map.filter(touchpoint=into).values_list("step", flat=True))
    links = list(of_map.filter(touchpoint=goes).order_by("pk"))
    for link in links:
        if link.step_id not in there:
            draft.set(link, touchpoint_id=into.pk)
    draft.remove([link for link in links if link.step_id in there])
