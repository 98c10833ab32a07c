"""Is a change real? Four steps, each stricter: plain, weighted, clustered, corrected."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cxm.statistics import (
    Clusters,
    Difference,
    Histogram,
    bonferroni_interval,
    clustered_difference,
    holm,
    nps_difference,
    nps_value,
    weighted_difference,
    welch,
)
from journeys.insights.curve import reason_of

Id = Any  # a number, a UUID or a name, whatever the caller uses
NAIVE, WEIGHTED, CLUSTERED, CORRECTED = "naive", "weighted", "clustered", "corrected"


@dataclass(frozen=True, slots=True)
class Look:
    """One question (or touchpoint) in two groups, on its own scale.

    For an NPS question (`nps`) the histograms hold raw scores 0–10, while the clusters sum
    w·`nps_value(x)`. Clusters are None where the survey knows none.
    """

    id: Id
    name: str
    a: Histogram
    b: Histogram
    clusters_a: Clusters | None = None
    clusters_b: Clusters | None = None
    nps: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder; `clusters` are the numbers of clusters it respects, if any."""

    method: str
    difference: Difference
    clusters: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The four steps of one look; empty, with a reason, where a group has too few answers."""

    look: Look
    rungs: tuple[Rung, ...]
    reason: str = ""

    def __getitem__(self, method: str) -> Rung:
        """The step of that method; KeyError where there is none."""
        for rung in self.rungs:
            if rung.method == method:
                return rung
        raise KeyError(method)

    @property
    def proven(self) -> bool:
        """The final verdict: proven after correcting for all looks."""
        return bool(self.rungs) and self.rungs[-1].difference.proven

    @property
    def proven_steps(self) -> int:
        """How many of the four steps prove the change."""
        return sum(rung.difference.proven for rung in self.rungs)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All looks at once; `looks` is the number that the fourth step corrects for."""

    ladders: tuple[Ladder, ...]
    looks: int

    @property
    def changed(self) -> tuple[Ladder, ...]:
        """The looks proven to have changed."""
        return tuple(ladder for ladder in self.ladders if ladder.proven)

    def by_size(self) -> tuple[Ladder, ...]:
        """Proven changes first, then the largest; looks without figures last."""
        return tuple(sorted(self.ladders, key=_order))


def _order(ladder: Ladder) -> tuple[bool, bool, float]:
    size = abs(ladder.rungs[-1].difference.difference) if ladder.rungs else 0.0
    return not ladder.rungs, not ladder.proven, -size


def compare_looks(
    looks: Sequence[Look], *, k: int = 5, pooled_sd: float | None = None
) -> Comparison:
    """The ladders of all looks (one ladder of several is `.ladders[i]`), corrected for each other.

    Plain: Welch 1947 (NPS: its own variances). Weighted, clustered: linearised errors. Corrected:
    the verdict is Holm's (1979) at 5 % over the clustered p of all looks shown, the interval the
    widest of them (Bonferroni: Dunn 1961). Looks with fewer than k answers on a side count not.
    """
    climbed = [_three_steps(look, k, pooled_sd) for look in looks]
    ps = [ladder[CLUSTERED].difference.p for ladder in climbed if ladder.rungs]
    verdicts = iter(holm(ps))
    ladders = []
    for ladder in climbed:
        if ladder.rungs:
            top = ladder[CLUSTERED]
            wide = replace(bonferroni_interval(top.difference, len(ps)), proven=next(verdicts))
            ladder = replace(ladder, rungs=(*ladder.rungs, Rung(CORRECTED, wide, top.clusters)))
        ladders.append(ladder)
    return Comparison(tuple(ladders), len(ps))


def _three_steps(look: Look, k: int, pooled_sd: float | None) -> Ladder:
    for side in (look.a, look.b):
        reason = reason_of(side, asked=True, k=k, weighted=True)
        if reason:
            return Ladder(look, (), reason)
    naive = naive_step(look, pooled_sd=pooled_sd)
    weighted = weighted_step(look, pooled_sd=pooled_sd)
    return Ladder(look, (naive, weighted, _clustered(look, weighted)))


def naive_step(look: Look, *, pooled_sd: float | None = None) -> Rung:
    """Every answer counts once, each on its own."""
    if look.nps:
        return Rung(NAIVE, nps_difference(look.a, look.b))
    return Rung(NAIVE, welch(look.a, look.b, pooled_sd=pooled_sd))


def weighted_step(look: Look, *, pooled_sd: float | None = None) -> Rung:
    """The survey's weights, each answer on its own; an NPS is the weighted mean of ±100 and 0."""
    a, b = look.a, look.b
    if look.nps:
        a, b, pooled_sd = a.mapped(nps_value), b.mapped(nps_value), None
    return Rung(WEIGHTED, weighted_difference(a, b, pooled_sd=pooled_sd))


def _clustered(look: Look, weighted: Rung) -> Rung:
    """Weights and clusters; without two clusters on each side, each answer is its own."""
    a, b = look.clusters_a, look.clusters_b
    if a is None or b is None or a.count < 2 or b.count < 2:
        return Rung(CLUSTERED, weighted.difference)
    return Rung(CLUSTERED, clustered_difference(a, b), (a.count, b.count))
