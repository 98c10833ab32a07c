"""What a survey says per question: counts → figures, as frozen rows for page and file."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count as CountRows
from django.db.models import Max

from cxm.statistics import (
    Estimate,
    Histogram,
    Nps,
    Scale,
    Share,
    csat,
    mean_estimate,
    nps,
    pooled_sd,
    reach,
    wilson,
)
from surveys import counted, histograms, scales
from surveys.models import Answer, Kind, Question, Response, Source, Status, Survey


@dataclass(frozen=True)
class ScaleResult:
    """A scale question. Figures are on its own scale, ``emotion`` on −2 … +2.

    With fewer than k answers every figure is None and ``hidden`` is true.
    """

    question: Question
    scale: Scale
    hidden: bool
    histogram: Histogram
    estimate: Estimate | None = None
    emotion: Estimate | None = None
    weighted: Estimate | None = None
    nps: Nps | None = None
    top_two: Share | None = None
    reach: Share | None = None


@dataclass(frozen=True)
class Option:
    """One answer of a choice question with its share of all answers (Wilson 1927)."""

    label: str
    share: Share


@dataclass(frozen=True)
class ChoiceResult:
    """A choice question; ``pooled`` are the rare answers together, ``rare`` how many they are."""

    question: Question
    n: int
    hidden: bool = False
    options: tuple[Option, ...] = ()
    pooled: Share | None = None
    rare: int = 0


@dataclass(frozen=True)
class TextResult:
    """An open question and how many wrote something."""

    question: Question
    n: int


@dataclass(frozen=True)
class SurveyResults:
    """All questions of one survey in the order they were asked."""

    survey: Survey
    scales: tuple[ScaleResult, ...]
    choices: tuple[ChoiceResult, ...]
    texts: tuple[TextResult, ...]
    sources: tuple[tuple[Source, int], ...]
    left_out: int
    last: Any

    @property
    def responses(self) -> int:
        return sum(n for _source, n in self.sources)

    @property
    def is_weighted(self) -> bool:
        """Whether any answer counts more or less than one."""
        return any(_has_weights(row.histogram) for row in self.scales)

    @property
    def shown(self) -> tuple[ScaleResult, ...]:
        return tuple(row for row in self.scales if row.estimate)


def read_results(survey: Survey) -> SurveyResults:
    """Every figure of a survey: seven queries, whatever the number of questions.

    Reviews of portals are left out where people were asked as well, since portals over-report
    the extremes.
    """
    questions = list(survey.questions.select_related("touchpoint"))
    sources, left_out, last = counted_sources(survey)
    names = tuple(str(source.value) for source, _n in sources)
    asked = [question for question in questions if question.has_scale]
    read = _histograms(survey, asked, names)
    choices = [q for q in questions if q.kind == Kind.CHOICE and not q.has_scale]
    given = _given(survey, choices, names)
    texts = [q for q in questions if q.kind == Kind.TEXT and not q.has_scale]
    written = _written(survey, texts, names)
    return SurveyResults(
        survey=survey,
        scales=tuple(_scale_results(asked, read, survey.k)),
        choices=tuple(choice_result(q, given.get(q.pk, {}), k=survey.k) for q in choices),
        texts=tuple(TextResult(q, written.get(q.pk, 0)) for q in texts),
        sources=sources,
        left_out=left_out,
        last=last,
    )


def counted_sources(survey: Survey) -> tuple[tuple[tuple[Source, int], ...], int, Any]:
    """(source, responses) that count, how many responses are left out, the last day."""
    people = Response.objects.filter(survey_id=survey.pk).values_list("source")
    rows = list(people.annotate(n=CountRows("id"), last=Max("answered_on")).order_by("-n"))
    asked = [row for row in rows if row[0] != Source.PORTAL] or rows
    left_out = sum(n for _source, n, _last in rows) - sum(n for _source, n, _last in asked)
    last = max((day for _source, _n, day in asked), default=None)
    return tuple((Source(source), n) for source, n, _last in asked), left_out, last


def _histograms(
    survey: Survey, questions: Sequence[Question], sources: tuple[str, ...]
) -> dict[int, Histogram]:
    counts = histograms.read(
        workspace_id=survey.workspace_id,
        slice=histograms.Slice(tuple(q.pk for q in questions), sources=sources),
    )
    return counted.histograms(counts, lambda count: count.question)


def _scale_results(
    questions: Sequence[Question], read: Mapping[int, Histogram], k: int
) -> Iterator[ScaleResult]:
    """Equal answers borrow the spread of the survey's questions on the same scale."""
    by_scale: dict[Scale, list[Histogram]] = {}
    for question in questions:
        by_scale.setdefault(counted.scale_of(question), []).append(
            read.get(question.pk, Histogram())
        )
    spread = {scale: pooled_sd(found) for scale, found in by_scale.items()}
    for question in questions:
        scale = counted.scale_of(question)
        yield scale_result(question, read.get(question.pk, Histogram()), k=k, pooled=spread[scale])


def scale_result(
    question: Question, histogram: Histogram, *, k: int, pooled: float | None = None
) -> ScaleResult:
    """Mean with Student's t (1908), weighted mean with the linearised error (Binder 1983)."""
    scale = counted.scale_of(question)
    if histogram.n < k:
        return ScaleResult(question, scale, histogram.n > 0, histogram)
    estimate = mean_estimate(histogram, pooled_sd=pooled)
    has_weight = _has_weights(histogram) and histogram.total_w > 0
    return ScaleResult(
        question=question,
        scale=scale,
        hidden=False,
        histogram=histogram,
        estimate=estimate,
        emotion=estimate.rescaled(1 / scale.slope, scale.emotion(0)),
        weighted=(
            mean_estimate(histogram, weighted=True, pooled_sd=pooled) if has_weight else None
        ),
        nps=nps(histogram) if question.kind == Kind.NPS else None,
        top_two=_top_two(histogram, scale),
        reach=reach(histogram) if histogram.never_used else None,
    )


def _has_weights(histogram: Histogram) -> bool:
    """Weights other than 1: then Σw or Σw² of some score is not its count."""
    return any(
        abs(w - n) > 1e-9 * n or abs(w2 - n) > 1e-9 * n for _score, n, w, w2 in histogram.bins
    )


def _top_two(histogram: Histogram, scale: Scale) -> Share | None:
    """The share of the two best of five (Wilson 1927); None on any other scale."""
    if scale.high - scale.low != 4:
        return None
    upright = histogram.mapped(lambda x: scale.low + scale.high - x)
    return csat(upright if scale.is_reversed else histogram, high=scale.high)


def answers_of(survey: Survey, questions: Sequence[Question], sources: tuple[str, ...]) -> Any:
    """Scored answers and texts that say something, from people of these sources."""
    people = Response.objects.filter(survey_id=survey.pk, source__in=sources)
    return Answer.objects.filter(
        question_id__in=[question.pk for question in questions],
        status=Status.SCORED,
        response_id__in=people.values("id"),
    ).exclude(raw="")


def _given(
    survey: Survey, questions: Sequence[Question], sources: tuple[str, ...]
) -> dict[int, Counter[str]]:
    """How often each code was given, by question."""
    rows = answers_of(survey, questions, sources).values_list("question_id", "raw")
    found: dict[int, Counter[str]] = {}
    for question, raw, n in rows.annotate(n=CountRows("id")):
        found.setdefault(question, Counter())[scales.code(raw)] += n
    return found


def _written(
    survey: Survey, questions: Sequence[Question], sources: tuple[str, ...]
) -> dict[int, int]:
    rows = answers_of(survey, questions, sources).values_list("question_id")
    return dict(rows.annotate(n=CountRows("id")))


def choice_result(question: Question, given: Mapping[str, int], *, k: int) -> ChoiceResult:
    """Answers with their shares; those that fewer than k gave are pooled.

    The pool takes in the rarest of the others until it holds k answers itself, so that no small
    count follows from the total.
    """
    n = sum(given.values())
    if n < k:
        return ChoiceResult(question, n, hidden=n > 0)
    ordered = sorted(given.items(), key=lambda item: (item[1], item[0]))
    pooled = rare = 0
    while rare < len(ordered) and (ordered[rare][1] < k or 0 < pooled < k):
        pooled += ordered[rare][1]
        rare += 1
    options = tuple(
        Option(str(question.labels.get(code, code)), wilson(count, n))
        for code, count in reversed(ordered[rare:])
    )
    return ChoiceResult(question, n, False, options, wilson(pooled, n) if rare else None, rare)
