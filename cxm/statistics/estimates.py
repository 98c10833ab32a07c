"""The mean of one group with its interval."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from cxm.statistics.distributions import t_quantile
from cxm.statistics.histogram import Histogram

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % interval; `df` are the degrees of freedom of the t that made it."""

    mean: float
    ci_low: float
    ci_high: float
    n: int
    n_eff: float
    se: float
    sd: float
    median: float
    df: float

    @property
    def half_width(self) -> float:
        """Half of the interval, the figure after ±."""
        return (self.ci_high - self.ci_low) / 2

    def rescaled(self, slope: float, intercept: float) -> Self:
        """The same estimate after x → intercept + slope·x, e.g. from emotion to a raw scale."""
        ends = sorted((intercept + slope * self.ci_low, intercept + slope * self.ci_high))
        return replace(
            self,
            mean=intercept + slope * self.mean,
            ci_low=ends[0],
            ci_high=ends[1],
            se=abs(slope) * self.se,
            sd=abs(slope) * self.sd,
            median=intercept + slope * self.median,
        )


def pooled_sd(histograms: Iterable[Histogram]) -> float | None:
    """√(ΣSS/Σ(n − 1)) over groups of one scale; None where no group varies."""
    squares = spare = 0.0
    for histogram in histograms:
        if histogram.n > 1:
            squares += histogram.squares_about(histogram.mean())
            spare += histogram.n - 1
    return math.sqrt(squares / spare) if squares > 0 else None


class MeanError(NamedTuple):
    """A mean, its standard error, the standard deviation and the degrees of freedom."""

    mean: float
    se: float
    sd: float
    df: float


def standard_error(
    histogram: Histogram, *, weighted: bool = False, pooled: float | None = None
) -> MeanError:
    """The mean of n ≥ 2 answers and how exactly it is known.

    Unweighted s/√n with n − 1 (Student 1908). Weighted √Σw²(x − μ̂)²/Σw with n_eff − 1, never
    below 1: for thousands of answers this is the normal interval, for few it stays honest.
    Where all answers are equal, s is the pooled one of the survey; where that is unknown too,
    s is taken as if one answer more lay one point away, so that no interval has the width 0.
    """
    n = histogram.n
    if n < 2:
        raise ValueError("an interval needs at least two answers")
    plain = histogram.mean()
    spread = math.sqrt(histogram.squares_about(plain) / (n - 1))
    spread = spread or pooled or 1 / math.sqrt(n + 1)
    if not weighted:
        return MeanError(plain, spread / math.sqrt(n), spread, n - 1)
    centre = histogram.mean(weighted=True)
    pairs = zip(histogram.scores, histogram.sum_w2, strict=True)
    error = math.sqrt(math.fsum(w2 * (x - centre) ** 2 for x, w2 in pairs)) / histogram.total_w
    if error < 1e-12 * spread:  # all weight on one score
        error = spread / math.sqrt(histogram.n_eff)
    return MeanError(centre, error, spread, max(histogram.n_eff - 1, 1.0))


def mean_estimate(
    histogram: Histogram, *, weighted: bool = False, pooled_sd: float | None = None
) -> Estimate:
    """x̄ ± t·se of a group (Student 1908; weighted: the linearised error, Binder 1983).

    In the unit of the histogram's scores. ValueError with fewer than two answers or no weight.
    """
    centre, error, spread, df = standard_error(histogram, weighted=weighted, pooled=pooled_sd)
    half = t_quantile((1 + LEVEL) / 2, df) * error
    return Estimate(
        mean=centre,
        ci_low=centre - half,
        ci_high=centre + half,
        n=histogram.n,
        n_eff=histogram.n_eff if weighted else float(histogram.n),
        se=error,
        sd=spread,
        median=histogram.median(weighted=weighted),
        df=df,
    )
