"""A map as one SVG: real text in the fonts of the application, on white.

The fonts are embedded, so that words keep the room that was measured for them. Every text is
escaped, controls are left out: the file is well-formed whatever a card says.
"""

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path as File

from django.conf import settings

from journeys.formats.svg_fonts import clean, is_rtl, shortened, wrap
from journeys.formats.svg_layout import Pictured, lay_out
from journeys.formats.svg_shapes import (
    EDGE,
    INK,
    INK_2,
    INK_3,
    LINE_2,
    SURFACE,
    Box,
    Dot,
    Hatch,
    Path,
    Photo,
    Shape,
    Sheet,
    Words,
)

MARGIN, TITLE = 24.0, 64.0
FAMILIES = {"sans": ("sans", 400), "sans-600": ("sans", 600), "serif": ("serif", 400),
            "serif-600": ("serif", 600)}  # fmt: skip
WOFF2 = {
    "Instrument Sans": "instrument-sans-latin-wdth-normal.woff2",
    "Source Serif 4": "source-serif-4-latin-wght-normal.woff2",
}
Uploads = Mapping[int, tuple[str, bytes]]
"""Id of an upload → content type and bytes, for the pictures that a map shows."""


@dataclass(frozen=True)
class Drawing:
    """An SVG and its size in pixels."""

    svg: str
    width: int
    height: int


def drawn(
    shown: Pictured, uploads: Callable[[set[int]], Uploads], *, fonts: bool = True
) -> Drawing:
    """The whole map; ``uploads`` is asked once for the pictures. ``fonts`` embeds them."""
    sheet = lay_out(shown)
    width = max(sheet.right + 2 * MARGIN, 720)
    notes = [line for note in sheet.notes for line in wrap(note, width - 2 * MARGIN, 11)]
    height = TITLE + sheet.bottom + 20 + 16 * len(notes) + 2 * MARGIN
    found = uploads(sheet.uploads()) if sheet.uploads() else {}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img">',
        f"<title>{escaped(sheet.title)}</title><desc>{escaped(' · '.join(sheet.facts))}</desc>",
        f"<defs>{_HATCH}<style>{_css(fonts)}</style></defs>",
        f'<rect width="100%" height="100%" fill="{SURFACE}"/>',
        f'<g transform="translate({MARGIN:g} {MARGIN:g})">',
        *map(element, _title(sheet, width - 2 * MARGIN)),
        f'<g transform="translate(0 {TITLE:g})">',
        *(_written(shape, found) for shape in _everything(sheet)),
        *map(element, _notes(notes, sheet.bottom + 24)),
        "</g></g></svg>",
    ]
    return Drawing("\n".join(parts), round(width), round(height))


_HATCH = (
    '<pattern id="never" width="6" height="6" patternTransform="rotate(45)" '
    f'patternUnits="userSpaceOnUse"><path d="M0 0V6" stroke="{LINE_2}"/></pattern>'
)


def _css(fonts: bool) -> str:
    faces = "".join(map(_face, WOFF2)) if fonts else ""
    return (
        f"{faces}text{{white-space:pre}}"
        '.sans{font-family:"Instrument Sans",system-ui,"Segoe UI",sans-serif}'
        '.serif{font-family:"Source Serif 4",Georgia,serif}'
    )


@cache
def _face(family: str) -> str:
    data = base64.b64encode((_fonts() / WOFF2[family]).read_bytes()).decode()
    return (
        f'@font-face{{font-family:"{family}";font-weight:400 600;'
        f'src:url(data:font/woff2;base64,{data}) format("woff2")}}'
    )


def _fonts() -> File:
    return File(settings.BASE_DIR) / "static" / "fonts"


def _title(sheet: Sheet, room: float) -> list[Shape]:
    title = shortened(sheet.title, room, 22, "serif-600")
    facts = shortened(" · ".join(sheet.facts), room, 12)
    return [
        Words(0, 20, title, 22, INK, "serif-600"),
        Words(0, 42, facts, 12, INK_2),
    ]


def _notes(lines: Iterable[str], y: float) -> list[Shape]:
    return [Words(0, y + 16 * number, line, 11, INK_3) for number, line in enumerate(lines)]


def _everything(sheet: Sheet) -> Iterable[Shape]:
    for name, left, right in sheet.phases:
        yield from phase_head(name, left, right)
    yield from sheet.heads
    yield from sheet.body
    yield from sheet.sides


def phase_head(name: str, left: float, right: float) -> list[Shape]:
    """The name of a phase above the line that spans its steps."""
    return [
        Words(left + 8, 18, shortened(name, right - left - 12, 12.5), 12.5, INK),
        Path(((left + 8, 27), (right - 8, 27)), INK, line=2),
        Path(((left, 6), (left, 34)), EDGE),
    ]


def escaped(text: str) -> str:
    """Text for an element or a quoted attribute."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


def _written(shape: Shape, uploads: Uploads) -> str:
    if isinstance(shape, Photo):
        return _photo(shape, uploads.get(shape.upload))
    return element(shape)


def element(shape: Shape) -> str:
    """One shape as an SVG element."""
    if isinstance(shape, Words):
        return _words(shape)
    if isinstance(shape, Box):
        radius = f' rx="{shape.radius:g}"' if shape.radius else ""
        return (
            f'<rect x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" '
            f'height="{max(shape.height, 0):.1f}"{radius}{_paint(shape)}/>'
        )
    if isinstance(shape, Dot):
        return (
            f'<circle cx="{shape.x:.1f}" cy="{shape.y:.1f}" r="{shape.radius:g}"{_paint(shape)}/>'
        )
    if isinstance(shape, Path):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
        name = "polygon" if shape.fill else "polyline"
        return f'<{name} points="{points}"{_paint(shape)} stroke-linejoin="round"/>'
    if isinstance(shape, Hatch):
        return (
            f'<rect x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" '
            f'height="{shape.height:.1f}" fill="url(#never)"/>'
        )
    return ""


def _words(shape: Words) -> str:
    css, weight = FAMILIES[shape.face]
    anchor = f' text-anchor="{shape.anchor}"' if shape.anchor != "start" else ""
    heavy = f' font-weight="{weight}"' if weight != 400 else ""
    # The line stays where it was laid out, whichever way its letters run.
    turn = ' direction="ltr" unicode-bidi="plaintext"' if is_rtl(shape.text) else ""
    return (
        f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{shape.size:g}" class="{css}" '
        f'fill="{shape.fill}"{anchor}{heavy}{turn}>{escaped(shape.text)}</text>'
    )


def _paint(shape: Box | Dot | Path) -> str:
    text = f' fill="{shape.fill or "none"}"'
    if shape.stroke:
        text += f' stroke="{shape.stroke}" stroke-width="{shape.line:g}"'
    if shape.dash:
        text += f' stroke-dasharray="{shape.dash[0]:g} {shape.dash[1]:g}"'
    return text


def _photo(shape: Photo, found: tuple[str, bytes] | None) -> str:
    """The picture itself inside of the file; a lost one leaves its frame."""
    box = (
        f'x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" height="{shape.height:.1f}"'
    )
    if found is None:
        return f'<rect {box} fill="none" stroke="{LINE_2}"/>'
    kind, data = found
    uri = f"data:{escaped(kind)};base64,{base64.b64encode(data).decode()}"
    return f'<image {box} href="{uri}"><title>{escaped(shape.name)}</title></image>'
