"""Shrinkage for rankings of groups of unequal size."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Group(NamedTuple):
    """A group's raw mean, its number of answers and their standard deviation."""

    mean: float
    n: int
    sd: float


@dataclass(frozen=True, slots=True)
class Shrunk:
    """One group's raw mean, its shrunk one, and how much of its own distance it keeps (0 … 1)."""

    raw: float
    shrunk: float
    factor: float


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """The groups in their order, the mean they are drawn to, τ² between and σ² within them."""

    groups: tuple[Shrunk, ...]
    centre: float
    between: float
    within: float


def shrink(groups: Sequence[Group]) -> Shrinkage:
    """θ̂ᵢ = x̄g + B(x̄ᵢ − x̄g), B = τ²/(τ² + σ²/nᵢ) (Efron & Morris 1975).

    σ² is pooled over the groups, τ² by moments (DerSimonian & Laird 1986), never below 0.
    ValueError without groups or with a group of no answers.
    """
    if not groups or any(group.n < 1 for group in groups):
        raise ValueError("shrinkage needs groups that have answers")
    spare = sum(group.n - 1 for group in groups)
    squares = math.fsum((group.n - 1) * group.sd**2 for group in groups)
    within = squares / spare if spare else 0.0
    between = _between(groups, within)
    if within == 0:
        weights = [1.0] * len(groups)
    else:
        weights = [1 / (between + within / group.n) for group in groups]
    centre = math.fsum(w * g.mean for w, g in zip(weights, groups, strict=True)) / sum(weights)
    shrunk = []
    for group in groups:
        factor = between / (between + within / group.n) if within > 0 else 1.0
        shrunk.append(Shrunk(group.mean, centre + factor * (group.mean - centre), factor))
    return Shrinkage(tuple(shrunk), centre, between, within)


def _between(groups: Sequence[Group], within: float) -> float:
    """τ² by moments: what the means scatter beyond what their answers explain."""
    if within == 0 or len(groups) < 2:
        return 0.0
    weights = [group.n / within for group in groups]
    total = math.fsum(weights)
    centre = math.fsum(w * g.mean for w, g in zip(weights, groups, strict=True)) / total
    scatter = math.fsum(w * (g.mean - centre) ** 2 for w, g in zip(weights, groups, strict=True))
    scale = total - math.fsum(w * w for w in weights) / total
    return max((scatter - (len(groups) - 1)) / scale, 0.0) if scale > 0 else 0.0
