"""Draws the shapes of a picture into a PDF; asks other fonts for the letters that ours lack."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from fontTools.ttLib import TTFont
from fpdf import FPDF
from PIL import Image, UnidentifiedImageError

from journeys.formats import svg_fonts
from journeys.formats.drawing_svg import Uploads
from journeys.formats.svg_shapes import (
    LINE_2,
    Box,
    Dot,
    Hatch,
    Path,
    Photo,
    Shape,
    Words,
)


class Pen:
    """Shapes in pixels of a sheet become points of a page: ``place`` says where and how large."""

    def __init__(self, file: FPDF, uploads: Uploads, scale: float) -> None:
        self.file: Any = file
        self.uploads = uploads
        self.scale = scale
        self.factor = 1.0
        self.dx = self.dy = 0.0
        self._font: tuple[str, float] | None = None
        self._foreign: list[str] | None = None
        self.missing = False
        for face in svg_fonts.FACES:
            file.add_font(face, "", svg_fonts.path(face))

    def place(self, dx: float, dy: float, factor: float) -> None:
        """The corner of the sheet in points, and points per pixel, for what follows."""
        self.dx, self.dy, self.factor = dx, dy, factor
        self._font = None

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return self.dx + x * self.factor, self.dy + y * self.factor

    @contextmanager
    def window(self, x0: float, y0: float, x1: float, y1: float) -> Iterator[None]:
        """Only what lies inside is drawn."""
        x, y = self._at(x0, y0)
        wide, high = max(x1 - x0, 0) * self.factor, max(y1 - y0, 0) * self.factor
        with self.file.local_context(), self.file.rect_clip(x, y, wide, high):
            yield

    def draw(self, shapes: Iterable[Shape]) -> None:
        shapes = list(shapes)
        self.lines(shapes)
        self.words(shapes)

    def lines(self, shapes: Iterable[Shape]) -> None:
        """Everything but words, in order."""
        for shape in shapes:
            if isinstance(shape, Photo):
                self._photo(shape)
            elif isinstance(shape, Hatch):
                self._hatch(shape)
            elif not isinstance(shape, Words):
                self._shape(shape)

    def words(
        self, shapes: Iterable[Shape], x0: float = -1e9, y0: float = -1e9, x1: float = 1e9,
        y1: float = 1e9,
    ) -> None:  # fmt: skip
        """The words whose upper left corner lies in the rectangle: each is on one page only."""
        for shape in shapes:
            if isinstance(shape, Words) and x0 <= shape.x < x1 and y0 <= shape.y - shape.size < y1:
                self._text(shape)

    def _paint(self, shape: Box | Dot | Path) -> str:
        """Colours and lines of a shape; how fpdf calls filling and drawing."""
        if shape.fill:
            self.file.set_fill_color(shape.fill)
        if shape.stroke:
            self.file.set_draw_color(shape.stroke)
            self.file.set_line_width(shape.line * self.factor)
            on, off = shape.dash or (0, 0)
            self.file.set_dash_pattern(dash=on * self.factor, gap=off * self.factor)
        return ("D" if shape.stroke else "") + ("F" if shape.fill else "")

    def _shape(self, shape: Box | Dot | Path) -> None:
        style = self._paint(shape)
        if not style:
            return
        if isinstance(shape, Box):
            self._box(shape, style)
        elif isinstance(shape, Dot):
            x, y = self._at(shape.x - shape.radius, shape.y - shape.radius)
            side = 2 * shape.radius * self.factor
            self.file.ellipse(x, y, side, side, style=style)
        else:
            points = [self._at(x, y) for x, y in shape.points]
            draw = self.file.polygon if shape.fill else self.file.polyline
            draw(points, style=style)

    def _box(self, shape: Box, style: str) -> None:
        x, y = self._at(shape.x, shape.y)
        wide, high = shape.width * self.factor, shape.height * self.factor
        if shape.radius and min(wide, high) > 2 * shape.radius * self.factor:
            radius = shape.radius * self.factor
            self.file.rect(x, y, wide, high, style, round_corners=True, corner_radius=radius)
        else:
            self.file.rect(x, y, wide, high, style)

    def _hatch(self, shape: Hatch) -> None:
        self.file.set_draw_color(LINE_2)
        self.file.set_line_width(0.6 * self.factor)
        self.file.set_dash_pattern()
        x, y = self._at(shape.x, shape.y)
        wide, high = shape.width * self.factor, shape.height * self.factor
        step = 8.5 * self.factor
        with self.file.local_context(), self.file.rect_clip(x, y, wide, high):
            offset = step
            while offset < wide + high:
                self.file.line(x + offset, y, x + offset - high, y + high)
                offset += step

    def _photo(self, shape: Photo) -> None:
        x, y = self._at(shape.x, shape.y)
        wide, high = shape.width * self.factor, shape.height * self.factor
        found = self.uploads.get(shape.upload)
        try:
            if found is None:
                raise UnidentifiedImageError(shape.name)
            self.file.image(io.BytesIO(found[1]), x, y, wide, high, alt_text=shape.name)
        except (OSError, ValueError, Image.DecompressionBombError):
            self._shape(Box(shape.x, shape.y, shape.width, shape.height, stroke=LINE_2))

    def _text(self, shape: Words) -> None:
        text = svg_fonts.clean(shape.text).replace("\t", " ").replace("\n", " ")
        size = shape.size * self.factor
        self.file.set_text_color(shape.fill)
        wide = svg_fonts.width(text, size, shape.face)
        x, y = self._at(shape.x, shape.y)
        x -= {"start": 0.0, "middle": wide / 2, "end": wide}[shape.anchor]
        if self._font != (shape.face, size):
            self.file.set_font(shape.face, size=size)
            self._font = (shape.face, size)
        if svg_fonts.covers(shape.face, text):
            self.file.text(x, y, text)
        else:
            self._foreign_text(text, x, y, size)

    def _foreign_text(self, text: str, x: float, y: float, size: float) -> None:
        """Other scripts and signs: shaped, from right to left where they run so."""
        if self._foreign is None:
            self._foreign = self._fallbacks()
        self.file.set_fallback_fonts(self._foreign, exact_match=False)
        self.file.set_text_shaping(True)
        known = _known(tuple(self._foreign))
        drawn = "".join(letter if ord(letter) in known or letter == " " else "□" for letter in text)
        self.missing |= "□" in drawn
        # What this changes of fonts must not reach the next line.
        with self.file.local_context():
            self.file.set_xy(x, y - size * 0.8)
            self.file.c_margin = 0
            self.file.cell(h=size, text=drawn)
        self.file.set_text_shaping(False)
        self._font = None

    def _fallbacks(self) -> list[str]:
        names = ["serif"]
        for path in svg_fonts.SYSTEM:
            if path.exists():
                name = path.stem.lower()
                self.file.add_font(name, "", path)
                names.append(name)
        return names


@cache
def _known(names: tuple[str, ...]) -> frozenset[int]:
    """Every character that some font can draw."""
    found: set[int] = set()
    paths = [svg_fonts.path(face) for face in svg_fonts.FACES]
    paths += [path for path in svg_fonts.SYSTEM if path.stem.lower() in names]
    for path in paths:
        with TTFont(path, fontNumber=0) as font:
            found |= set(font.getBestCmap())
    return frozenset(found)
