"""How many answers are enough: the rules of the figures solved for n. Pure.

Nothing is approximated with z where the figure uses t: planned for is what will be shown.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from cxm.statistics import Histogram, normal_quantile, t_quantile
from cxm.statistics.shares import SMALL_NPS, nps_moments

LEVEL: Final = 0.95
POWER: Final = 0.8
MOST: Final = 1_000_000
"""Whoever needs more answers than this should ask another question."""

ASSUMED_SPREAD: Final = 1.0
"""Standard deviation on −2 … +2 taken where nothing was answered yet: a quarter of the scale."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The standard deviation to plan with; ``n`` answers showed it, 0 where it is assumed."""

    value: float
    n: int = 0

    @property
    def is_assumed(self) -> bool:
        return self.n == 0


def spread_of(histograms: Sequence[Histogram]) -> Spread:
    """The pooled standard deviation √(ΣSS/Σ(n − 1)) of what was answered; else the assumption.

    In the unit of the histograms' scores. Groups of one answer say nothing about a spread.
    """
    squares = spare = 0.0
    n = 0
    for histogram in histograms:
        if histogram.n > 1:
            squares += histogram.squares_about(histogram.mean())
            spare += histogram.n - 1
            n += histogram.n
    return Spread(math.sqrt(squares / spare), n) if squares > 0 else Spread(ASSUMED_SPREAD)


def half_width(n: int, spread: float) -> float:
    """The figure after ± of a mean of n ≥ 2 answers: t₀.₉₇₅,ₙ₋₁·s/√n (Student 1908)."""
    return t_quantile((1 + LEVEL) / 2, n - 1) * spread / math.sqrt(n)


def for_mean(width: float, spread: float) -> int | None:
    """The fewest answers whose mean is known to ± ``width``; None above ``MOST``."""
    return _fewest(lambda n: half_width(n, spread) <= width, start=2)


def share_half_width(n: int, share: float) -> float:
    """Half of Wilson's interval (1927) of a share in 0 … 1."""
    z = normal_quantile((1 + LEVEL) / 2)
    return z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)


def for_share(width: float, share: float = 0.5) -> int | None:
    """The fewest answers whose share is known to ± ``width``; half is the worst case."""
    return _fewest(lambda n: share_half_width(n, share) <= width, start=1)


def nps_half_width(n: int, promoters: float, detractors: float) -> float:
    """The figure after ± of an NPS in points; with few answers pseudo-answers are in it."""
    _centre, variance = nps_moments(promoters, detractors, n)
    return 100 * normal_quantile((1 + LEVEL) / 2) * math.sqrt(variance)


def for_nps(width: float, promoters: float, detractors: float) -> int | None:
    """The fewest answers whose NPS is known to ± ``width`` points, and every larger number is.

    The rule changes at ``SMALL_NPS`` answers, so both of its parts are looked at.
    """

    def enough(n: int) -> bool:
        return nps_half_width(n, promoters, detractors) <= width

    if not enough(SMALL_NPS):
        return _fewest(enough, start=SMALL_NPS)
    few = [n for n in range(1, SMALL_NPS) if not enough(n)]
    return few[-1] + 1 if few else 1


def power(n: int, gap: float, spread: float) -> float:
    """The chance that a difference of ``gap`` between two groups of n is proven (t test, 5 %).

    Exact for equal spreads: the noncentral t (Cohen 1988).
    """
    from scipy.special import nctdtr

    df = 2 * n - 2
    bound = t_quantile((1 + LEVEL) / 2, df)
    shift = abs(gap) / (spread * math.sqrt(2 / n))
    if shift > 30:  # beyond what the noncentral t is computed for; nobody misses such a gap
        return 1.0
    # A gap proven in the wrong direction is none; it happens in less than one case of forty.
    return float(1 - nctdtr(df, shift, bound))


def for_gap(gap: float, spread: float) -> int | None:
    """Answers per group that prove a difference of ``gap`` in four cases of five."""
    if not gap:
        return None
    return _fewest(lambda n: power(n, gap, spread) >= POWER, start=2)


def _fewest(enough: Callable[[int], bool], *, start: int) -> int | None:
    """The smallest n for which ``enough`` is true; once true it stays true."""
    high = start
    while not enough(high):
        if high >= MOST:
            return None
        high = min(high * 2, MOST)
    low = max(start, high // 2)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low


def days_until(*, wanted: int, so_far: int, recent: int, days: int) -> int | None:
    """Days until ``wanted`` answers at the pace of the last ``days``; None where nobody came."""
    if so_far >= wanted:
        return 0
    return math.ceil((wanted - so_far) * days / recent) if recent > 0 else None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one step: ``half`` is None where it has no point, ``gap`` to the team."""

    id: int
    name: str
    n: int
    half: float | None
    gap: float | None
    is_proven: bool


SMALLEST_GAP: Final = 0.25
"""Gaps below a quarter of a point count as a quarter: nobody would act on less."""


def sharpest(steps: Sequence[Known]) -> tuple[Known, ...]:
    """The steps where asking more would tell most, most wanted first.

    Steps without a point come first, fewest answers first. Then those whose gap to the team's view
    is not proven, the interval widest in relation to its gap first. Steps whose gap is proven,
    or for which the team assumed nothing, follow by the width of their interval.
    """
    return tuple(sorted(steps, key=_rank))


def _rank(step: Known) -> tuple[int, float, str]:
    if step.half is None:
        return (0, step.n, step.name)
    if step.gap is not None and not step.is_proven:
        return (1, -step.half / max(abs(step.gap), SMALLEST_GAP), step.name)
    return (2, -step.half, step.name)
