"""The lanes of a phase as a table of a slide, measured beforehand so that it fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Pt

from cxm.templatetags.ui import number, percent, signed
from journeys.board import BoardCard, BoardLane, BoardStep, Cell
from journeys.formats.pptx_tools import Slide, colour, write
from journeys.formats.svg_cells import evidence_words, measured_lines
from journeys.formats.svg_fonts import wrap
from journeys.formats.svg_layout import Pictured
from journeys.formats.svg_shapes import INK, INK_2, LINE_2, SUNKEN, SURFACE, Photo
from journeys.models import CardStatus, LaneKind, Mark

SIZE, LINE_HEIGHT, PAD = 9.0, 11.6, 4.0
ARIAL = 1.1
"""How much wider Arial may run than the font that is measured."""
HEAD = 34.0
LINES = 14
"""Lines of one cell; what is longer is cut, and stands whole in the notes."""
PICTURE = 70.0
MEDIA = {"paid": "P", "owned": "O", "earned": "E"}


@dataclass(frozen=True)
class Row:
    """One lane: its name, a text per step, pictures by step, its height in points."""

    name: str
    texts: tuple[str, ...]
    pictures: tuple[BoardCard | None, ...]
    height: float
    serif: bool = False
    sunken: bool = False


def rows_of(
    shown: Pictured, lanes: Sequence[BoardLane], steps: Sequence[BoardStep], column: float
) -> tuple[list[Row], list[str]]:
    """The rows of a table, and the texts that were too long for it."""
    rows, cut = [], []
    places = [step.number - 1 for step in steps]
    for lane in lanes:
        texts = []
        for step, place in zip(steps, places, strict=True):
            whole = _text(shown, lane, step, lane.cells[place])
            text = _shortened(whole, column)
            if text != whole:
                cut.append(f"{lane.name}, {step.name}: {whole}")
            texts.append(text)
        pictures = tuple(_picture(lane.cells[place]) for place in places)
        rows.append(_row(lane, tuple(texts), pictures, column))
    return rows, cut


def _row(
    lane: BoardLane, texts: tuple[str, ...], pictures: tuple[BoardCard | None, ...], column: float
) -> Row:
    counts = [len(wrap(text, (column - 2 * PAD) / ARIAL, SIZE)) for text in texts]
    names = len(wrap(lane.name, 88 / ARIAL, SIZE, "sans-600"))
    height = max([names, *counts, 1]) * LINE_HEIGHT + 2 * PAD
    if any(pictures):
        height += PICTURE + PAD
    sunken = lane.is_line or lane.kind in (LaneKind.BACKSTAGE, LaneKind.SUPPORT)
    return Row(lane.name, texts, pictures, height, lane.kind == LaneKind.QUOTES, sunken)


def _shortened(text: str, column: float) -> str:
    lines = wrap(text, (column - 2 * PAD) / ARIAL, SIZE)
    if len(lines) <= LINES:
        return text
    return "\n".join(lines[: LINES - 1]) + "\n" + _("… (whole in the notes)")


def _picture(cell: Cell) -> BoardCard | None:
    return next((card for card in cell.cards if card.upload and card.upload.is_picture), None)


def _text(shown: Pictured, lane: BoardLane, step: BoardStep, cell: Cell) -> str:
    """What a cell says, in words."""
    point = shown.reading.point(step.id)
    if lane.is_line:
        return ""
    if lane.kind == LaneKind.TOUCHPOINTS:
        return "\n".join(f"{MEDIA[chip.media_type]}  {chip.name}" for chip in step.touchpoints)
    if lane.kind == LaneKind.CHANNELS:
        return "\n".join(dict.fromkeys(c.channel for c in step.touchpoints if c.channel))
    if lane.kind == LaneKind.INDICATORS and point is not None and point.estimate is not None:
        reach = "" if point.reach is None else _("reach %(share)s") % {
            "share": percent(point.reach)
        }  # fmt: skip
        found = (f"n = {number(point.n)}", signed(point.estimate.mean), reach)
        return "\n".join(text for text in found if text)
    if lane.kind in (LaneKind.EMOTION, LaneKind.INDICATORS):
        return "\n".join(text for text, _c, _f in measured_lines(point, shown.reading.k))
    return "\n\n".join(_card(card) for card in cell.cards)


def _card(card: BoardCard) -> str:
    mark = str(Mark(card.mark).label) if card.mark else ""
    status = str(CardStatus(card.status).label) if card.status else ""
    file = card.upload.name if card.upload and not card.upload.is_picture else ""
    meta = " · ".join(text for text in (mark, card.owner, status, evidence_words(card)) if text)
    return "\n".join(text for text in (card.text, file, card.url, f"({meta})") if text)


@dataclass(frozen=True)
class Table:
    """Rows to draw under the names of their steps."""

    steps: Sequence[BoardStep]
    rows: Sequence[Row]
    column: float

    def draw(self, slide: Slide, x: float, y: float, side: float) -> None:
        """A table of PowerPoint, which grows and can be edited."""
        height = HEAD + sum(row.height for row in self.rows)
        frame = slide.slide.shapes.add_table(
            len(self.rows) + 1, len(self.steps) + 1, Pt(x), Pt(y),
            Pt(side + self.column * len(self.steps)), Pt(height),
        )  # fmt: skip
        table: Any = frame.table
        table.horz_banding = False
        table.columns[0].width = Pt(side)
        for place, step in enumerate(self.steps, 1):
            table.columns[place].width = Pt(self.column)
            words = f"{step.number} {step.name}" + (" ★" if step.is_moment else "")
            _cell(table.cell(0, place), words, bold=True, fill=SURFACE)
        _cell(table.cell(0, 0), "", fill=SURFACE)
        table.rows[0].height = Pt(HEAD)
        top = y + HEAD
        for place, row in enumerate(self.rows, 1):
            self._row(slide, table, place, row)
            self._pictures(slide, row, x + side, top)
            top += row.height

    def _row(self, slide: Slide, table: Any, place: int, row: Row) -> None:
        fill = SUNKEN if row.sunken else SURFACE
        table.rows[place].height = Pt(row.height)
        _cell(table.cell(place, 0), row.name, bold=True, fill=fill)
        for column, text in enumerate(row.texts, 1):
            below = PICTURE + PAD if row.pictures[column - 1] else 0.0
            _cell(table.cell(place, column), text, fill=fill, serif=row.serif, below=below)

    def _pictures(self, slide: Slide, row: Row, x: float, top: float) -> None:
        for place, card in enumerate(row.pictures):
            if card is not None and card.upload is not None:
                wide, high = card.upload.width or 4, card.upload.height or 3
                scale = min((self.column - 2 * PAD) / wide, PICTURE / high)
                left = x + place * self.column + PAD
                box = (left, top + PAD, wide * scale, high * scale)
                slide.picture(Photo(*box, card.upload.id, card.upload.name))


def _cell(
    cell: Any, text: str, *, fill: str, bold: bool = False, serif: bool = False, below: float = 0
) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = colour(fill)
    cell.margin_left = cell.margin_right = Pt(PAD)
    cell.margin_top, cell.margin_bottom = Pt(PAD / 2 + below), Pt(PAD / 2)
    ink = INK if bold or not serif else INK_2
    write(cell.text_frame, text, size=SIZE, fill=ink, serif=serif, bold=bold)
    _border(cell)


def _border(cell: Any) -> None:
    """Hairlines: the library has no words for them."""
    properties = cell._tc.get_or_add_tcPr()
    for name in ("lnL", "lnR", "lnT", "lnB"):
        line = parse_xml(
            f'<a:{name} {nsdecls("a")} w="6350"><a:solidFill>'
            f'<a:srgbClr val="{LINE_2.lstrip("#")}"/></a:solidFill></a:{name}>'
        )
        properties.insert(("lnL", "lnR", "lnT", "lnB").index(name), line)
