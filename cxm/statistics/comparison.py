"""Two groups, or one group and a fixed value: difference, interval, p, proven or not."""

import math
from dataclasses import dataclass, replace

from cxm.statistics.clusters import Clusters
from cxm.statistics.distributions import normal_quantile, t_quantile, two_sided_p
from cxm.statistics.estimates import LEVEL, Estimate, standard_error
from cxm.statistics.histogram import Histogram
from cxm.statistics.shares import nps, nps_moments, wilson


@dataclass(frozen=True, slots=True)
class Difference:
    """b − a with its interval; `proven` at 5 % for this one look (several at once: `with_holm`)."""

    a: float
    b: float
    n_a: int
    n_b: int
    difference: float
    ci_low: float
    ci_high: float
    p: float
    proven: bool
    se: float
    df: float

    @property
    def half_width(self) -> float:
        """Half of the interval, the figure after ±."""
        return (self.ci_high - self.ci_low) / 2


def _of_means(
    a: float, b: float, n: tuple[int, int], errors: tuple[float, float], dfs: tuple[float, float]
) -> Difference:
    """b − a with the degrees of freedom of Welch and Satterthwaite."""
    variance = errors[0] ** 2 + errors[1] ** 2
    spread = sum(error**4 / df for error, df in zip(errors, dfs, strict=True))
    df = variance**2 / spread if spread > 0 else math.inf
    error = math.sqrt(variance)
    if error == 0:
        return Difference(a, b, *n, b - a, b - a, b - a, float(a == b), a != b, 0.0, df)
    half = t_quantile((1 + LEVEL) / 2, df) * error
    p = two_sided_p((b - a) / error, df)
    return Difference(
        a, b, *n, b - a, b - a - half, b - a + half, p, p < 1 - LEVEL, error, df
    )  # fmt: skip


def welch(a: Histogram, b: Histogram, *, pooled_sd: float | None = None) -> Difference:
    """The difference of two unweighted means (Welch 1947); ValueError below two answers each."""
    return _from_histograms(a, b, weighted=False, pooled_sd=pooled_sd)


def weighted_difference(
    a: Histogram, b: Histogram, *, pooled_sd: float | None = None
) -> Difference:
    """The difference of two weighted means with linearised errors (Binder 1983).

    t with Satterthwaite's degrees of freedom over n_eff − 1 of each group.
    """
    return _from_histograms(a, b, weighted=True, pooled_sd=pooled_sd)


def _from_histograms(
    a: Histogram, b: Histogram, *, weighted: bool, pooled_sd: float | None
) -> Difference:
    one = standard_error(a, weighted=weighted, pooled=pooled_sd)
    two = standard_error(b, weighted=weighted, pooled=pooled_sd)
    return _of_means(one.mean, two.mean, (a.n, b.n), (one.se, two.se), (one.df, two.df))


def clustered_difference(a: Clusters, b: Clusters) -> Difference:
    """The difference of two weighted means, errors linearised over clusters (Binder 1983).

    t with Satterthwaite's degrees of freedom over those of each group (`Clusters.df`).
    ValueError with fewer than two clusters on a side, where no error can be known.
    """
    if a.count < 2 or b.count < 2:
        raise ValueError("a clustered comparison needs two clusters on each side")
    errors = a.standard_error, b.standard_error
    return _of_means(a.mean, b.mean, (a.n, b.n), errors, (a.df, b.df))


def two_proportion_z(hits_a: int, n_a: int, hits_b: int, n_b: int) -> Difference:
    """The difference of two shares: pooled z for p, the hybrid score interval (Newcombe 1998)."""
    a, b = wilson(hits_a, n_a), wilson(hits_b, n_b)
    difference = b.share - a.share
    low = difference - math.hypot(b.share - b.ci_low, a.ci_high - a.share)
    high = difference + math.hypot(b.ci_high - b.share, a.share - a.ci_low)
    pooled = (hits_a + hits_b) / (n_a + n_b)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b))
    p = two_sided_p(difference / error) if error else 1.0
    return Difference(
        a.share, b.share, n_a, n_b, difference, low, high, p, p < 1 - LEVEL, error, math.inf
    )  # fmt: skip


def nps_difference(a: Histogram, b: Histogram) -> Difference:
    """The difference of two NPS in points, with the variances of `nps` and the normal interval.

    With few answers the interval and p are those of the groups with their pseudo-answers.
    """
    left, right = nps(a), nps(b)
    centre_a, variance_a = nps_moments(left.promoters, left.detractors, a.n)
    centre_b, variance_b = nps_moments(right.promoters, right.detractors, b.n)
    error = 100 * math.sqrt(variance_a + variance_b)
    centre = 100 * (centre_b - centre_a)
    half = normal_quantile((1 + LEVEL) / 2) * error
    p = two_sided_p(centre / error)
    return Difference(
        left.value, right.value, a.n, b.n, right.value - left.value, centre - half, centre + half,
        p, p < 1 - LEVEL, error, math.inf,
    )  # fmt: skip


def against_fixed(measured: Estimate, value: float) -> Difference:
    """measured − value: proven where the measured interval excludes the value (one-sample t).

    `a` is the fixed value (n_a = 0), `b` the measured mean; p allows Holm over several gaps.
    """
    gap = measured.mean - value
    p = two_sided_p(gap / measured.se, measured.df) if measured.se else float(gap == 0)
    return Difference(
        value, measured.mean, 0, measured.n, gap, measured.ci_low - value,
        measured.ci_high - value, p, p < 1 - LEVEL, measured.se, measured.df,
    )  # fmt: skip


def bonferroni_interval(difference: Difference, looks: int) -> Difference:
    """The same difference with the interval that holds for `looks` of them at once (Dunn 1961).

    p is multiplied likewise (at most 1); the verdict over all looks is Holm's, see `with_holm`.
    """
    if looks < 1:
        raise ValueError("at least one look")
    half = t_quantile(1 - (1 - LEVEL) / (2 * looks), difference.df) * difference.se
    centre = (difference.ci_low + difference.ci_high) / 2
    p = min(difference.p * looks, 1.0)
    return replace(
        difference, ci_low=centre - half, ci_high=centre + half, p=p, proven=p < 1 - LEVEL
    )
