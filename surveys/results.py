"""What a survey says per question: counts → figures, as frozen rows for page and file."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cxm.statistics import (
    Estimate,
    Histogram,
    Nps,
    Scale,
    Share,
    csat,
    mean_estimate,
    merged,
    nps,
    pooled_sd,
    reach,
    wilson,
)
from cxm.statistics.suppression import hidden_row
from surveys import counted, scales
from surveys import results_counts as counts
from surveys.asked import in_order
from surveys.models import PART_KINDS, Kind, Question, Source, Survey
from surveys.results_selection import Selection
from touchpoints.models import Segment


@dataclass(frozen=True)
class ScaleResult:
    """A scale question. Figures are on its own scale, ``emotion`` on −2 … +2.

    With fewer than k answers every figure is None and ``hidden`` is true; ``follows`` where there
    are enough, but a smaller group would follow by subtraction.
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
    follows: bool = False


@dataclass(frozen=True)
class Option:
    """One answer of a choice question with its share of all answers (Wilson 1927)."""

    label: str
    share: Share


@dataclass(frozen=True)
class ChoiceResult:
    """A choice or a consent; ``pooled`` are the rare answers together, ``rare`` how many."""

    question: Question
    n: int
    hidden: bool = False
    options: tuple[Option, ...] = ()
    pooled: Share | None = None
    rare: int = 0


@dataclass(frozen=True)
class SeveralResult:
    """Several choices: the share of people per option, which add up to more than all of them.

    ``few`` options were chosen by fewer than k people and are not shown.
    """

    question: Question
    n: int
    hidden: bool = False
    options: tuple[Option, ...] = ()
    few: int = 0


@dataclass(frozen=True)
class Place:
    """One ranked option: its mean place (1 is best) and how often it came first."""

    label: str
    mean: Estimate
    first: Share | None


@dataclass(frozen=True)
class RankingResult:
    """A ranking, the best mean place first."""

    question: Question
    n: int
    hidden: bool = False
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class TextResult:
    """An open question and how many wrote something."""

    question: Question
    n: int


@dataclass(frozen=True)
class SurveyResults:
    """All questions of one survey in the order they were asked."""

    survey: Survey
    selected: Selection
    questions: tuple[Question, ...]
    scales: tuple[ScaleResult, ...]
    choices: tuple[ChoiceResult, ...]
    several: tuple[SeveralResult, ...]
    rankings: tuple[RankingResult, ...]
    texts: tuple[TextResult, ...]
    # Of every source, portals too; ``asked`` are the sources that count.
    people: tuple[counts.People, ...]
    asked: tuple[str, ...]
    # Of every scale question, by source.
    by_source: Mapping[tuple[int, str], Histogram]
    last: dt.date | None
    # How many were seen to have come to each question.
    seen: Mapping[int, int]

    @property
    def counted(self) -> tuple[counts.People, ...]:
        """The responses that the figures are of."""
        kept = (self.selected.source,) if self.selected.source else self.asked
        return tuple(group for group in self.people if group.source in kept)

    @property
    def sources(self) -> tuple[tuple[Source, int], ...]:
        totals: Counter[str] = Counter()
        for group in self.counted:
            totals[group.source] += group.n
        return tuple((Source(source), n) for source, n in totals.most_common())

    @property
    def responses(self) -> int:
        return sum(group.n for group in self.counted)

    @property
    def finished(self) -> int:
        return sum(group.n for group in self.counted if group.is_complete)

    @property
    def left_out(self) -> int:
        """Reviews of portals that the figures leave out."""
        if self.selected.source:
            return 0
        return sum(group.n for group in self.people) - self.responses

    @property
    def is_weighted(self) -> bool:
        """Whether any answer counts more or less than one."""
        return any(_has_weights(row.histogram) for row in self.scales)

    @property
    def shown(self) -> tuple[ScaleResult, ...]:
        return tuple(row for row in self.scales if row.estimate)


def read_results(survey: Survey, selected: Selection | None = None) -> SurveyResults:
    """Every figure of a survey or a selection of it.

    As many queries whatever the number of questions. Reviews of portals are left out where people
    were asked as well, since portals over-report the extremes.
    """
    selected = selected or Selection()
    questions = tuple(in_order(survey.questions.select_related("touchpoint")))
    people = tuple(counts.people(survey, selected))
    asked = counts.asked_sources(people)
    by_source = _by_source(survey, questions, selected, people)
    kept = (selected.source,) if selected.source else asked
    read = _together(by_source, kept)
    hidden = hidden_by_filters(survey, list(read), selected, asked)
    asked_scales = [q for q in questions if q.has_scale]
    plain = [q for q in questions if not q.has_scale]
    texts = [q for q in plain if q.kind == Kind.TEXT]
    written = _written(survey, texts, selected, asked, people, read)
    given = _given(survey, plain, selected, asked, read)
    parts = _parts(plain)
    k = survey.k
    return SurveyResults(
        survey=survey,
        selected=selected,
        questions=questions,
        scales=tuple(_scale_results(asked_scales, read, k, hidden)),
        choices=tuple(
            choice_result(q, given.get(q.pk, {}), k=k, hide=q.pk in hidden)
            for q in plain
            if q.kind in (Kind.CHOICE, Kind.CONSENT)
        ),
        several=tuple(
            several_result(q, parts.get(q.pk, ()), read, k=k, hidden=hidden)
            for q in plain
            if q.kind == Kind.SEVERAL
        ),
        rankings=tuple(
            ranking_result(q, parts.get(q.pk, ()), read, k=k, hidden=hidden)
            for q in plain
            if q.kind == Kind.RANKING
        ),
        texts=tuple(TextResult(q, written.get(q.pk, 0)) for q in texts),
        people=people,
        asked=asked,
        by_source=by_source,
        last=counts.last_day(survey, [q.pk for q in questions]) if people else None,
        seen=_seen(questions, read, written, given),
    )


def _by_source(
    survey: Survey,
    questions: Iterable[Question],
    selected: Selection,
    people: Iterable[counts.People],
) -> dict[tuple[int, str], Histogram]:
    """Of every source, whichever is chosen: the page shows all of them beside each other."""
    every = sorted({group.source for group in people} | {selected.source} - {""})
    pks = [question.pk for question in questions]
    found = counts.tallies(survey, pks, selected.without("source"), every, by="source")
    return counted.histograms(found, lambda tally: (tally.question, tally.key))


def _together(
    by_source: Mapping[tuple[int, str], Histogram], kept: Collection[str]
) -> dict[int, Histogram]:
    parts: dict[int, list[Histogram]] = {}
    for (question, source), histogram in by_source.items():
        if source in kept:
            parts.setdefault(question, []).append(histogram)
    return {pk: found[0] if len(found) == 1 else merged(found) for pk, found in parts.items()}


def hidden_by_filters(
    survey: Survey, questions: Sequence[int], selected: Selection, asked: Sequence[str]
) -> frozenset[int]:
    """The questions that a filter must not show, or a smaller group follows by subtraction.

    Whoever may choose one source may choose the others and all of them together: each filter is
    judged beside its neighbours, with everything else that is chosen held fixed.
    """
    hidden: set[int] = set()
    for name in selected.filters:
        chosen = getattr(selected, name)
        family = _family(chosen) if name == "segment" else None
        found = counts.tallies(survey, questions, selected.without(name), asked, by=name)
        cells: dict[int, Counter[object]] = {}
        for tally in found:
            if tally.status == 0:
                cells.setdefault(tally.question, Counter())[tally.key] += tally.n
        for question, groups in cells.items():
            total = groups.pop(0, 0) if name == "segment" else sum(groups.values())
            if family is not None:
                groups = Counter({key: n for key, n in groups.items() if key in family})
            keys = list(groups)
            verdicts = hidden_row([groups[key] for key in keys], k=survey.k, total=total)
            if any(key == chosen for key, gone in zip(keys, verdicts, strict=True) if gone):
                hidden.add(question)
    return frozenset(hidden)


def _family(segment: int) -> frozenset[int]:
    """The segments of the same dimension, which can be subtracted from everybody."""
    mine = Segment.objects.filter(pk=segment).values("dimension")
    return frozenset(Segment.objects.filter(dimension__in=mine).values_list("pk", flat=True))


def _scale_results(
    questions: Sequence[Question], read: Mapping[int, Histogram], k: int, hidden: Collection[int]
) -> Iterator[ScaleResult]:
    """Equal answers borrow the spread of the survey's questions on the same scale."""
    by_scale: dict[Scale, list[Histogram]] = {}
    for question in questions:
        by_scale.setdefault(counted.scale_of(question), []).append(
            read.get(question.pk, Histogram())
        )
    spread = {scale: pooled_sd(found) for scale, found in by_scale.items()}
    for question in questions:
        scale, histogram = counted.scale_of(question), read.get(question.pk, Histogram())
        if question.pk in hidden and histogram.n >= k:
            yield ScaleResult(question, scale, True, histogram, follows=True)
        else:
            yield scale_result(question, histogram, k=k, pooled=spread[scale])


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
        emotion=to_emotion(estimate, scale),
        weighted=(
            mean_estimate(histogram, weighted=True, pooled_sd=pooled) if has_weight else None
        ),
        nps=nps(histogram) if question.kind == Kind.NPS else None,
        top_two=_top_two(histogram, scale),
        reach=reach(histogram) if histogram.never_used else None,
    )


def to_emotion(estimate: Estimate, scale: Scale) -> Estimate:
    """The same mean and interval on −2 … +2."""
    return estimate.rescaled(1 / scale.slope, scale.emotion(0))


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


def _given(
    survey: Survey,
    plain: Iterable[Question],
    selected: Selection,
    asked: Sequence[str],
    read: Mapping[int, Histogram],
) -> dict[int, Counter[str]]:
    """How often each code was given, by question; "0" is "other"."""
    kinds = (Kind.CHOICE, Kind.CONSENT)
    asking = [question.pk for question in plain if question.kind in kinds]
    found: dict[int, Counter[str]] = {}
    for pk in asking:
        if histogram := read.get(pk):
            for score, n, _w, _w2 in histogram.bins:
                found.setdefault(pk, Counter())[str(int(score))] += n
    # Only imports hold choices without a score.
    unscored = [pk for pk in asking if pk not in found]
    for question, raw, n in counts.given(survey, unscored, selected, asked):
        found.setdefault(question, Counter())[scales.code(raw)] += n
    return found


def _written(
    survey: Survey,
    texts: Sequence[Question],
    selected: Selection,
    asked: Sequence[str],
    people: Sequence[counts.People],
    read: Mapping[int, Histogram],
) -> dict[int, int]:
    pks = [question.pk for question in texts]
    if selected.is_narrow or len(asked) < len({group.source for group in people}):
        return counts.written(survey, pks, selected, asked)
    found = counts.written_at_all(survey, pks)
    silent = {pk: read[pk].never_used + read[pk].no_answer for pk in pks if pk in read}
    return {pk: n - silent.get(pk, 0) for pk, n in found.items()}


def _parts(questions: Iterable[Question]) -> dict[int, list[Question]]:
    found: dict[int, list[Question]] = {}
    for question in questions:
        if question.parent_id and question.kind in PART_KINDS.values():
            found.setdefault(question.parent_id, []).append(question)
    return found


def _seen(
    questions: Sequence[Question],
    read: Mapping[int, Histogram],
    written: Mapping[int, int],
    given: Mapping[int, Counter[str]],
) -> dict[int, int]:
    """How many came to each question: whoever answered, skipped it, or never used what it asks."""
    found: dict[int, int] = {}
    for question in questions:
        histogram = read.get(question.pk, Histogram())
        answered = (
            written.get(question.pk, 0)
            if question.kind == Kind.TEXT
            else max(histogram.n, sum(given.get(question.pk, Counter()).values()))
        )
        found[question.pk] = answered + histogram.never_used + histogram.no_answer
    for question in questions:
        if question.parent_id in found:
            # Whoever came to one part came to the whole.
            found[question.parent_id] = max(found[question.parent_id], found[question.pk])
    return found


def label(question: Question, code: str) -> str:
    """The word of an answer in the language of the survey; its code where it has none."""
    if code in question.labels:
        return str(question.labels[code])
    for option in question.options:
        if str(option.get("code")) == code and option.get("texts"):
            texts = option["texts"]
            return str(texts.get(question.survey.language) or next(iter(texts.values())))
    return code


def choice_result(
    question: Question, given: Mapping[str, int], *, k: int, hide: bool = False
) -> ChoiceResult:
    """Answers with their shares; those that fewer than k gave are pooled.

    The pool takes in the rarest of the others until it holds k answers itself, so that no small
    count follows from the total.
    """
    n = sum(given.values())
    if n < k or hide:
        return ChoiceResult(question, n, hidden=n > 0)
    ordered = sorted(given.items(), key=lambda item: (item[1], item[0]))
    pooled = rare = 0
    while rare < len(ordered) and (ordered[rare][1] < k or 0 < pooled < k):
        pooled += ordered[rare][1]
        rare += 1
    options = tuple(
        Option(_choice_label(question, code), wilson(count, n))
        for code, count in reversed(ordered[rare:])
    )
    return ChoiceResult(question, n, False, options, wilson(pooled, n) if rare else None, rare)


def _choice_label(question: Question, code: str) -> str:
    from django.utils.translation import gettext as _

    if question.kind == Kind.CONSENT and not question.options and not question.labels:
        return {"1": _("Yes"), "0": _("No")}.get(code, code)
    if code == "0" and question.has_other:
        return _("Something else, in their own words")
    return label(question, code)


def several_result(
    question: Question,
    parts: Sequence[Question],
    read: Mapping[int, Histogram],
    *,
    k: int,
    hidden: Collection[int] = (),
) -> SeveralResult:
    """Each option's share of the people who answered (Wilson 1927), the most chosen first."""
    chosen = [(part, read.get(part.pk, Histogram())) for part in parts]
    n = max((histogram.n for _part, histogram in chosen), default=0)
    if n < k or any(part.pk in hidden for part in parts):
        return SeveralResult(question, n, hidden=n > 0)
    hits = [(part, _count(histogram, 1), histogram.n) for part, histogram in chosen]
    shown = [
        Option(part_label(question, part), wilson(hit, of))
        for part, hit, of in sorted(hits, key=lambda item: -item[1])
        if hit >= k
    ]
    return SeveralResult(question, n, False, tuple(shown), len(parts) - len(shown))


def _count(histogram: Histogram, score: int) -> int:
    return sum(n for value, n, _w, _w2 in histogram.bins if value == score)


def part_label(question: Question, part: Question) -> str:
    from django.utils.translation import gettext as _

    if part.code is not None and (words := label(question, str(part.code))) != str(part.code):
        return words
    if part.code == 0:
        return _("Something else, in their own words")
    return part.text or part.key


def ranking_result(
    question: Question,
    parts: Sequence[Question],
    read: Mapping[int, Histogram],
    *,
    k: int,
    hidden: Collection[int] = (),
) -> RankingResult:
    """Mean places with Student's t (1908) and the shares of first places (Wilson 1927).

    First places add up to everybody, so one that few gave takes another along.
    """
    ranked = [(part, read.get(part.pk, Histogram())) for part in parts]
    n = max((histogram.n for _part, histogram in ranked), default=0)
    if n < k or any(part.pk in hidden for part in parts):
        return RankingResult(question, n, hidden=n > 0)
    spread = pooled_sd(histogram for _part, histogram in ranked)
    kept = [(part, histogram) for part, histogram in ranked if histogram.n >= k]
    firsts = [_count(histogram, 1) for _part, histogram in kept]
    gone = hidden_row(firsts, k=k, total=n)
    places = [
        Place(
            part_label(question, part),
            mean_estimate(histogram, pooled_sd=spread),
            None if hide else wilson(first, histogram.n),
        )
        for (part, histogram), first, hide in zip(kept, firsts, gone, strict=True)
    ]
    return RankingResult(
        question, n, False, tuple(sorted(places, key=lambda place: place.mean.mean))
    )
