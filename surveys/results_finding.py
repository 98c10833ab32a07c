"""The headline of a results page: which question is weakest and strongest, proven or not. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cxm.statistics import Estimate
from cxm.statistics.distributions import two_sided_p
from cxm.statistics.many import holm


@dataclass(frozen=True)
class Named:
    """One question: what it is called and its mean on −2 … +2."""

    name: str
    estimate: Estimate


@dataclass(frozen=True)
class Finding:
    """The questions by mean, lowest first, and what of it is proven.

    ``alone``: the weakest lies below every other. ``apart``: it lies below the strongest.
    ``best``: the strongest and those that are not proven to lie below it, if it is apart.
    """

    ordered: tuple[Named, ...]
    alone: bool
    apart: bool
    best: tuple[Named, ...]

    @property
    def least(self) -> Named:
        return self.ordered[0]

    @property
    def most(self) -> Named:
        return self.ordered[-1]

    @property
    def step(self) -> float:
        """How much higher than the weakest every other question is at least."""
        return self.ordered[1].estimate.mean - self.least.estimate.mean


def find(questions: Sequence[Named]) -> Finding | None:
    """Compare every pair (Welch 1947) at 5 % over all of them (Holm 1979); None below two.

    All pairs, because which one is weakest is known only from looking at all. The same people
    answer several questions; taking them for others makes the test stricter where they agree.
    """
    if len(questions) < 2:
        return None
    ordered = sorted(questions, key=lambda named: named.estimate.mean)
    pairs = [(a, b) for a in range(len(ordered)) for b in range(a + 1, len(ordered))]
    ps = [_p(ordered[a].estimate, ordered[b].estimate) for a, b in pairs]
    proven = {pair for pair, holds in zip(pairs, holm(ps), strict=True) if holds}
    last = len(ordered) - 1
    apart = (0, last) in proven
    best = tuple(
        ordered[at] for at in range(last, 0, -1) if (at, last) not in proven and (0, at) in proven
    )
    return Finding(
        ordered=tuple(ordered),
        alone=all((0, other) in proven for other in range(1, len(ordered))),
        apart=apart,
        best=best if apart else (),
    )


def _p(a: Estimate, b: Estimate) -> float:
    """p of b − a with the degrees of freedom of Welch and Satterthwaite."""
    variance = a.se**2 + b.se**2
    if variance <= 0:
        return float(a.mean == b.mean)
    spread = a.se**4 / a.df + b.se**4 / b.df
    statistic = (b.mean - a.mean) / math.sqrt(variance)
    return two_sided_p(statistic, variance**2 / spread if spread > 0 else math.inf)
