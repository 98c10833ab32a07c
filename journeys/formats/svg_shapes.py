"""What a picture of a map is made of: a few plain shapes that SVG and PDF both draw.

Lengths are CSS pixels, y grows downwards, colours are hex, ``y`` of words is their baseline.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from journeys.formats.svg_fonts import Face, width

Anchor = Literal["start", "middle", "end"]
Point: TypeAlias = tuple[float, float]

# The light palette of the tokens: paper is white, whatever theme the reader uses.
INK, INK_2, INK_3 = "#14201c", "#43504a", "#5c6863"
LINE, LINE_2, EDGE = "#dde2de", "#c4ccc7", "#7f8984"
SURFACE, SUNKEN, BAND = "#ffffff", "#eceeec", "#e4e6e5"
NEGATIVE, POSITIVE = "#8f400b", "#0b5c54"
PAID, OWNED, EARNED = "#6d3580", "#2f5370", "#6b5600"
EMOTION = ("#853a08", "#b05a17", "#e2a468", "#f5dcc0", "#edf0ed", "#cde6e1", "#86c4ba", "#257a70",
           "#0b524b")  # fmt: skip
TAGS = {"stone": "#eceeec", "plum": "#f3e9f6", "blue": "#e6eef5", "ochre": "#f6f0d6"}


def emotion_colour(value: float) -> str:
    """The colour of −2 … +2 in nine classes."""
    return EMOTION[max(0, min(8, round(value * 2) + 4))]


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""
    line: float = 1
    radius: float = 0
    dash: tuple[float, float] | None = None

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.x + self.width, self.y + self.height


@dataclass(frozen=True, slots=True)
class Hatch:
    """What was never asked: lines from lower left to upper right."""

    x: float
    y: float
    width: float
    height: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.x + self.width, self.y + self.height


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points, or a filled area where ``fill`` is given."""

    points: tuple[Point, ...]
    stroke: str = ""
    fill: str = ""
    line: float = 1
    dash: tuple[float, float] | None = None

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    radius: float
    fill: str = ""
    stroke: str = ""
    line: float = 1
    dash: tuple[float, float] | None = None

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        r = self.radius
        return self.x - r, self.y - r, self.x + r, self.y + r


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text."""

    x: float
    y: float
    text: str
    size: float = 12
    fill: str = INK
    face: Face = "sans"
    anchor: Anchor = "start"

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        wide = width(self.text, self.size, self.face)
        x = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        return x, self.y - self.size, x + wide, self.y + self.size / 4


@dataclass(frozen=True, slots=True)
class Photo:
    """A stored picture, by the id of its upload."""

    x: float
    y: float
    width: float
    height: float
    upload: int
    name: str

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.x + self.width, self.y + self.height


Shape: TypeAlias = Box | Hatch | Path | Dot | Words | Photo


@dataclass
class Sheet:
    """A whole map, laid out. Columns and rows are where a paper may be cut.

    ``heads`` stand above every tile, ``sides`` to its left; ``body`` is the grid itself. All share
    one system of coordinates whose grid begins at (``left``, ``top``). ``columns`` are the left
    edges of the steps and the right end, ``rows`` the upper edges of the lanes and the lower end.
    """

    title: str
    facts: tuple[str, ...]
    notes: tuple[str, ...]
    left: float
    top: float
    columns: tuple[float, ...]
    rows: list[float]
    phases: list[tuple[str, float, float]] = field(default_factory=list)
    names: list[tuple[str, float, float]] = field(default_factory=list)
    heads: list[Shape] = field(default_factory=list)
    sides: list[Shape] = field(default_factory=list)
    body: list[Shape] = field(default_factory=list)

    @property
    def right(self) -> float:
        return self.columns[-1]

    @property
    def bottom(self) -> float:
        return self.rows[-1]

    def uploads(self) -> set[int]:
        return {shape.upload for shape in self.body if isinstance(shape, Photo)}


def text_lines(
    lines: Iterable[str], x: float, y: float, *, size: float = 12, height: float = 16,
    fill: str = INK, face: Face = "sans", anchor: Anchor = "start",
) -> list[Shape]:  # fmt: skip
    """Lines below each other; ``y`` is the top of the first."""
    return [
        Words(x, y + number * height + size * 0.98, line, size, fill, face, anchor)
        for number, line in enumerate(lines)
        if line
    ]
