"""From a journey and a selection to the numbers of its emotion curve.

Page, table twin, panel, CSV and command line all show what ``read_curve`` returns. It asks a
constant number of queries, whatever the map and however many answers there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from cxm.models import Workspace
from cxm.statistics import Histogram
from journeys import selection
from journeys.insights.changes import CurveComparison, compare_curves
from journeys.insights.curve import Curve, Step, StepPoint, emotion_curve
from journeys.insights.suppression import hidden_steps
from journeys.maps import MapRows, load_map
from journeys.models import Journey
from journeys.selection import Choices, Selection
from surveys import counted, histograms
from surveys.histograms import Count
from surveys.models import Question, Survey

Answers = Mapping[int, Histogram]


@dataclass(frozen=True)
class CurveReading:
    """Everything that the pages, files and words about one curve are made of.

    ``curve`` is the group that was asked for, ``other`` the one it is compared with; ``changes``
    holds curve − other, so that a positive difference means: the first group feels better.
    """

    map: MapRows
    selection: Selection
    choices: Choices
    surveys: tuple[Survey, ...]
    questions: tuple[Question, ...]
    texts: tuple[Question, ...]
    k: int
    k_verbatims: int
    curve: Curve
    other: Curve | None
    changes: CurveComparison | None
    has_weights: bool

    @property
    def journey(self) -> Journey:
        return self.map.journey

    @cached_property
    def never_asked(self) -> tuple[StepPoint, ...]:
        return tuple(p for p in self.curve.points if p.reason == "never_asked")

    @cached_property
    def hidden(self) -> tuple[StepPoint, ...]:
        """The steps whose figure is kept back to protect a small group."""
        return tuple(p for p in self.curve.points if p.reason in ("too_few", "complement"))

    def point(self, step: int | None) -> StepPoint | None:
        return next((p for p in self.curve.points if p.step.id == step), None)


def read_curve(
    *,
    workspace: Workspace,
    journey: Journey,
    selected: Selection,
    choices: Choices,
    rows: MapRows | None = None,
) -> CurveReading:
    """The numbers of one journey: at most eight queries.

    ``rows`` are a past state of its map, or what is assumed of one persona; without, the map now.
    """
    rows = rows or load_map(journey)
    joined = selected.joined_surveys(choices)
    scales, texts = selection.scales_and_texts(workspace, joined)
    questions = rows.asked(scales)
    counts, compared = _counts(workspace, rows, selected, choices, questions)
    return reading_of(
        workspace=workspace, rows=rows, selected=selected, choices=choices,
        questions=questions, counts=counts, compared=compared, texts=rows.asked(texts),
    )  # fmt: skip


def _counts(
    workspace: Workspace,
    rows: MapRows,
    selected: Selection,
    choices: Choices,
    questions: Sequence[Question],
) -> tuple[list[Count], list[Count]]:
    """Counts of both groups; the second list is the first unless the days differ."""
    ids = [question.pk for question in questions]
    segments = _segments_needed(selected, choices)
    by: tuple[histograms.Dimension, ...] = ("question", "source")
    if segments:
        by = ("question", "source", "segment")
    whole = replace(selected.slice(ids), segments=())
    counts = histograms.read(workspace_id=workspace.pk, slice=whole, by=by)
    if selected.compare != "period":
        return counts, counts
    other = replace(selected.compared_slice(ids), segments=())
    return counts, histograms.read(workspace_id=workspace.pk, slice=other, by=by)


def _segments_needed(selected: Selection, choices: Choices) -> set[int]:
    """Every segment of the dimensions looked at: a hidden one may hide its neighbour."""
    chosen = {selected.segment} if selected.segment else set()
    if selected.compare == "segment" and selected.compare_id:
        chosen.add(selected.compare_id)
    return {s.pk for id in chosen for s in choices.dimension_of(id)}


def reading_of(
    *,
    workspace: Workspace,
    rows: MapRows,
    selected: Selection,
    choices: Choices,
    questions: Sequence[Question],
    counts: Sequence[Count],
    compared: Sequence[Count],
    texts: Sequence[Question] = (),
) -> CurveReading:
    """The same from rows and counts that are there already; pure."""
    joined = selected.joined_surveys(choices)
    has_weights = any(c.sum_w != c.n or c.sum_w2 != c.n for c in (*counts, *compared))
    group = _Group(rows, questions, selection.strictest_k(workspace, joined), selected, choices)
    without = selected.compare_id if selected.is_against_others else None
    curve = group.curve(
        selected.surveys_of(choices), selected.segment or 0, counts, without=without
    )
    other = None
    if selected.compare:
        segment = selected.compare_id if selected.compare == "segment" else selected.segment
        other = group.curve(selected.compared_surveys(choices), segment or 0, compared)
    return CurveReading(
        map=rows,
        selection=selected,
        choices=choices,
        surveys=joined,
        questions=tuple(questions),
        texts=tuple(texts),
        k=group.k,
        k_verbatims=selection.strictest_k_verbatims(workspace, joined),
        curve=curve,
        other=other,
        changes=compare_curves(other, curve) if other else None,
        has_weights=has_weights,
    )


@dataclass(frozen=True)
class _Group:
    """What both groups of a comparison share."""

    rows: MapRows
    questions: Sequence[Question]
    k: int
    selected: Selection
    choices: Choices

    def curve(
        self,
        surveys: Sequence[Survey],
        segment: int,
        counts: Sequence[Count],
        *,
        without: int | None = None,
    ) -> Curve:
        """The curve of one segment (0 is everybody) in some surveys.

        ``without`` a segment: everybody else, since two groups that share people are not
        compared; a step that hides that segment then hides everybody else too.
        """
        ids = {survey.pk for survey in surveys}
        questions = [q for q in self.questions if q.survey_id in ids]
        steps = self.rows.insight_steps(questions)
        found = [c for c in counts if c.segment == segment]
        answers = counted.histograms(found, lambda c: c.question)
        if without:
            part = [c for c in counts if c.segment == without]
            for question, taken in counted.histograms(part, lambda c: c.question).items():
                answers[question] = answers[question] - taken
        return emotion_curve(
            steps,
            answers,
            counted.scales(questions),
            k=self.k,
            weighted=self.selected.weighted,
            sources={} if without else _by_source(found),
            also_hidden=self._also_hidden(steps, without or segment, counts),
        )

    def _also_hidden(
        self, steps: Sequence[Step], segment: int, counts: Sequence[Count]
    ) -> frozenset[int]:
        """Steps that this segment must not show, or a smaller one follows by subtraction."""
        if not segment:
            return frozenset()
        dimension = {s.pk for s in self.choices.dimension_of(segment)}
        scored: dict[tuple[int, int], int] = defaultdict(int)
        for count in counts:
            if count.score is not None and (count.segment in dimension or not count.segment):
                scored[count.question, count.segment] += count.n
        groups = {
            (step.id, id): sum(scored[q, id] for q in step.questions)
            for step in steps
            for id in dimension
        }
        totals = {step.id: sum(scored[q, 0] for q in step.questions) for step in steps}
        return hidden_steps(groups, totals, segment, k=self.k)


def _by_source(counts: Iterable[Count]) -> dict[int, dict[str, int]]:
    """Scored answers per question and source."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for count in counts:
        if count.score is not None and count.source is not None:
            found[count.question][count.source] += count.n
    return found
