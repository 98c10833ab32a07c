"""The emotion lane as shapes: what the team assumed, what customers say, and where nothing is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from cxm.templatetags.ui import signed
from journeys import curve_words
from journeys.board import BoardStep
from journeys.curve import CurveReading
from journeys.formats.svg_fonts import wrap
from journeys.formats.svg_shapes import (
    BAND,
    EDGE,
    INK,
    INK_2,
    INK_3,
    LINE,
    SURFACE,
    Box,
    Dot,
    Hatch,
    Path,
    Shape,
    Words,
    emotion_colour,
    text_lines,
)
from journeys.insights.curve import StepPoint
from journeys.pchip import pieces, sampled

HEIGHT = 224.0
PER_UNIT = 12


def level_words() -> tuple[tuple[int, str], ...]:
    """The axis in words, from the top."""
    return ((2, _("great")), (1, _("good")), (0, _("neutral")), (-1, _("annoyed")),
            (-2, _("angry")))  # fmt: skip


@dataclass(frozen=True)
class Lane:
    """Both curves over the columns of some steps; ``x`` is the left edge, ``y`` the upper."""

    steps: Sequence[BoardStep]
    reading: CurveReading
    x: float
    y: float
    column: float
    height: float = HEIGHT
    size: float = 11
    weight: float = 1

    def at(self, place: float, value: float) -> tuple[float, float]:
        """Where a value of the step at ``place`` (0 …) stands."""
        pad = self.height * 0.09
        inner = self.height - 2 * pad
        return (
            round(self.x + (place + 0.5) * self.column, 1),
            round(self.y + pad + (2 - value) / 4 * inner, 1),
        )

    @property
    def is_narrow(self) -> bool:
        """Columns too narrow for words, which then stand elsewhere: in a table or in notes."""
        return self.column < 4.5 * self.size

    @property
    def right(self) -> float:
        return self.x + len(self.steps) * self.column

    @cached_property
    def points(self) -> list[StepPoint | None]:
        by_id = {point.step.id: point for point in self.reading.curve.points}
        return [by_id.get(step.id) for step in self.steps]

    @property
    def assumed(self) -> list[float | None]:
        """What the team assumed, as the reading has it: for all, or for one persona."""
        return [point.step.assumed if point else None for point in self.points]

    @property
    def means(self) -> list[float | None]:
        return [p.estimate.mean if p and p.estimate else None for p in self.points]

    def shapes(self) -> list[Shape]:
        """All of the lane, in the order in which it is drawn."""
        return [*self.ground(), *self.lines(), *self._marks()]

    def ground(self) -> list[Shape]:
        """What lies below both curves."""
        return [*self._grid(), *self._holes(), *self._bands()]

    def lines(self) -> list[Shape]:
        """Both curves, and words where there is no figure."""
        return [*self._team(), *self._customers(), *self._reasons()]

    def _grid(self) -> list[Shape]:
        return [
            Path(
                ((self.x, self.at(0, value)[1]), (self.right, self.at(0, value)[1])),
                EDGE if value == 0 else LINE,
            )
            for value, _word in level_words()
        ]

    def _holes(self) -> list[Shape]:
        return [
            Hatch(self.x + place * self.column, self.y, self.column, self.height)
            for place, point in enumerate(self.points)
            if point and point.reason == "never_asked"
        ]

    def _line(self, start: int, values: Sequence[float]) -> list[tuple[float, float]]:
        xs, ys = sampled(values, start=start, per_unit=PER_UNIT)
        return [self.at(x, y) for x, y in zip(xs, ys, strict=True)]

    def _bands(self) -> list[Shape]:
        shapes: list[Shape] = []
        for start, run in pieces(self.means):
            found = [p.estimate for p in self.points[start : start + len(run)] if p and p.estimate]
            high = self._line(start, [e.ci_high for e in found])
            low = self._line(start, [e.ci_low for e in found])
            if len(run) == 1:
                (x, top), (_x, end) = high[0], low[0]
                shapes.append(Box(x - 7, top, 14, end - top, BAND))
            else:
                shapes.append(Path((*high, *reversed(low)), fill=BAND))
        return shapes

    def _team(self) -> list[Shape]:
        shapes: list[Shape] = [
            Path(tuple(self._line(start, run)), INK_3, line=1.75 * self.weight, dash=(5, 4))
            for start, run in pieces(self.assumed)
            if len(run) > 1
        ]
        side = 5 * self.weight
        for place, value in enumerate(self.assumed):
            if value is not None:
                x, y = self.at(place, value)
                corners = (
                    (x, y - side),
                    (x + side, y),
                    (x, y + side),
                    (x - side, y),
                    (x, y - side),
                )
                shapes.append(Path(corners, INK_3, SURFACE, 1.6 * self.weight))
        return shapes

    def _customers(self) -> list[Shape]:
        shapes: list[Shape] = [
            Path(tuple(self._line(start, run)), INK, line=2.25 * self.weight)
            for start, run in pieces(self.means)
            if len(run) > 1
        ]
        for place, value in enumerate(self.means):
            if value is not None:
                x, y = self.at(place, value)
                shapes.append(Dot(x, y, 5 * self.weight, emotion_colour(value), INK, 1.8))
        return shapes

    def _reasons(self) -> list[Shape]:
        """Why a step has no figure, in words, clear of what the team assumed."""
        shapes: list[Shape] = []
        for place, point in enumerate(self.points):
            if point is None or point.estimate is not None or self.is_narrow:
                continue
            belief = point.step.assumed or 0
            x, y = self.at(place, -1.1 if belief >= -0.2 else 0.9)
            text = curve_words.reason(point.reason, self.reading.k)
            lines = wrap(text, self.column - 16, self.size)
            shapes += text_lines(lines, x, y, size=self.size, height=self.size + 4, fill=INK_2,
                                 anchor="middle")  # fmt: skip
        return shapes

    def _marks(self) -> list[Shape]:
        """The value at each point, the gaps that are proven, stars on moments of truth."""
        shapes: list[Shape] = []
        for place, (step, point) in enumerate(zip(self.steps, self.points, strict=True)):
            if point and point.estimate and not self.is_narrow:
                mean, belief = point.estimate.mean, point.step.assumed
                x, y = self.at(place, mean)
                above = belief is None or mean >= belief
                shift = -(9 + self.size * 0.3) if above else 9 + self.size
                shapes.append(
                    Words(x, y + shift, signed(mean), self.size, INK, "sans-600", "middle")
                )
                shapes += self._gap(place, point)
            if step.is_moment:
                shapes.append(star(self.x + (place + 1) * self.column - 12, self.y + 12))
        return shapes

    def _gap(self, place: int, point: StepPoint) -> Iterable[Shape]:
        gap = point.gap
        if gap is None or not gap.proven or point.estimate is None:
            return []
        x, assumed = self.at(place, gap.a)
        _x, mean = self.at(place, point.estimate.mean)
        words = _("gap %(by)s, proven") % {"by": signed(gap.difference, 1)}
        lines = wrap(words, self.column / 2 - 12, self.size, "sans-600")
        height = self.size + 3
        if abs(assumed - mean) < len(lines) * height + 12:
            lines = []  # no room between the curves; the row below says it
        top = (assumed + mean) / 2 - len(lines) * height / 2
        return [
            Path(((x, assumed), (x, mean)), INK_2, dash=(1.5, 2.5)),
            *text_lines(lines, x + 9, top, size=self.size, height=height, face="sans-600"),
        ]


def star(x: float, y: float, size: float = 6) -> Shape:
    """The sign of a moment of truth."""
    shape = ((0, -1), (0.26, -0.35), (0.95, -0.31), (0.42, 0.13), (0.59, 0.81), (0, 0.44),
             (-0.59, 0.81), (-0.42, 0.13), (-0.95, -0.31), (-0.26, -0.35))  # fmt: skip
    return Path(tuple((x + a * size, y + b * size) for a, b in shape), fill=INK)
