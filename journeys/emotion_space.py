"""Where emotion values lie in the lane of a map, and smooth lines through them.

The lines are monotone cubics (Fritsch & Butland 1984) like those of the emotion curve; here steps
need not stand equally far apart, and lines are written as Bézier curves so that a browser can move
one point of them.
"""

from collections.abc import Sequence
from itertools import pairwise

HEIGHT, TOP, BOTTOM = 228, 28, 212
"""The lane, px: +2 lies at ``TOP``, −2 at ``BOTTOM``."""


def y_of(value: float) -> float:
    """Height of an emotion value, px from the top; beyond the scale it stays at its end."""
    held = max(-2.0, min(2.0, value))
    return round(TOP + (2 - held) / 4 * (BOTTOM - TOP), 1)


def slopes(xs: Sequence[float], ys: Sequence[float]) -> list[float]:
    """The slope at each point: 0 at peaks and troughs, a weighted harmonic mean else."""
    widths = [b - a for a, b in pairwise(xs)]
    rises = [(b - a) / w for (a, b), w in zip(pairwise(ys), widths, strict=True)]
    if len(rises) < 2:
        return (rises or [0.0]) * len(xs)
    inner = [
        _inner(widths[i], widths[i + 1], rises[i], rises[i + 1]) for i in range(len(rises) - 1)
    ]
    first = _end(widths[0], widths[1], rises[0], rises[1])
    last = _end(widths[-1], widths[-2], rises[-1], rises[-2])
    return [first, *inner, last]


def _inner(before: float, after: float, rise: float, next_rise: float) -> float:
    if rise * next_rise <= 0:
        return 0.0
    a, b = 2 * after + before, after + 2 * before
    return (a + b) / (a / rise + b / next_rise)


def _end(nearest: float, next_one: float, rise: float, next_rise: float) -> float:
    slope = ((2 * nearest + next_one) * rise - nearest * next_rise) / (nearest + next_one)
    if slope * rise <= 0:
        return 0.0
    if rise * next_rise < 0 and abs(slope) > 3 * abs(rise):
        return 3 * rise
    return slope


def path(xs: Sequence[float], ys: Sequence[float], first: str = "M") -> str:
    """A smooth line through points (px) as SVG path data; one point is no line."""
    if len(xs) < 2:
        return ""
    tangents = slopes(xs, ys)
    parts = [f"{first}{xs[0]:g} {ys[0]:g}"]
    for i, (a, b) in enumerate(pairwise(xs)):
        third = (b - a) / 3
        parts.append(
            f"C{a + third:.1f} {ys[i] + third * tangents[i]:.1f} "
            f"{b - third:.1f} {ys[i + 1] - third * tangents[i + 1]:.1f} {b:g} {ys[i + 1]:g}"
        )
    return "".join(parts)


def band(xs: Sequence[float], highs: Sequence[float], lows: Sequence[float]) -> str:
    """The area between two smooth lines; a single point has a bar of 14 px instead."""
    if len(xs) == 1:
        return f"M{xs[0] - 7:g} {highs[0]:g}H{xs[0] + 7:g}V{lows[0]:g}H{xs[0] - 7:g}Z"
    back = path(list(reversed(xs)), list(reversed(lows)), "L")
    return f"{path(xs, highs)}{back}Z"
