"""Two emotion curves of the same steps side by side, and a curve as plain rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from cxm.statistics import Difference, pooled_sd, weighted_difference, welch, with_holm
from journeys.insights.curve import Curve, StepPoint

COLUMNS = (
    "step", "phase", "mean", "ci_low", "ci_high", "emotion", "n", "never_used", "reach", "n_eff",
    "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepChange:
    """One step in two curves; no difference where either has no figure."""

    a: StepPoint
    b: StepPoint
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class CurveComparison:
    """b against a, step by step; `looks` is the number of steps that Holm's verdict covers."""

    changes: tuple[StepChange, ...]
    looks: int

    @property
    def proven(self) -> tuple[StepChange, ...]:
        """The steps proven to differ, the largest difference first."""
        found = [c for c in self.changes if c.difference is not None and c.difference.proven]
        return tuple(sorted(found, key=_size, reverse=True))


def _size(change: StepChange) -> float:
    return abs(change.difference.difference) if change.difference else 0.0


def compare_curves(a: Curve, b: Curve) -> CurveComparison:
    """b − a per step in emotion values: Welch (1947), or the linearised error when weighted.

    Proven by Holm (1979) at 5 % over all steps shown in both. ValueError for other steps, or when
    only one of the two is weighted.
    """
    if [p.step.id for p in a.points] != [p.step.id for p in b.points]:
        raise ValueError("two curves compare only over the same steps")
    if a.weighted != b.weighted:
        raise ValueError("two curves compare only when both are weighted, or neither")
    held = [p.answers for p in a.points + b.points if p.answers is not None]
    spread = pooled_sd(held)
    test = weighted_difference if a.weighted else welch
    found = [
        test(one.answers, two.answers, pooled_sd=spread) if one.answers and two.answers else None
        for one, two in zip(a.points, b.points, strict=True)
    ]
    judged = with_holm(found)
    rows = zip(a.points, b.points, judged, strict=True)
    changes = tuple(StepChange(one, two, difference) for one, two, difference in rows)
    return CurveComparison(changes, sum(difference is not None for difference in judged))


def rows_of(curve: Curve) -> Iterator[dict[str, str | float | int | None]]:
    """The curve as rows under COLUMNS: what the table twin, the CSV and the API show.

    `mean`, `ci_low` and `ci_high` are on the questions' own scale, and empty where a step joins
    several scales; `emotion` is the emotion value. A hidden step has a reason and no figure.
    """
    for point in curve.points:
        raw = point.raw
        yield {
            "step": point.step.name,
            "phase": point.step.phase,
            "mean": raw.mean if raw else None,
            "ci_low": raw.ci_low if raw else None,
            "ci_high": raw.ci_high if raw else None,
            "emotion": point.estimate.mean if point.estimate else None,
            "n": point.n,
            "never_used": point.never_used,
            "reach": point.reach,
            "n_eff": point.n_eff,
            "reason": point.reason,
        }
