"""Second, deliberately naive implementations: plain loops over single answers, no histograms.

They share no code with the application; where they need a distribution they take scipy.stats.
"""

import itertools
import math
import statistics
from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction

import numpy as np
from scipy import stats

Interval = tuple[float, float, float]


def mean_interval(scores: Sequence[float]) -> Interval:
    """x̄ ± t·s/√n from the answers themselves."""
    n = len(scores)
    mean = statistics.fmean(scores)
    half = stats.t.ppf(0.975, n - 1) * statistics.stdev(scores) / math.sqrt(n)
    return mean, mean - half, mean + half


def weighted_mean(
    scores: Sequence[float], weights: Sequence[float], clusters: Sequence[Hashable] | None = None
) -> tuple[float, float, float]:
    """(mean, standard error, effective n), linearised over clusters or single answers."""
    keys = range(len(scores)) if clusters is None else clusters
    total = sum(weights)
    mean = sum(w * x for x, w in zip(scores, weights, strict=True)) / total
    residuals: dict[Hashable, float] = {}
    for key, x, w in zip(keys, scores, weights, strict=True):
        residuals[key] = residuals.get(key, 0.0) + w * (x - mean)
    error = math.sqrt(sum(r * r for r in residuals.values())) / total
    return mean, error, total**2 / sum(w * w for w in weights)


def welch(a: Sequence[float], b: Sequence[float]) -> tuple[float, float, float, float]:
    """(difference b − a, low, high, p) as scipy has it."""
    found = stats.ttest_ind(b, a, equal_var=False)
    interval = found.confidence_interval(0.95)
    return statistics.fmean(b) - statistics.fmean(a), interval.low, interval.high, found.pvalue


def quantile_by_counting(scores: Sequence[float], share: Fraction) -> float:
    """The smallest answer with `share` at or below; halfway to the next if met exactly."""
    ordered = sorted(scores)
    for position, score in enumerate(ordered, start=1):
        reached = Fraction(position, len(ordered))
        if reached == share and position < len(ordered):
            return (score + ordered[position]) / 2
        if reached >= share:
            return score
    raise AssertionError


def nps(scores: Sequence[int]) -> Interval:
    """NPS as the mean of +100, 0, −100 with the variance of n (not n − 1)."""
    marks = [100 if x >= 9 else -100 if x <= 6 else 0 for x in scores]
    mean = statistics.fmean(marks)
    half = 1.959963984540054 * statistics.pstdev(marks) / math.sqrt(len(marks))
    return mean, mean - half, mean + half


def holm(ps: Sequence[float], alpha: float = 0.05) -> list[bool]:
    """Reject the smallest while it is small enough; stop at the first that is not."""
    proven = [False] * len(ps)
    left = list(range(len(ps)))
    while left:
        smallest = min(left, key=lambda index: ps[index])
        if ps[smallest] * len(left) > alpha:
            break
        proven[smallest] = True
        left.remove(smallest)
    return proven


def mann_kendall_s(series: Sequence[float]) -> int:
    """Pairs that rise less pairs that fall."""
    pairs = itertools.combinations(series, 2)
    return sum(1 if later > first else -1 if later < first else 0 for first, later in pairs)


def determined_cells(
    counts: Mapping[tuple[str, str], int], hidden: frozenset[tuple[str, str]], total: str
) -> set[tuple[str, str]]:
    """Hidden cells that follow from the shown ones by any combination of rows and columns.

    Linear algebra over the whole table: what a total counts beyond its cells is an unknown of its
    own; a cell follows when no solution of the equations lets it move.
    """
    unknowns: list[object] = [*sorted(hidden)]
    equations: list[dict[object, int]] = []
    for axis, key in {(axis, cell[axis]) for cell in counts for axis in (0, 1)}:
        line = [cell for cell in counts if cell[axis] == key]
        sums = (key, total) if axis == 0 else (total, key)
        if sums not in counts:
            continue
        beyond = counts[sums] - sum(counts[cell] for cell in line if cell != sums)
        equation: dict[object, int] = {
            cell: -1 if cell == sums else 1 for cell in line if cell in hidden
        }
        if beyond:
            unknowns.append(("beyond", axis, key))
            equation["beyond", axis, key] = 1
        equations.append(equation)
    if not unknowns or not equations:
        return set()
    matrix = np.array([[equation.get(u, 0) for u in unknowns] for equation in equations], float)
    _, sizes, directions = np.linalg.svd(matrix)
    free = directions[int((sizes > 1e-9).sum()) :]
    moves = np.abs(free).max(axis=0) if len(free) else np.zeros(len(unknowns))
    fixed = {unknown for unknown, move in zip(unknowns, moves, strict=True) if move < 1e-9}
    return {cell for cell in hidden if cell in fixed}
