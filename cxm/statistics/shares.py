"""Shares and the indicators that are made of them: top boxes, reach, CSAT, NPS, CES."""

import math
from dataclasses import dataclass

from cxm.statistics.distributions import normal_quantile
from cxm.statistics.estimates import LEVEL, Estimate, mean_estimate
from cxm.statistics.histogram import Histogram

SMALL_NPS = 100
"""Below this number of answers an NPS interval gets three pseudo-answers.

Simulated with 90 % promoters and 2 % detractors, the plain interval covers 89 % at n = 30 and 91 %
at n = 80, the one with pseudo-answers 96 % at both.
"""


@dataclass(frozen=True, slots=True)
class Share:
    """A share in 0 … 1 with its interval; `hits` of `n` answers (effective numbers if weighted)."""

    share: float
    ci_low: float
    ci_high: float
    hits: float
    n: float


@dataclass(frozen=True, slots=True)
class Nps:
    """The net promoter score in −100 … +100 with its interval, and the three shares in 0 … 1."""

    value: float
    ci_low: float
    ci_high: float
    n: int
    promoters: float
    passives: float
    detractors: float
    se: float


def wilson(hits: float, n: float, *, level: float = LEVEL) -> Share:
    """The score interval of a share (Wilson 1927); ValueError unless 0 ≤ hits ≤ n and n > 0."""
    if n <= 0 or not 0 <= hits <= n * (1 + 1e-9):
        raise ValueError("a share needs answers, and no more hits than answers")
    z = normal_quantile((1 + level) / 2)
    share = min(hits / n, 1.0)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Share(share, max(centre - half, 0.0), min(centre + half, 1.0), hits, n)


def reach(histogram: Histogram) -> Share | None:
    """used/(used + never used), unweighted (Wilson 1927); None where nobody said either."""
    asked = histogram.n + histogram.never_used
    return wilson(histogram.n, asked) if asked else None


def top_box(histogram: Histogram, high: float, *, boxes: int = 2, weighted: bool = False) -> Share:
    """The share of the `boxes` best scores up to `high` (Wilson 1927, on n_eff when weighted)."""
    share = histogram.share_where(lambda score: score > high - boxes, weighted=weighted)
    n = histogram.n_eff if weighted else histogram.n
    return wilson(share * n, n)


def csat(histogram: Histogram, *, high: float = 5, weighted: bool = False) -> Share:
    """CSAT: the share of the top two of five."""
    return top_box(histogram, high, boxes=2, weighted=weighted)


def ces(histogram: Histogram, *, weighted: bool = False) -> Estimate:
    """CES: the mean of a scale of 1–7."""
    return mean_estimate(histogram, weighted=weighted)


def nps_value(score: float) -> float:
    """+100 for a promoter (9–10), −100 for a detractor (0–6), 0 between: NPS is their mean."""
    if score >= 9:
        return 100.0
    return -100.0 if score <= 6 else 0.0


def nps(histogram: Histogram) -> Nps:
    """NPS = %(9–10) − %(0–6) with variance (p + d − (p − d)²)/n and the normal interval.

    With fewer than 100 answers, or where all are of one kind, the interval is that of the answers
    and three pseudo-answers (¾ promoter, 1½ passive, ¾ detractor: Bonett & Price 2012's idea);
    the value shown stays that of the answers. ValueError without answers.
    """
    n = histogram.n
    if not n:
        raise ValueError("no answers to take an NPS of")
    promoters = histogram.share_where(lambda score: score >= 9)
    detractors = histogram.share_where(lambda score: score <= 6)
    centre, variance = nps_moments(promoters, detractors, n)
    half = normal_quantile((1 + LEVEL) / 2) * math.sqrt(variance)
    return Nps(
        value=100 * (promoters - detractors),
        ci_low=max(100 * (centre - half), -100.0),
        ci_high=min(100 * (centre + half), 100.0),
        n=n,
        promoters=promoters,
        passives=max(1 - promoters - detractors, 0.0),
        detractors=detractors,
        se=100 * math.sqrt(variance),
    )


def nps_moments(promoters: float, detractors: float, n: int) -> tuple[float, float]:
    """(centre, variance) of an NPS interval as shares, with pseudo-answers where n is small."""
    variance = (promoters + detractors - (promoters - detractors) ** 2) / n
    if n >= SMALL_NPS and variance > 1e-15:
        return promoters - detractors, variance
    up, down, n_more = (promoters * n + 0.75), (detractors * n + 0.75), n + 3
    centre = (up - down) / n_more
    return centre, ((up + down) / n_more - centre**2) / n_more
