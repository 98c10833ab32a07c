"""Raking: weights that bring a sample to known shares, in one or several dimensions."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LOW, HIGH = 0.3, 3.0
"""The usual bounds of a weight: nobody counts for more than three, or for less than a third."""
ROUNDS = 2000
TOLERANCE = 1e-7
STANDSTILL = 1e-11
EDGE = 1e-9

Category = Hashable | None
"""A group of one dimension; None where it is not known."""
Shares = Mapping[Any, float]
"""{category: share} of one dimension."""


@dataclass(frozen=True, slots=True)
class RakingCell:
    """Responses alike in every dimension: one category each, their number, Σw and Σw²."""

    categories: tuple[Category, ...]
    n: int
    sum_w: float
    sum_w2: float


@dataclass(frozen=True, slots=True)
class Margin:
    """One category with its shares among those known in its dimension."""

    category: Hashable
    target: float
    before: float
    after: float

    @property
    def is_empty(self) -> bool:
        """Nobody of it answered: no weight brings it to its share."""
        return self.before == 0

    @property
    def is_reached(self) -> bool:
        return abs(self.after - self.target) < 5e-4


@dataclass(frozen=True, slots=True)
class Raking:
    """One weight per cell, in their order, and what came of it.

    ``margins`` are by dimension. ``n_eff`` is Kish's (1965) over all responses, each with its own
    weight times that of its cell; ``trimmed`` counts the responses whose weight lies on a bound.
    """

    weights: tuple[float, ...]
    margins: tuple[tuple[Margin, ...], ...]
    unknown: tuple[int, ...]
    n: int
    n_eff: float
    trimmed: int
    rounds: int

    @property
    def is_reached(self) -> bool:
        return all(margin.is_reached for margins in self.margins for margin in margins)


def rake(
    cells: Sequence[RakingCell],
    targets: Sequence[Shares],
    *,
    low: float = LOW,
    high: float = HIGH,
) -> Raking:
    """Iterative proportional fitting (Deming & Stephan 1940), trimmed in every round.

    ``targets`` holds per dimension the shares of its categories, adding up to 1. Every weight
    lies within ``low`` … ``high`` and their mean over the known responses is 1. Who is not known
    in a dimension keeps, as a group, the weight 1 in it; who is known in none weighs exactly 1.
    Categories that nobody is of stay empty, and the others share what is left. Shares that the
    bounds do not allow are approached; the rounds are limited, so it always ends. In a dimension
    without shares nobody is known. ValueError for bounds that do not hold 1, and for shares that
    are not positive or do not add up to 1.
    """
    _check(targets, low, high)
    known = [any(_known(cell, targets)) for cell in cells]
    raked = [cell for cell, is_known in zip(cells, known, strict=True) if is_known]
    masses = [cell.sum_w for cell in raked]
    wanted = [_wanted(raked, number, shares) for number, shares in enumerate(targets)]
    members = [_members(raked, number, shares) for number, shares in enumerate(targets)]
    weights, rounds = _fitted(masses, members, wanted, low, high)
    found = iter(_centred(masses, weights, low, high))
    every = [next(found) if is_known else 1.0 for is_known in known]
    return _outcome(cells, targets, every, rounds, low, high)


def _check(targets: Sequence[Shares], low: float, high: float) -> None:
    if not 0 < low <= 1 <= high < math.inf:
        raise ValueError("the bounds of a weight lie on both sides of 1")
    for shares in targets:
        if any(not share > 0 for share in shares.values()):
            raise ValueError("a share is more than 0")
        if shares and not math.isclose(math.fsum(shares.values()), 1, abs_tol=1e-6):
            raise ValueError("the shares of a dimension add up to 1")


def _known(cell: RakingCell, targets: Sequence[Shares]) -> list[bool]:
    return [category in shares for category, shares in zip(cell.categories, targets, strict=True)]


def _category(cell: RakingCell, number: int, shares: Shares) -> Category:
    """None for every category that has no share of its own."""
    return cell.categories[number] if cell.categories[number] in shares else None


def _members(cells: Sequence[RakingCell], number: int, shares: Shares) -> dict[Category, list[int]]:
    found: dict[Category, list[int]] = {}
    for position, cell in enumerate(cells):
        if cell.sum_w > 0:
            found.setdefault(_category(cell, number, shares), []).append(position)
    return found


def _wanted(cells: Sequence[RakingCell], number: int, shares: Shares) -> dict[Category, float]:
    """Σw that each category shall have; those who are not known keep theirs."""
    mass: dict[Category, float] = {}
    for cell in cells:
        category = _category(cell, number, shares)
        mass[category] = mass.get(category, 0.0) + cell.sum_w
    unknown = mass.pop(None, 0.0)
    answered = {category: shares[category] for category in mass if mass[category] > 0}
    together, total = math.fsum(answered.values()), math.fsum(mass.values())
    wanted: dict[Category, float] = {c: share / together * total for c, share in answered.items()}
    return wanted | {None: unknown}


def _fitted(
    masses: Sequence[float],
    members: Sequence[Mapping[Category, Sequence[int]]],
    wanted: Sequence[Mapping[Category, float]],
    low: float,
    high: float,
) -> tuple[list[float], int]:
    """Turn by turn every dimension is brought to its shares and every weight into its bounds.

    Both are projections onto convex sets, so that they meet where the sets do; where they do not,
    a round changes nothing any more in the end.
    """
    weights = [1.0] * len(masses)
    for done in range(1, ROUNDS + 1):
        before = list(weights)
        for groups, sums in zip(members, wanted, strict=True):
            for category, positions in groups.items():
                factor = sums[category] / math.fsum(masses[p] * weights[p] for p in positions)
                for p in positions:
                    weights[p] *= factor
        weights = [min(max(weight, low), high) for weight in weights]
        moved = max((abs(a - b) for a, b in zip(before, weights, strict=True)), default=0.0)
        if moved < STANDSTILL or _off(masses, weights, members, wanted) < TOLERANCE:
            return weights, done
    return weights, ROUNDS


def _off(
    masses: Sequence[float],
    weights: Sequence[float],
    members: Sequence[Mapping[Category, Sequence[int]]],
    wanted: Sequence[Mapping[Category, float]],
) -> float:
    """How far the worst category is from what it shall have, as a share of all."""
    total = math.fsum(masses) or 1.0
    return max(
        (
            abs(math.fsum(masses[p] * weights[p] for p in positions) - sums[category]) / total
            for groups, sums in zip(members, wanted, strict=True)
            for category, positions in groups.items()
        ),
        default=0.0,
    )


def _centred(
    masses: Sequence[float], weights: Sequence[float], low: float, high: float
) -> list[float]:
    """The same weights times one factor, within the bounds and of mean 1 (bisection)."""
    total = math.fsum(masses)

    def scaled(factor: float) -> list[float]:
        return [min(max(weight * factor, low), high) for weight in weights]

    least, most = low / high, high / low
    for _round in range(80):
        middle = math.sqrt(least * most)
        sums = math.fsum(m * w for m, w in zip(masses, scaled(middle), strict=True))
        least, most = (middle, most) if sums < total else (least, middle)
    return scaled(math.sqrt(least * most))


def _outcome(
    cells: Sequence[RakingCell],
    targets: Sequence[Shares],
    weights: Sequence[float],
    rounds: int,
    low: float,
    high: float,
) -> Raking:
    pairs = list(zip(cells, weights, strict=True))
    total = math.fsum(cell.sum_w * weight for cell, weight in pairs)
    squares = math.fsum(cell.sum_w2 * weight**2 for cell, weight in pairs)
    return Raking(
        weights=tuple(weights),
        margins=tuple(_margins(pairs, number, shares) for number, shares in enumerate(targets)),
        unknown=tuple(
            sum(cell.n for cell in cells if cell.categories[number] not in shares)
            for number, shares in enumerate(targets)
        ),
        n=sum(cell.n for cell in cells),
        n_eff=total**2 / squares if squares > 0 else 0.0,
        trimmed=sum(
            cell.n
            for cell, weight in pairs
            if weight != 1 and (weight < low + EDGE or weight > high - EDGE)
        ),
        rounds=rounds,
    )


def _margins(
    pairs: Sequence[tuple[RakingCell, float]], number: int, shares: Shares
) -> tuple[Margin, ...]:
    before = dict.fromkeys(shares, 0.0)
    after = dict.fromkeys(shares, 0.0)
    for cell, weight in pairs:
        category = cell.categories[number]
        if category in shares:
            before[category] += cell.sum_w
            after[category] += cell.sum_w * weight
    all_before, all_after = math.fsum(before.values()) or 1.0, math.fsum(after.values()) or 1.0
    return tuple(
        Margin(category, share, before[category] / all_before, after[category] / all_after)
        for category, share in shares.items()
    )
