"""What customers say about one touchpoint: its figure now, wave by wave, and where it is met."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from cxm.models import Workspace
from cxm.statistics import Difference, Estimate, Histogram, mean_estimate, merged, pooled_sd, welch
from journeys import selection
from journeys.insights.suppression import hidden_row
from journeys.models import StepTouchpoint
from journeys.selection import TARGETED
from surveys import counted, histograms
from surveys.histograms import Count, Slice
from surveys.models import SCALE_KINDS, Question, Source, Survey
from touchpoints.models import Touchpoint

Grain = Literal["wave", "month"]


@dataclass(frozen=True)
class Period:
    """One wave, or one month of the only one; ``estimate`` is None where it must stay hidden."""

    name: str
    month: dt.date | None
    survey: Survey | None
    n: int
    estimate: Estimate | None


@dataclass(frozen=True)
class Measures:
    """Figures are emotion values, −2 to +2. ``change`` is of this one look, not corrected."""

    touchpoint: Touchpoint
    grain: Grain
    questions: tuple[Question, ...]
    now: Estimate | None
    n: int
    periods: tuple[Period, ...]
    change: Difference | None
    since: dt.date | None
    before: Survey | None
    latest: Survey | None
    links: tuple[StepTouchpoint, ...]
    k: int

    @property
    def values(self) -> list[float | None]:
        """For a small line: what is hidden breaks it."""
        return [p.estimate.mean if p.estimate else None for p in self.periods]

    @property
    def shown(self) -> tuple[Period, ...]:
        return tuple(period for period in self.periods if period.estimate)

    @property
    def has_line(self) -> bool:
        """One point is not a line."""
        return len(self.shown) > 1

    @property
    def asked_as(self) -> Question | None:
        """The newest question."""
        return self.questions[-1] if self.questions else None

    @property
    def is_portal(self) -> bool:
        return bool(self.latest and self.latest.source == Source.PORTAL)


def read_measures(*, workspace: Workspace, touchpoint: Touchpoint) -> Measures:
    """The figures of one touchpoint: four queries."""
    questions = _questions(workspace, touchpoint)
    portal = bool(questions) and questions[0].survey.source == Source.PORTAL
    sources = (Source.PORTAL,) if portal else TARGETED
    ids = tuple(question.pk for question in questions)
    counts = histograms.read(
        workspace_id=workspace.pk, slice=Slice(ids, sources=sources), by=("question", "month")
    )
    k = selection.strictest_k(workspace, [question.survey for question in questions])
    links = StepTouchpoint.objects.filter(touchpoint=touchpoint).select_related(
        "step__phase__journey"
    )
    ordered = tuple(links.order_by("step__phase__journey__title", "step__position", "id"))
    return _measures(touchpoint, questions, counts, ordered, k)


def _questions(workspace: Workspace, touchpoint: Touchpoint) -> list[Question]:
    """What asks about it: of asked customers, or of portals where nobody else is asked."""
    found = list(
        Question.objects.filter(
            workspace=workspace,
            touchpoint=touchpoint,
            kind__in=SCALE_KINDS,
            scale_min__isnull=False,
            scale_max__isnull=False,
        )
        .select_related("survey")
        # What is asked no more stands before what is.
        .order_by("survey__name", "-is_retired", "position", "id")
    )
    for question in found:
        question.survey.workspace = workspace
    asked = [question for question in found if question.survey.source != Source.PORTAL]
    return asked or found


def _measures(
    touchpoint: Touchpoint,
    questions: Sequence[Question],
    counts: Sequence[Count],
    links: tuple[StepTouchpoint, ...],
    k: int,
) -> Measures:
    """Pure: the same from rows."""
    waves = _waves(questions, counts)
    read = _Reader(questions, counts)
    line = _by_wave(read, waves, k) if len(waves) > 1 else _by_month(read, k)
    return Measures(
        touchpoint=touchpoint,
        grain="wave" if len(waves) > 1 else "month",
        questions=_newest_last(questions, waves),
        now=line.now,
        n=line.n,
        periods=line.periods,
        change=line.change,
        since=line.since,
        before=waves[-2][0] if len(waves) > 1 else None,
        latest=waves[-1][0] if waves else None,
        links=links,
        k=k,
    )


@dataclass(frozen=True)
class _Line:
    now: Estimate | None
    n: int
    periods: tuple[Period, ...]
    change: Difference | None
    since: dt.date | None = None


def _by_wave(read: "_Reader", waves: "Sequence[Wave]", k: int) -> _Line:
    """The newest wave, and its change against the one before, where both may be shown."""
    groups = [read.emotion(ids=wave[1]) for wave in waves]
    periods = _periods([(wave[0].name, None, wave[0]) for wave in waves], groups, k)
    both = periods[-1].estimate and periods[-2].estimate
    change = _change(groups[-2], groups[-1], k) if both else None
    return _Line(periods[-1].estimate, groups[-1].n, periods, change)


def _by_month(read: "_Reader", k: int) -> _Line:
    """All answers of the only wave, and the change of its second half against the first."""
    months = read.months()
    groups = [read.emotion(months={month}) for month in months]
    whole = read.emotion()
    periods = _periods([("", month, None) for month in months], groups, k)
    now = _estimate(whole, groups, k)
    if len(months) < 2:
        return _Line(now, whole.n, periods, None)
    middle = len(months) // 2
    if not all(_covers(half, k) for half in (periods[:middle], periods[middle:])):
        return _Line(now, whole.n, periods, None)
    early, late = (read.emotion(months={*half}) for half in (months[:middle], months[middle:]))
    return _Line(now, whole.n, periods, _change(early, late, k), months[middle])


def _covers(half: Sequence[Period], k: int) -> bool:
    """Whether no hidden month follows from its half less the months of it that are shown."""
    hidden = [period.n for period in half if period.n and period.estimate is None]
    return not hidden or (len(hidden) > 1 and sum(hidden) >= k)


Wave = tuple[Survey, frozenset[int]]


def _waves(questions: Sequence[Question], counts: Sequence[Count]) -> list[Wave]:
    """The surveys that have answers, by the month of their last one, with their questions."""
    last: dict[int, dt.date] = {}
    survey_of = {question.pk: question.survey for question in questions}
    for count in counts:
        if count.score is not None and count.month:
            survey = survey_of[count.question].pk
            last[survey] = max(last.get(survey, count.month), count.month)
    surveys = {question.survey_id: question.survey for question in questions}
    ordered = sorted(last, key=lambda id: (last[id], surveys[id].name))
    return [
        (surveys[id], frozenset(q.pk for q in questions if q.survey_id == id)) for id in ordered
    ]


def _newest_last(questions: Sequence[Question], waves: Sequence[Wave]) -> tuple[Question, ...]:
    place = {wave[0].pk: number for number, wave in enumerate(waves)}
    return tuple(sorted(questions, key=lambda q: place.get(q.survey_id, -1)))


@dataclass(frozen=True)
class _Reader:
    questions: Sequence[Question]
    counts: Sequence[Count]

    def months(self) -> list[dt.date]:
        """Every month from the first answer to the last: one without answers breaks the line.

        Answers further apart than ten years stand side by side: a typing error in a date must
        not draw a thousand empty months.
        """
        found = sorted({c.month for c in self.counts if c.score is not None and c.month})
        if not found or found[-1] - found[0] > dt.timedelta(days=3653):
            return found
        months = found[:1]
        while months[-1] < found[-1]:
            months.append((months[-1] + dt.timedelta(days=31)).replace(day=1))
        return months

    def emotion(
        self, *, ids: Collection[int] | None = None, months: Collection[dt.date] | None = None
    ) -> Histogram:
        """Emotion values of some questions and months (None: all), each from its own scale."""
        scales = counted.scales(self.questions)
        taken = [
            count
            for count in self.counts
            if (ids is None or count.question in ids) and (months is None or count.month in months)
        ]
        found = counted.histograms(taken, lambda count: count.question)
        return merged([h.to_emotion(scales[id]) for id, h in found.items()])


def _change(before: Histogram, after: Histogram, k: int) -> Difference | None:
    if min(before.n, after.n) < k:
        return None
    return welch(before, after, pooled_sd=pooled_sd([before, after]))


def _estimate(found: Histogram, groups: Iterable[Histogram], k: int) -> Estimate | None:
    return mean_estimate(found, pooled_sd=pooled_sd(list(groups))) if found.n >= k else None


def _periods(
    names: Sequence[tuple[str, dt.date | None, Survey | None]],
    groups: Sequence[Histogram],
    k: int,
) -> tuple[Period, ...]:
    """No figure on few answers, nor one from which such a figure would follow."""
    sizes = [group.n for group in groups]
    hidden = hidden_row(sizes, k=k, total=sum(sizes)) if groups else ()
    return tuple(
        Period(name, month, survey, group.n, None if hide else _estimate(group, groups, k))
        for (name, month, survey), group, hide in zip(names, groups, hidden, strict=True)
    )
