"""The small curve of the planner: the half-width of an interval by the number of answers."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cxm.templatetags.ui import number
from surveys.planning import half_width

FIRST: Final = 5
LAST: Final = 200
LEFT, RIGHT, TOP, BOTTOM = 34.0, 270.0, 8.0, 70.0
_TICKS: Final = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True)
class Tick:
    x: float
    text: str


@dataclass(frozen=True)
class Picture:
    """Everything in px of a box of 276 × 92; ``x`` and ``y`` are the chosen point."""

    path: str
    x: float
    y: float
    ticks: tuple[Tick, ...]
    words: str

    @property
    def label_y(self) -> float:
        """The baseline of the words beside the point, never below the axis."""
        return min(self.y + 3.5, BOTTOM)


def picture(*, answers: int, width: float, spread: float) -> Picture:
    """The number of answers on a logarithmic axis that always holds the chosen one."""
    last = max(LAST, answers)
    top = half_width(FIRST, spread)
    points = [(_x(n, last), _y(half_width(n, spread), top)) for n in _steps(last)]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    ticks = tuple(
        Tick(round(_x(n, last), 1), number(n))
        for n in _TICKS
        if n <= last and abs(_x(n, last) - _x(max(answers, FIRST), last)) > 16
    )
    said = (10, answers, 100, 200)
    words = ", ".join(
        f"{number(n)}: ±{number(half_width(n, spread), 2)}" for n in sorted({*said}) if n > 1
    )
    shown = max(answers, FIRST)
    return Picture(path, round(_x(shown, last), 1), round(_y(width, top), 1), ticks, words)


def _steps(last: int) -> Iterator[int]:
    """Whole numbers, evenly on the axis."""
    seen = 0
    for step in range(41):
        n = round(FIRST * (last / FIRST) ** (step / 40))
        if n > seen:
            yield n
            seen = n


def _x(n: int, last: int) -> float:
    return LEFT + (RIGHT - LEFT) * math.log(n / FIRST) / math.log(last / FIRST)


def _y(width: float, top: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * min(width / top, 1)
