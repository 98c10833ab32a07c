"""Two groups of answers to the same questions: from rows of the database to ladders of proof.

Page, file and command line all show what ``read_comparison`` returns. It asks a constant number
of queries, however many questions are compared.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from cxm.models import Workspace
from cxm.statistics import Clusters, Histogram, pooled_sd
from journeys import selection
from journeys.insights.comparison import Comparison, Ladder, Look, compare_looks
from journeys.selection import TARGETED
from surveys import counted, histograms
from surveys.histograms import Slice
from surveys.models import SCALE_KINDS, Kind, Question, Response, Source, Survey


@dataclass(frozen=True)
class Side:
    """One group: the answers of a survey, of some days or of all."""

    survey: Survey
    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """Asked customers alone; a portal's own reviews only where the survey is that portal."""
        return (Source.PORTAL,) if self.survey.source == Source.PORTAL else TARGETED

    def slice(self, questions: Iterable[int]) -> Slice:
        """The answers of this group to some questions."""
        return Slice(tuple(questions), sources=self.sources, since=self.since, until=self.until)


@dataclass(frozen=True)
class Pair:
    """A question as it was asked in both groups (twice the same one for two periods)."""

    a: Question
    b: Question

    @property
    def key(self) -> str:
        """How an address names it: the words that were asked, whatever their case."""
        return words_of(self.b)

    @property
    def name(self) -> str:
        """Short: the touchpoint that is asked about, else the words."""
        return self.b.touchpoint.name if self.b.touchpoint else self.b.text

    @property
    def is_nps(self) -> bool:
        return self.b.kind == Kind.NPS

    @property
    def is_same_scale(self) -> bool:
        """Only then are the two means of the same thing."""
        return scale_of(self.a) == scale_of(self.b)


def scale_of(question: Question) -> tuple[str, int | None, int | None, bool]:
    """What must agree for two questions to be compared as they were asked."""
    kind = Kind.NPS if question.kind == Kind.NPS else ""
    return kind, question.scale_min, question.scale_max, question.is_reversed


def words_of(question: Question) -> str:
    """The text of a question, for comparing: without case and superfluous spaces."""
    return folded(question.text)


def folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def pairs_of(ours: Iterable[Question], theirs: Iterable[Question]) -> list[Pair]:
    """The questions asked in both, word for word and on the same scale; the first of equals.

    The same words on another scale are another question; what is asked no more gives way.
    """
    before: dict[tuple[str, object], Question] = {}
    for question in sorted(ours, key=_is_retired):
        before.setdefault((words_of(question), scale_of(question)), question)
    found: dict[str, Pair] = {}
    for question in sorted(theirs, key=_is_retired):
        words = words_of(question)
        if (words, scale_of(question)) in before:
            found.setdefault(words, Pair(before[words, scale_of(question)], question))
    return list(found.values())


def _is_retired(question: Question) -> bool:
    return question.is_retired


@dataclass(frozen=True)
class Compared:
    """All pairs of two groups with their ladders, in the same order."""

    a: Side
    b: Side
    pairs: tuple[Pair, ...]
    comparison: Comparison
    k: int

    @cached_property
    def by_key(self) -> dict[str, tuple[Pair, Ladder]]:
        """Pair and ladder by the words of the question."""
        found = zip(self.pairs, self.comparison.ladders, strict=True)
        return {pair.key: (pair, ladder) for pair, ladder in found}

    @property
    def has_weights(self) -> bool:
        looks = [ladder.look for ladder in self.comparison.ladders]
        return any(weighs(h) for look in looks for h in (look.a, look.b))


def weighs(histogram: Histogram) -> bool:
    """Some answers count more than others."""
    return histogram.total_w != histogram.n or histogram.total_w2 != histogram.n


def asked_questions(workspace: Workspace) -> list[Question]:
    """Every question with a scale, with its touchpoint: one query."""
    return list(
        Question.objects.filter(
            workspace=workspace,
            kind__in=SCALE_KINDS,
            scale_min__isnull=False,
            scale_max__isnull=False,
        )
        .select_related("touchpoint")
        .order_by("survey_id", "position", "id")
    )


def read_comparison(*, workspace: Workspace, a: Side, b: Side, pairs: Sequence[Pair]) -> Compared:
    """The ladders of all pairs: at most seven queries."""
    k = selection.strictest_k(workspace, {a.survey, b.survey})
    before, after = (
        _read(workspace, a, [p.a for p in pairs]),
        _read(workspace, b, [p.b for p in pairs]),
    )
    looks = [
        Look(
            id=number,
            name=pair.name,
            a=before.histogram(pair.a),
            b=after.histogram(pair.b),
            clusters_a=before.clusters_of(pair.a),
            clusters_b=after.clusters_of(pair.b),
            nps=pair.is_nps,
        )
        for number, pair in enumerate(pairs)
    ]
    comparison = compare_looks(looks, k=k, pooled_sd=_pooled(pairs, looks))
    return Compared(a, b, tuple(pairs), comparison, k)


def _pooled(pairs: Sequence[Pair], looks: Sequence[Look]) -> float | None:
    """The spread for groups whose answers are all equal; only answers of one scale have one."""
    if len({scale_of(pair.b) for pair in pairs}) != 1:
        return None
    return pooled_sd([h for look in looks for h in (look.a, look.b)])


@dataclass(frozen=True)
class _Group:
    """Counts of one side by question; ``clusters`` is None where the survey knows none."""

    counts: dict[int, Histogram]
    clusters: dict[int, list[tuple[int, float, float]]] | None

    def histogram(self, question: Question) -> Histogram:
        return self.counts.get(question.pk, Histogram())

    def clusters_of(self, question: Question) -> Clusters | None:
        if self.clusters is None or question.pk not in self.clusters:
            return None
        total = self.histogram(question).total_w2
        return Clusters.from_rows(self.clusters[question.pk], total_w2=total)


def _read(workspace: Workspace, side: Side, questions: Sequence[Question]) -> _Group:
    chosen = side.slice({question.pk for question in questions})
    counts = histograms.read(workspace_id=workspace.pk, slice=chosen)
    found = counted.histograms(counts, lambda count: count.question)
    # Without clusters there would be as many sums as answers, and each would say the same.
    clustered = Response.objects.filter(workspace=workspace, survey_id=side.survey.pk)
    if not clustered.exclude(cluster="").exists():
        return _Group(found, None)
    nps = {question.pk for question in questions if question.kind == Kind.NPS}
    sums: dict[int, list[tuple[int, float, float]]] = defaultdict(list)
    for row in histograms.read_clusters(workspace_id=workspace.pk, slice=chosen):
        value = row.sum_w_nps if row.question in nps else row.sum_wx
        sums[row.question].append((row.n, row.sum_w, value))
    return _Group(found, dict(sums))
