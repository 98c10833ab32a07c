"""A map on paper: vectors and text that can be selected, on one page or in tiles.

Every tile repeats the phases and steps above it and the names of the lanes beside it, and says
which page of how many it is, so that sheets can be laid together and read alone.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from fpdf import FPDF

from journeys.formats.drawing_svg import Uploads, phase_head
from journeys.formats.pdf_pen import Pen
from journeys.formats.svg_fonts import shortened, wrap
from journeys.formats.svg_layout import Pictured, lay_out
from journeys.formats.svg_shapes import INK, INK_2, INK_3, Shape, Sheet, Words, text_lines

A4, A3 = (841.89, 595.28), (1190.55, 841.89)
PAPERS = {"a4": A4, "a3": A3, "one": (0.0, 0.0)}
MARGIN, HEAD, FOOT = 28.0, 36.0, 14.0
SCALES = {"a4": (0.6, 0.57, 0.54, 0.51), "a3": (0.72, 0.68, 0.64, 0.6, 0.56), "one": (0.75,)}
"""Points per pixel: 12 px become 7.2 pt on A4; a little less where that saves sheets."""
LINE_ROOM = 16.0
"""Pixels below a tile: the last line may begin just above the cut."""
LONGEST = 14_000.0
"""Points of the longest side that PDF readers open."""


@dataclass(frozen=True)
class Tile:
    """What one page shows of the grid, in pixels of the sheet."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Plan:
    """A paper, how large a pixel is on it, and the tiles in reading order."""

    width: float
    height: float
    scale: float
    tiles: tuple[Tile, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """One row of the dialog."""

    paper: str
    label: str
    pages: int
    hint: str


def choices(shown: Pictured) -> list[Choice]:
    """The papers to choose from, and how many sheets each takes."""
    sheet = lay_out(shown)
    labels = {"a4": _("A4, tiled"), "a3": _("A3, tiled"), "one": _("One page")}
    found = []
    for paper, label in labels.items():
        pages = len(plan(sheet, paper).tiles)
        count = ngettext("%(n)s page", "%(n)s pages", pages) % {"n": pages}
        size = _("as large as the map") if paper == "one" else count
        found.append(Choice(paper, label, pages, size))
    return found


def document(shown: Pictured, uploads: Callable[[set[int]], Uploads], paper: str) -> bytes:
    """The PDF of a map; ``paper`` is a key of ``PAPERS``."""
    sheet = lay_out(shown)
    made = plan(sheet, paper)
    file = FPDF(unit="pt", format=(made.width, made.height))
    file.set_auto_page_break(False)
    file.set_margin(0)
    file.set_title(sheet.title)
    file.set_creator("CXM")
    file.set_lang(get_language() or "en")
    pen = Pen(file, uploads(sheet.uploads()) if sheet.uploads() else {}, made.scale)
    body = [(shape.bounds, shape) for shape in sheet.body]
    for number, tile in enumerate(made.tiles, 1):
        file.add_page(format=(made.width, made.height))
        _frame(pen, sheet, made, number)
        _tile(pen, sheet, tile, body)
    if pen.missing:
        pen.place(0, 0, 1)
        words = _("□ stands for a character that no font of this server has.")
        pen.draw([Words(MARGIN, made.height - MARGIN, words, 8, INK_2)])
    return bytes(file.output())


def plan(sheet: Sheet, paper: str) -> Plan:
    """Where a sheet is cut: between steps and lanes; a lane higher than a page is cut inside.

    Of the sizes that can be read it takes the largest with the fewest pages.
    """
    plans = [_planned(sheet, paper, scale) for scale in SCALES[paper]]
    return min(plans, key=lambda one: (len(one.tiles), -one.scale))


def _planned(sheet: Sheet, paper: str, scale: float) -> Plan:
    if paper == "one":
        wide, high = max(sheet.right, 620) * scale + 2 * MARGIN, 0.0
        notes = _note_lines(sheet, wide)
        high = sheet.bottom * scale + 2 * MARGIN + HEAD + FOOT + 9 * len(notes)
        shrink = min(1.0, LONGEST / max(wide, high))
        wide, high, scale = wide * shrink, high * shrink, scale * shrink
        whole = Tile(sheet.left, sheet.top, sheet.right, sheet.bottom)
        return Plan(wide, high, scale, (whole,), notes)
    wide, high = PAPERS[paper]
    notes = _note_lines(sheet, wide)
    across = (wide - 2 * MARGIN) / scale - sheet.left
    down = (high - 2 * MARGIN - HEAD - FOOT - 9 * len(notes)) / scale - sheet.top - LINE_ROOM
    rows = cuts(sheet.rows, max(down, 60.0))
    columns = even(sheet.columns, across)
    tiles = [Tile(x0, y0, x1, y1) for y0, y1 in pairwise(rows) for x0, x1 in pairwise(columns)]
    return Plan(wide, high, scale, tuple(tiles), notes)


def even(edges: Sequence[float], room: float) -> list[float]:
    """Columns, all as wide as each other, shared out evenly over as few pages as they need."""
    count = len(edges) - 1
    fit = max(1, int(room // (edges[1] - edges[0])))
    pages = math.ceil(count / fit)
    each = math.ceil(count / pages)
    return [edges[min(at, count)] for at in range(0, each * (pages - 1) + 1, each)] + [edges[-1]]


def cuts(edges: Sequence[float], room: float) -> list[float]:
    """The edges to cut at so that no piece exceeds ``room``; one that alone does is divided."""
    found = [edges[0]]
    for before, edge in pairwise(edges):
        if edge - found[-1] > room and before > found[-1]:
            found.append(before)
        pieces = math.ceil((edge - found[-1]) / room)
        if pieces > 1:
            start, whole = found[-1], edge - found[-1]
            found += [start + whole * part / pieces for part in range(1, pieces)]
    if edges[-1] > found[-1]:
        found.append(edges[-1])
    return found if len(found) > 1 else [*found, found[0]]


def _note_lines(sheet: Sheet, wide: float) -> tuple[str, ...]:
    return tuple(line for note in sheet.notes for line in wrap(note, wide - 2 * MARGIN, 6.5))


def _frame(pen: Pen, sheet: Sheet, made: Plan, number: int) -> None:
    """Title and facts above, the meaning of the signs and the page number below."""
    pen.place(0, 0, 1)
    room = made.width - 2 * MARGIN
    title = shortened(sheet.title, room, 15, "serif-600")
    facts = shortened(" · ".join(sheet.facts), room, 8)
    pages = _("page %(n)s of %(pages)s") % {"n": number, "pages": len(made.tiles)}
    bottom = made.height - MARGIN
    shapes: list[Shape] = [
        Words(MARGIN, MARGIN + 13, title, 15, INK, "serif-600"),
        Words(MARGIN, MARGIN + 27, facts, 8, INK_2),
        Words(made.width - MARGIN, bottom, pages, 8, INK_2, anchor="end"),
    ]
    top = bottom - FOOT - 9 * len(made.notes) + 6
    shapes += text_lines(made.notes, MARGIN, top, size=6.5, height=9, fill=INK_3)
    pen.draw(shapes)


def _tile(
    pen: Pen,
    sheet: Sheet,
    tile: Tile,
    body: Sequence[tuple[tuple[float, float, float, float], Shape]],
) -> None:
    """One piece of the grid below its heads and beside the names of its lanes."""
    scale, top = pen.scale, MARGIN + HEAD
    x = MARGIN + (sheet.left - tile.x0) * scale
    y = top + (sheet.top - tile.y0) * scale
    pen.place(x, top, scale)
    with pen.window(tile.x0, 0, tile.x1, sheet.top):
        pen.lines(_within(sheet.heads, tile.x0, 0, tile.x1, sheet.top))
    pen.words(_within(sheet.heads, tile.x0, 0, tile.x1, sheet.top))
    for name, left, right in sheet.phases:
        a, b = max(left, tile.x0), min(right, tile.x1)
        if b - a > 1:
            pen.draw(phase_head(name, a, b))
    pen.place(MARGIN, y, scale)
    with pen.window(0, tile.y0, sheet.left + 1, tile.y1 + 1):
        pen.lines(_within(sheet.sides, 0, tile.y0, sheet.left + 1, tile.y1 + 1))
    pen.words(_within(sheet.sides, 0, tile.y0, sheet.left, tile.y1))
    pen.draw(_continued(sheet, tile))
    pen.place(x, y, scale)
    inside = [
        shape
        for (a, b, c, d), shape in body
        if a <= tile.x1 and c >= tile.x0 and b <= tile.y1 and d >= tile.y0
    ]
    with pen.window(tile.x0 - 1, tile.y0 - 1, tile.x1 + 1, tile.y1 + 1):
        pen.lines(inside)
    pen.words(inside, tile.x0, tile.y0, tile.x1, tile.y1)


def _within(shapes: Iterable[Shape], x0: float, y0: float, x1: float, y1: float) -> list[Shape]:
    """Words whose beginning lies inside, and everything else that reaches inside."""
    found: list[Shape] = []
    for shape in shapes:
        if isinstance(shape, Words):
            if x0 <= shape.x <= x1 and y0 <= shape.y - shape.size < y1:
                found.append(shape)
        else:
            a, b, c, d = shape.bounds
            if a <= x1 and c >= x0 and b <= y1 and d >= y0:
                found.append(shape)
    return found


def _continued(sheet: Sheet, tile: Tile) -> list[Shape]:
    """The name of a lane again where a page begins inside of it."""
    for name, top, bottom in sheet.names:
        if top < tile.y0 - 0.5 and bottom > tile.y0 + 0.5:
            lines = wrap(_("%(lane)s, continued") % {"lane": name}, sheet.left - 20, 11)
            return text_lines(lines, 4, tile.y0 + 6, size=11, height=14, fill=INK_2)
    return []
