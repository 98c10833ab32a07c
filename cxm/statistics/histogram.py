"""Histograms: counts, Σw and Σw² per score, from which every figure of one group is exact."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import mul
from typing import Self, SupportsFloat

from cxm.statistics.scales import Scale

Bin = tuple[float, int, float, float]
"""score, count, Σw, Σw²"""


@dataclass(frozen=True)
class Histogram:
    """Answers by score, ascending; `never_used` and `no_answer` are counted apart, never scored.

    Without slots, so that what every figure asks for (n, bins) is added up once.
    """

    scores: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    sum_w: tuple[float, ...] = ()
    sum_w2: tuple[float, ...] = ()
    never_used: int = 0
    no_answer: int = 0

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[tuple[SupportsFloat, int, SupportsFloat, SupportsFloat]],
        *,
        never_used: int = 0,
        no_answer: int = 0,
    ) -> Self:
        """From rows (score, count, Σw, Σw²) in any order; rows of one score are added up."""
        bins: dict[float, list[float]] = {}
        for score, count, weight, square in rows:
            if count:
                found = bins.get(score)  # type: ignore[call-overload]
                if found is None:
                    bins[float(score)] = [count, float(weight), float(square)]
                else:
                    found[0] += count
                    found[1] += float(weight)
                    found[2] += float(square)
        order = sorted(bins)
        return cls(
            tuple(order),
            tuple(int(bins[score][0]) for score in order),
            tuple(bins[score][1] for score in order),
            tuple(bins[score][2] for score in order),
            never_used,
            no_answer,
        )

    @classmethod
    def from_answers(
        cls,
        scores: Sequence[float],
        weights: Sequence[float] | None = None,
        *,
        never_used: int = 0,
        no_answer: int = 0,
    ) -> Self:
        """From single answers, each of weight 1 unless weights of the same length are given."""
        factors = [1.0] * len(scores) if weights is None else list(weights)
        rows = [(x, 1, w, w * w) for x, w in zip(scores, factors, strict=True)]
        return cls.from_rows(rows, never_used=never_used, no_answer=no_answer)

    @cached_property
    def bins(self) -> tuple[Bin, ...]:
        """(score, count, Σw, Σw²) per score, ascending."""
        return tuple(zip(self.scores, self.counts, self.sum_w, self.sum_w2, strict=True))

    @cached_property
    def n(self) -> int:
        """The number of scored answers."""
        return sum(self.counts)

    @property
    def total_w(self) -> float:
        """Σw over the scored answers."""
        return math.fsum(self.sum_w)

    @property
    def total_w2(self) -> float:
        """Σw² over the scored answers."""
        return math.fsum(self.sum_w2)

    @property
    def n_eff(self) -> float:
        """Effective number of answers (Kish 1965): (Σw)²/Σw², 0 without weight."""
        return self.total_w**2 / self.total_w2 if self.total_w2 > 0 else 0.0

    def masses(self, *, weighted: bool = False) -> tuple[float, ...]:
        """What each score counts: its answers, or their weights."""
        return self.sum_w if weighted else self.counts

    def shares(self, *, weighted: bool = False) -> tuple[float, ...]:
        """The share of each score, in the order of `scores`; empty without answers."""
        masses = self.masses(weighted=weighted)
        total = math.fsum(masses)
        return tuple(mass / total for mass in masses) if total > 0 else ()

    def share_where(self, holds: Callable[[float], bool], *, weighted: bool = False) -> float:
        """The share of answers whose score fulfils a condition; 0 without answers."""
        pairs = zip(self.scores, self.shares(weighted=weighted), strict=False)
        return math.fsum(share for score, share in pairs if holds(score))

    def mean(self, *, weighted: bool = False) -> float:
        """Σx/n or Σwx/Σw; ValueError without answers or without weight."""
        masses = self.masses(weighted=weighted)
        total = math.fsum(masses)
        if total <= 0:
            raise ValueError("no answers to take a mean of")
        if len(self.scores) == 1:  # exactly, so that equal answers have no spread at all
            return self.scores[0]
        return math.fsum(map(mul, self.scores, masses)) / total

    def squares_about(self, centre: float) -> float:
        """Σ(x − centre)² over the answers, unweighted."""
        pairs = zip(self.scores, self.counts, strict=True)
        return math.fsum([count * (score - centre) ** 2 for score, count in pairs])

    @property
    def sd(self) -> float:
        """The sample standard deviation s (n − 1), unweighted; 0 with fewer than two answers."""
        return math.sqrt(self.squares_about(self.mean()) / (self.n - 1)) if self.n > 1 else 0.0

    def quantile(self, share: float, *, weighted: bool = False) -> float:
        """The smallest score with at least `share` of the answers at or below it.

        Where the share is met exactly, the middle of that score and the next, so that the median
        of an even number of answers is the usual one. ValueError without answers.
        """
        shares = self.shares(weighted=weighted)
        if not shares:
            raise ValueError("no answers to take a quantile of")
        held = [(x, part) for x, part in zip(self.scores, shares, strict=True) if part > 0]
        below = 0.0
        for position, (score, part) in enumerate(held[:-1]):
            below += part
            if math.isclose(below, share, rel_tol=1e-12):
                return (score + held[position + 1][0]) / 2
            if below > share:
                return score
        return held[-1][0]

    def median(self, *, weighted: bool = False) -> float:
        """The score in the middle."""
        return self.quantile(0.5, weighted=weighted)

    def mapped(self, function: Callable[[float], float]) -> Self:
        """The same answers with another score each; scores that become equal are added up."""
        rows = [(function(x), count, w, w2) for x, count, w, w2 in self.bins]
        return self.from_rows(rows, never_used=self.never_used, no_answer=self.no_answer)

    def to_emotion(self, scale: Scale) -> Self:
        """The same answers as emotion values, −2 … +2."""
        return self.mapped(scale.emotion)

    def __add__(self, other: "Histogram") -> Self:
        return self.from_rows(
            self.bins + other.bins,
            never_used=self.never_used + other.never_used,
            no_answer=self.no_answer + other.no_answer,
        )

    def __sub__(self, part: "Histogram") -> Self:
        """The answers that are not in `part`, which must be a part of these (else ValueError)."""
        taken = {score: (count, w, w2) for score, count, w, w2 in part.bins}
        left: list[Bin] = []
        for score, count, w, w2 in self.bins:
            gone, gone_w, gone_w2 = taken.pop(score, (0, 0.0, 0.0))
            if count < gone:
                raise ValueError("only a part can be taken away from a whole")
            if count > gone:
                left.append((score, count - gone, max(w - gone_w, 0.0), max(w2 - gone_w2, 0.0)))
        if taken:
            raise ValueError("only a part can be taken away from a whole")
        scores, counts, sum_w, sum_w2 = zip(*left, strict=True) if left else ((), (), (), ())
        return type(self)(
            scores,
            counts,
            sum_w,
            sum_w2,
            max(self.never_used - part.never_used, 0),
            max(self.no_answer - part.no_answer, 0),
        )


def merged(histograms: Iterable[Histogram]) -> Histogram:
    """All answers of several histograms in one."""
    parts = tuple(histograms)
    return Histogram.from_rows(
        (found for part in parts for found in part.bins),
        never_used=sum(part.never_used for part in parts),
        no_answer=sum(part.no_answer for part in parts),
    )
