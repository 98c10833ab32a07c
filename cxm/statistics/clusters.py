"""Answers that come in clusters, such as the people asked in one interview run."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self, SupportsFloat

from cxm.statistics.distributions import t_quantile
from cxm.statistics.estimates import LEVEL, Estimate

MANY_CLUSTERS = 100
"""From here on the number of clusters no longer limits the degrees of freedom."""


class ClusterRow(NamedTuple):
    """One cluster: n, Σw and Σwx of its answers; an answer without one is its own."""

    n: int
    sum_w: SupportsFloat
    sum_wx: SupportsFloat


@dataclass(frozen=True, slots=True)
class Clusters:
    """Sums per cluster, grouped by the database: all that the clustered error needs."""

    sums: tuple[tuple[float, float], ...]
    n: int
    total_w2: float

    @classmethod
    def from_rows(
        cls, rows: Iterable[tuple[int, SupportsFloat, SupportsFloat]], *, total_w2: float
    ) -> Self:
        """From rows (n, Σw, Σwx), one per cluster, and Σw² over all answers of all clusters.

        `total_w2` is `Histogram.total_w2` of the same answers; empty clusters are dropped.
        """
        found = [ClusterRow(*row) for row in rows if row[0]]
        return cls(
            tuple((float(row.sum_w), float(row.sum_wx)) for row in found),
            sum(row.n for row in found),
            total_w2,
        )

    @property
    def count(self) -> int:
        """The number of clusters."""
        return len(self.sums)

    @property
    def total_w(self) -> float:
        """Σw over all answers."""
        return math.fsum(weight for weight, _ in self.sums)

    @property
    def n_eff(self) -> float:
        """Effective number of answers (Kish 1965): (Σw)²/Σw²."""
        return self.total_w**2 / self.total_w2 if self.total_w2 > 0 else 0.0

    @property
    def mean(self) -> float:
        """Σwx/Σw; ValueError without weight."""
        if self.total_w <= 0:
            raise ValueError("no answers to take a mean of")
        return math.fsum(product for _, product in self.sums) / self.total_w

    @property
    def standard_error(self) -> float:
        """√(Σ_c(Σ_{i∈c} w(x − μ̂))²)/Σw, linearised over clusters (Binder 1983)."""
        centre = self.mean
        squares = math.fsum((product - centre * weight) ** 2 for weight, product in self.sums)
        return math.sqrt(squares) / self.total_w

    @property
    def df(self) -> float:
        """Clusters − 1 below 100 clusters, where they limit what is known; else n_eff − 1."""
        known = self.n_eff if self.count >= MANY_CLUSTERS else min(self.n_eff, self.count)
        return max(known - 1, 1.0)

    def estimate(self, *, median: float = math.nan, sd: float = math.nan) -> Estimate:
        """The weighted mean with its clustered interval; median and sd come from a histogram."""
        half = t_quantile((1 + LEVEL) / 2, self.df) * self.standard_error
        centre = self.mean
        return Estimate(
            centre, centre - half, centre + half, self.n, self.n_eff, self.standard_error, sd,
            median, self.df,
        )  # fmt: skip
