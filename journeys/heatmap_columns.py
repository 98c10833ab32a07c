"""What stands side by side in a heatmap: segments, phases, surveys or months, and their answers."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from django.utils.formats import date_format

from cxm.statistics import Histogram, Scale
from journeys.insights.heatmap import Column
from journeys.maps import MapRows
from journeys.selection import Choices
from surveys import counted
from surveys.histograms import Count
from surveys.models import Question, Survey

Key = TypeVar("Key", bound=Hashable)
MONTHS = 24
"""More columns cannot be read; the newest are shown."""


@dataclass(frozen=True)
class HeatColumn:
    """A column and the group that it stands in on the page.

    ``full`` is its name where no group stands above it: "October 2026" rather than "Oct".
    """

    id: str
    name: str
    group: str = ""
    dimension: str = ""
    long_name: str = ""

    @property
    def full(self) -> str:
        return self.long_name or self.name

    @property
    def insight(self) -> Column:
        return Column(self.id, self.name, self.dimension)


@dataclass(frozen=True)
class Table:
    """Columns and the emotion values of their cells, by (touchpoint, column).

    ``unmet``: the phase does not meet the touchpoint. ``unasked``: the survey does not ask about
    it. ``left_out``: how many further columns there would be; ``whole`` then holds the answers of
    those shown, by touchpoint, so that the others do not follow from the totals.
    """

    columns: tuple[HeatColumn, ...]
    answers: Mapping[tuple[int, str], Histogram]
    left_out: int = 0
    unmet: frozenset[tuple[int, str]] = frozenset()
    unasked: frozenset[tuple[int, str]] = frozenset()
    whole: Mapping[int, Histogram] | None = None


@dataclass(frozen=True)
class Questions:
    """The questions that ask about touchpoints."""

    all: tuple[Question, ...]
    scales: Mapping[int, Scale]
    of_touchpoint: Mapping[int, tuple[int, ...]]
    touchpoint_of: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Iterable[Question]) -> "Questions":
        questions = tuple(q for q in found if q.touchpoint_id is not None)
        grouped: dict[int, list[int]] = defaultdict(list)
        touchpoint_of: dict[int, int] = {}
        for question in questions:
            assert question.touchpoint_id is not None
            grouped[question.touchpoint_id].append(question.pk)
            touchpoint_of[question.pk] = question.touchpoint_id
        ids = {touchpoint: tuple(found) for touchpoint, found in grouped.items()}
        return cls(questions, counted.scales(questions), ids, touchpoint_of)

    @property
    def alike(self) -> tuple[tuple[int, int], ...]:
        """Each question with the first one about its touchpoint on the same scale."""
        first: dict[tuple[int, Scale], int] = {}
        return tuple(
            (q.pk, first.setdefault((self.touchpoint_of[q.pk], self.scales[q.pk]), q.pk))
            for q in self.all
        )

    @property
    def ids(self) -> list[int]:
        return [question.pk for question in self.all]

    def whole(self, counts: Iterable[Count]) -> dict[int, Histogram]:
        """Everybody's emotion values by touchpoint."""
        found = self.emotions([count for count in counts if not count.segment], lambda count: 0)
        return {touchpoint: histogram for (touchpoint, _all), histogram in found.items()}

    def emotions(
        self, counts: Iterable[Count], column: Callable[[Count], Key]
    ) -> dict[tuple[int, Key], Histogram]:
        """Emotion values by (touchpoint, column): each question on its own scale, then joined."""

        @cache
        def emotion(question: int, score: int) -> float:
            return self.scales[question].emotion(score)

        return counted.histograms(
            counts, lambda count: (self.touchpoint_of[count.question], column(count)), emotion
        )


def by_segment(choices: Choices, questions: Questions, counts: Sequence[Count]) -> Table:
    """One column per segment that has answers; each dimension shares out the same answers."""
    ids = {segment.pk: str(segment.pk) for segment in choices.segments}
    answers = questions.emotions(
        [count for count in counts if count.segment in ids], lambda count: ids[count.segment]
    )
    answered = {column for _touchpoint, column in answers}
    columns = tuple(
        HeatColumn(ids[s.pk], s.name, s.dimension, s.dimension)
        for s in choices.segments
        if ids[s.pk] in answered
    )
    return Table(columns, answers)


def by_phase(rows: MapRows | None, questions: Questions, whole: Mapping[int, Histogram]) -> Table:
    """One column per phase: the answers of a touchpoint that the phase's steps meet.

    A touchpoint may be met in several phases, so each phase is a dimension of its own.
    """
    if rows is None:
        return Table((), {})
    met: dict[int, set[int]] = defaultdict(set)
    names: dict[int, str] = {}
    for step in rows.steps:
        names[step.phase_id] = step.phase.name
        met[step.phase_id] |= {link.touchpoint_id for link in rows.links[step.pk]}
        own = (questions.touchpoint_of.get(id) for id in rows.own_questions[step.pk])
        met[step.phase_id] |= {touchpoint for touchpoint in own if touchpoint}
    columns = tuple(
        HeatColumn(str(id), name, rows.journey.title, str(id)) for id, name in names.items()
    )
    answers, unmet = {}, set()
    for phase in names:
        for touchpoint, found in whole.items():
            if touchpoint in met[phase]:
                answers[touchpoint, str(phase)] = found
            else:
                unmet.add((touchpoint, str(phase)))
    return Table(columns, answers, unmet=frozenset(unmet))


def by_survey(surveys: Sequence[Survey], questions: Questions, counts: Sequence[Count]) -> Table:
    """One column per survey, in the order of their answers' mean date."""
    survey_of = {question.pk: question.survey_id for question in questions.all}
    answers = questions.emotions(counts, lambda count: str(survey_of[count.question]))
    days: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for count in counts:
        if count.month:
            found = days[survey_of[count.question]]
            found[0] += count.n * count.month.toordinal()
            found[1] += count.n
    dated = sorted((found[0] / found[1], id) for id, found in days.items() if found[1])
    named = {survey.pk: survey for survey in surveys}
    columns = tuple(HeatColumn(str(id), named[id].name) for _day, id in dated)
    asked = {(q.touchpoint_id, str(q.survey_id)) for q in questions.all}
    unasked = frozenset(
        (touchpoint, column.id)
        for touchpoint in questions.of_touchpoint
        for column in columns
        if (touchpoint, column.id) not in asked
    )
    return Table(columns, answers, unasked=unasked)


def by_month(questions: Questions, counts: Sequence[Count]) -> Table:
    """One column per month with answers, the newest ``MONTHS`` of them; years are their groups."""
    months = sorted({count.month for count in counts if count.month})
    shown = months[-MONTHS:]
    kept = [count for count in counts if count.month in shown]
    answers = questions.emotions(kept, _month)
    columns = tuple(
        HeatColumn(
            month.isoformat(),
            date_format(month, "M"),
            str(month.year),
            long_name=date_format(month, "F Y"),
        )
        for month in shown
    )
    left_out = len(months) - len(shown)
    return Table(columns, answers, left_out, whole=questions.whole(kept) if left_out else None)


def _month(count: Count) -> str:
    return (count.month or dt.date.min).isoformat()
