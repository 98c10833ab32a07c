"""Smooth lines that never overshoot: monotone piecewise cubics (Fritsch & Butland 1984).

A curve through measured points must not rise above the highest of them, so no plain spline. Points
stand one unit apart; a line breaks where a value is missing, and nothing is drawn across.
"""

from collections.abc import Sequence
from itertools import pairwise


def pieces(values: Sequence[float | None]) -> list[tuple[int, list[float]]]:
    """The unbroken runs: where each begins, and its values."""
    found: list[tuple[int, list[float]]] = []
    for place, value in enumerate(values):
        if value is None:
            continue
        if found and found[-1][0] + len(found[-1][1]) == place:
            found[-1][1].append(value)
        else:
            found.append((place, [value]))
    return found


def slopes(values: Sequence[float]) -> list[float]:
    """The slope at each point: 0 at peaks and troughs, harmonic mean of both sides else."""
    steps = [b - a for a, b in pairwise(values)]
    if len(steps) < 2:
        return (steps or [0.0]) * len(values)
    inner = [2 * a * b / (a + b) if a * b > 0 else 0.0 for a, b in pairwise(steps)]
    return [_end(steps[0], steps[1]), *inner, _end(steps[-1], steps[-2])]


def _end(nearest: float, next_one: float) -> float:
    """The slope at an end: that of the parabola, kept within what stays monotone."""
    slope = (3 * nearest - next_one) / 2
    if slope * nearest <= 0:
        return 0.0
    if nearest * next_one < 0 and abs(slope) > 3 * abs(nearest):
        return 3 * nearest
    return slope


def sampled(values: Sequence[float], *, start: int = 0, per_unit: int = 8) -> list[list[float]]:
    """[xs, ys] of an unbroken run that begins at x = ``start``; one point stays one point."""
    xs, ys = [float(start)], [round(values[0], 4)]
    tangents = slopes(values)
    for place, (a, b) in enumerate(pairwise(values)):
        da, db = tangents[place], tangents[place + 1]
        for number in range(1, per_unit + 1):
            t = number / per_unit
            u = 1 - t
            y = a * u * u * (1 + 2 * t) + da * t * u * u + b * t * t * (3 - 2 * t) - db * t * t * u
            xs.append(round(start + place + t, 3))
            ys.append(round(y, 4))
    return [xs, ys]
