"""The rows of a map as its numbers need them: steps in order, with what asks about each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from journeys.insights.curve import Part, Step
from journeys.models import Journey, StepQuestion, StepTouchpoint
from journeys.models import Step as StepRow
from surveys.models import Question

OWN = "step"
"""The part of a step that is asked about directly, not through a touchpoint."""


@dataclass(frozen=True)
class MapRows:
    """The rows of a map that its numbers hang on."""

    journey: Journey
    steps: tuple[StepRow, ...]
    links: Mapping[int, tuple[StepTouchpoint, ...]]
    own_questions: Mapping[int, tuple[int, ...]]

    @property
    def touchpoint_ids(self) -> set[int]:
        return {_met(link) for links in self.links.values() for link in links}

    def asked(self, questions: Iterable[Question]) -> list[Question]:
        """The questions that ask about this map: through a touchpoint or a step itself."""
        found = list(questions)
        met, newest = self.touchpoint_ids, _newest(found)
        own = {newest.get(id, id) for ids in self.own_questions.values() for id in ids}
        return [q for q in found if q.touchpoint_id in met or newest[q.pk] in own]

    def insight_steps(self, questions: Sequence[Question]) -> list[Step]:
        """The steps as pure values, bound to these questions alone."""
        by_touchpoint: dict[int, list[int]] = defaultdict(list)
        for question in questions:
            if question.touchpoint_id is not None:
                by_touchpoint[question.touchpoint_id].append(question.pk)
        newest = _newest(questions)
        kin: dict[int, list[int]] = defaultdict(list)
        for question in questions:
            kin[newest[question.pk]].append(question.pk)
        own = {
            step.pk: [
                id
                for root in dict.fromkeys(
                    newest.get(id, id) for id in self.own_questions.get(step.pk, ())
                )
                for id in kin.get(root, ())
            ]
            for step in self.steps
        }
        return [self._step(step, by_touchpoint, own[step.pk]) for step in self.steps]

    def _step(
        self, step: StepRow, by_touchpoint: Mapping[int, list[int]], bound: Sequence[int]
    ) -> Step:
        # Past states may hold two touchpoints that are one today.
        met = {_met(link): link.touchpoint.name for link in self.links.get(step.pk, ())}
        parts = [Part(id, name, tuple(by_touchpoint.get(id, ()))) for id, name in met.items()]
        # What asks about a touchpoint of the step as well counts there, and once.
        through = {id for part in parts for id in part.questions}
        own = tuple(id for id in bound if id not in through)
        if own:
            parts.insert(0, Part(OWN, step.name, own))
        return Step(
            id=step.pk,
            name=step.name,
            phase_id=step.phase_id,
            phase=step.phase.name,
            assumed=None if step.assumed is None else float(step.assumed),
            parts=tuple(parts),
        )


def _newest(questions: Iterable[Question]) -> dict[int, int]:
    """Each question with the one that stands for it today: itself, or what replaced it.

    A question that is asked on another scale now keeps the step it asks about, and so do its
    answers; each is mapped on its own scale.
    """
    after = {q.pk: q.replaced_by_id for q in questions}
    found: dict[int, int] = {}
    for id in after:
        last, seen = id, {id}
        while (later := after.get(last)) is not None and later not in seen:
            last = later
            seen.add(last)
        found[id] = last
    return found


def _met(link: StepTouchpoint) -> int:
    """The touchpoint of a link; of a merged one the one that stayed, which has its answers."""
    return link.touchpoint.merged_into_id or link.touchpoint_id


def load_map(journey: Journey) -> MapRows:
    """Steps in order, their touchpoints, their own questions: three queries."""
    return load_maps([journey])[journey.pk]


def load_maps(journeys: Sequence[Journey]) -> dict[int, MapRows]:
    """The same for several maps at once, still three queries."""
    ids = [journey.pk for journey in journeys]
    steps: dict[int, list[StepRow]] = defaultdict(list)
    for step in (
        StepRow.objects.filter(phase__journey__in=ids)
        .select_related("phase")
        .order_by("phase__position", "phase_id", "position", "id")
    ):
        steps[step.phase.journey_id].append(step)
    links: dict[int, list[StepTouchpoint]] = defaultdict(list)
    for link in StepTouchpoint.objects.filter(step__phase__journey__in=ids).select_related(
        "touchpoint"
    ):
        links[link.step_id].append(link)
    own: dict[int, list[int]] = defaultdict(list)
    for bound in StepQuestion.objects.filter(step__phase__journey__in=ids).order_by("id"):
        own[bound.step_id].append(bound.question_id)
    return {
        journey.pk: MapRows(
            journey,
            tuple(steps[journey.pk]),
            {step.pk: tuple(links[step.pk]) for step in steps[journey.pk]},
            {step.pk: tuple(own[step.pk]) for step in steps[journey.pk]},
        )
        for journey in journeys
    }
