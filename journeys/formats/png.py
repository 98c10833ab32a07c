"""A map as PNG, drawn from its SVG at twice its size, or smaller where it would be huge."""

import math
from dataclasses import dataclass

import resvg_py

from journeys.formats import svg_fonts
from journeys.formats.drawing_svg import Drawing

SCALE = 2.0
LARGEST = 24_000_000
"""Pixels of the largest picture: 100 MB while it is drawn."""
SMALLEST_SCALE = 0.5
"""Below half its size nobody can read a map."""


@dataclass(frozen=True)
class TooLargeError(Exception):
    """The picture would have more pixels than anybody can open."""

    megapixels: int


@dataclass(frozen=True)
class Raster:
    """A picture in pixels; ``scale`` is smaller than 2 where the map is large."""

    data: bytes
    scale: float


def scale_of(drawing: Drawing) -> float:
    """How much larger than the SVG the picture is; raises TooLargeError for what is unreadable."""
    area = drawing.width * drawing.height
    scale = min(SCALE, math.sqrt(LARGEST / area))
    if scale < SMALLEST_SCALE:
        raise TooLargeError(round(area * SCALE**2 / 1e6))
    return scale


def raster(drawing: Drawing) -> Raster:
    """The PNG of a drawing that was made without embedded fonts."""
    scale = scale_of(drawing)
    data = resvg_py.svg_to_bytes(
        svg_string=drawing.svg,
        zoom=scale,
        background="#ffffff",
        skip_system_fonts=True,
        font_files=[
            *(str(svg_fonts.path(face)) for face in svg_fonts.FACES),
            *(str(path) for path in svg_fonts.SYSTEM if path.exists()),
        ],
        font_family="Instrument Sans",
        sans_serif_family="Instrument Sans",
        serif_family="Source Serif 4",
    )
    return Raster(bytes(data), scale)
