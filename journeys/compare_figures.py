"""Where the marks of a comparison stand in its drawings: pure geometry, in px."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from cxm.statistics import Difference
from journeys.insights.comparison import Ladder

WIDTH, SMALL = 396, 110
_PAD, _SMALL_PAD = 10, 5


@dataclass(frozen=True)
class Tick:
    value: float
    x: float


@dataclass(frozen=True)
class Axis:
    """An axis of changes with no change in the middle; ``reach`` is its end on either side."""

    reach: float
    width: int
    pad: int

    def x(self, value: float) -> float:
        """The place of a change, never outside of the drawing."""
        share = max(-1.0, min(1.0, value / self.reach))
        return round(self.width / 2 + share * (self.width / 2 - self.pad), 1)

    @property
    def zero(self) -> float:
        return self.x(0)

    @property
    def step(self) -> float:
        """A round distance of which one or two fit on either side."""
        rough = self.reach / 2.4
        power = 10.0 ** math.floor(math.log10(rough))
        return power * next(f for f in (1, 2, 5, 10) if f * power >= rough * 0.8)

    @property
    def digits(self) -> int:
        """As many decimals as the marks need."""
        return max(0, -math.floor(math.log10(self.step)))

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """The round changes beside zero."""
        marks = [n * self.step for n in (-2, -1, 1, 2)]
        return tuple(Tick(v, self.x(v)) for v in marks if abs(v) <= self.reach * 0.95)

    @property
    def ends(self) -> tuple[Tick, ...]:
        """One mark on either side, for a narrow drawing."""
        return tuple(Tick(v, self.x(v)) for v in (-self.step, self.step))


@dataclass(frozen=True)
class Bar:
    low: float
    mean: float
    high: float


def axis_of(ladders: Iterable[Ladder]) -> Axis:
    """The axis that holds every step of these ladders."""
    found = [rung.difference for ladder in ladders for rung in ladder.rungs]
    ends = [max(abs(d.ci_low), abs(d.ci_high), abs(d.difference)) for d in found]
    return Axis(max([*ends, 1e-9]) * 1.12, WIDTH, _PAD)


def small_axis(ladders: Iterable[tuple[Ladder, float]]) -> Axis:
    """The axis of the list, of changes divided by the unit beside each ladder."""
    ends = [
        max(abs(rung.difference.ci_low), abs(rung.difference.ci_high)) / unit
        for ladder, unit in ladders
        for rung in (*ladder.rungs[:1], *ladder.rungs[-1:])
    ]
    return Axis(max([*ends, 1e-9]) * 1.05, SMALL, _SMALL_PAD)


def bar(axis: Axis, found: Difference, unit: float = 1.0) -> Bar:
    """Interval and point of one difference."""
    return Bar(
        axis.x(found.ci_low / unit), axis.x(found.difference / unit), axis.x(found.ci_high / unit)
    )
