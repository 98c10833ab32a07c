"""A map as slides: the finding first, then one phase after the other, all shapes editable.

Each phase has its claim, its piece of the curve and its lanes as a table; what does not fit one
slide goes on to the next. Speaker notes hold every number, and every text that had to be cut.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from pptx import Presentation
from pptx.util import Pt

from journeys import curve_words
from journeys.board import BoardPhase, BoardStep
from journeys.formats.drawing_svg import Uploads
from journeys.formats.pptx_table import HEAD, Row, Table, rows_of
from journeys.formats.pptx_tools import Slide, colour
from journeys.formats.svg_curve import Lane, level_words
from journeys.formats.svg_fonts import clean, width
from journeys.formats.svg_layout import Pictured, notes
from journeys.formats.svg_shapes import INK, INK_2, INK_3, LINE
from journeys.present_words import Claim, claim, number_lines

WIDTH, HEIGHT = 960.0, 540.0
"""Points of a slide, 16:9."""
MARGIN, SIDE = 36.0, 96.0
STEPS = 6
"""Steps on one slide, so that their words can be read."""
CURVE = 132.0


@dataclass(frozen=True)
class Part:
    """Some steps of a phase: what one slide has room for."""

    phase: BoardPhase
    steps: Sequence[BoardStep]
    number: int
    count: int


def deck(shown: Pictured, uploads: Callable[[set[int]], Uploads]) -> bytes:
    """The presentation as a PPTX file."""
    file = Presentation()
    file.slide_width, file.slide_height = Pt(WIDTH), Pt(HEIGHT)
    file.core_properties.title = shown.title
    file.core_properties.author = "CXM"
    _opening(Slide(file, {}), shown)
    pictures = _picture_ids(shown)
    found = uploads(pictures) if pictures else {}
    for phase in shown.board.phases:
        for part in _parts(phase):
            _phase(file, shown, part, found)
    data = io.BytesIO()
    file.save(data)
    return data.getvalue()


def _picture_ids(shown: Pictured) -> set[int]:
    return {
        card.upload.id
        for lane in shown.board.shown_lanes
        for cell in lane.cells
        for card in cell.cards
        if card.upload and card.upload.is_picture
    }


def _parts(phase: BoardPhase) -> list[Part]:
    groups = [phase.steps[at : at + STEPS] for at in range(0, len(phase.steps), STEPS)] or [()]
    return [Part(phase, group, n, len(groups)) for n, group in enumerate(groups, 1)]


def _opening(slide: Slide, shown: Pictured) -> None:
    """Title, finding, the whole curve, and which answers these are."""
    slide.text(shown.title, MARGIN, 28, WIDTH - 2 * MARGIN, 44, size=30, serif=True, bold=True,
               is_title=True)  # fmt: skip
    if shown.has_curve:
        finding = curve_words.finding(shown.reading)
        slide.text(finding.sentence, MARGIN, 84, WIDTH - 2 * MARGIN, 56, size=20, serif=True)
        slide.text(finding.facts, MARGIN, 140, WIDTH - 2 * MARGIN, 20, size=11, fill=INK_2)
        if shown.board.steps:
            _curve(slide, shown, shown.board.steps, 176, 230)
    slide.text(" · ".join(shown.facts), MARGIN, HEIGHT - 62, WIDTH - 2 * MARGIN, 20, size=11,
               fill=INK_2)  # fmt: skip
    lines = [line for phase in shown.board.phases for line in number_lines(shown.reading, phase)]
    slide.notes([*(lines if shown.has_curve else ()), *notes(shown)])


def _phase(file: object, shown: Pictured, part: Part, uploads: Uploads) -> None:
    lanes = [lane for lane in shown.board.shown_lanes if not lane.is_line or lane.name]
    column = (WIDTH - 2 * MARGIN - SIDE) / max(1, len(part.steps))
    rows, cut = rows_of(shown, lanes, part.steps, column)
    slide, top = _head(file, shown, part, uploads, is_first=True)
    first = slide
    pending: list[Row] = []
    room = HEIGHT - 34 - top - HEAD
    for row in rows:
        if pending and sum(r.height for r in pending) + row.height > room:
            Table(part.steps, pending, column).draw(slide, MARGIN, top, SIDE)
            slide, top = _head(file, shown, part, uploads, is_first=False)
            pending, room = [], HEIGHT - 34 - top - HEAD
        pending.append(row)
    if part.steps:
        Table(part.steps, pending, column).draw(slide, MARGIN, top, SIDE)
    numbers = number_lines(shown.reading, BoardPhase(0, "", False, tuple(part.steps)))
    first.notes([*(numbers if shown.has_curve else ()), *cut])


def _head(
    file: object, shown: Pictured, part: Part, uploads: Uploads, *, is_first: bool
) -> tuple[Slide, float]:
    """A new slide with the name of the phase, its claim and its curve; where the table begins."""
    slide = Slide(file, uploads)
    name = " ".join(clean(part.phase.name).split())
    if part.count > 1:
        name = f"{name} ({part.number}/{part.count})"
    if not is_first:
        name = _("%(phase)s, continued") % {"phase": name}
    said = claim(shown.reading, part.phase) if shown.has_curve else Claim("")
    slide.text(name, MARGIN, 16, WIDTH - 2 * MARGIN, 20, size=12, fill=INK_2)
    title = said.sentence or name
    size = 22.0 if width(title, 22, "serif-600") * 1.15 < WIDTH - 2 * MARGIN else 15.0
    slide.text(title, MARGIN, 33, WIDTH - 2 * MARGIN, 36, size=size, serif=True, bold=True,
               is_title=True)  # fmt: skip
    slide.text(" · ".join(shown.facts), MARGIN, HEIGHT - 28, WIDTH - 2 * MARGIN, 16, size=9,
               fill=INK_3)  # fmt: skip
    if not is_first or not shown.has_curve or not part.steps:
        return slide, 84.0
    proof = {True: _("Gap proven"), False: _("No gap is proven"), None: ""}[said.proven]
    facts = " · ".join(text for text in (proof, said.facts) if text)
    slide.text(facts, MARGIN, 70, WIDTH - 2 * MARGIN, 16, size=10.5, fill=INK_2)
    _curve(slide, shown, part.steps, 90, CURVE)
    return slide, 90 + CURVE + 6


def _curve(
    slide: Slide, shown: Pictured, steps: Sequence[BoardStep], y: float, height: float
) -> None:
    """Both curves as shapes that can be moved, over the columns of the table below."""
    column = (WIDTH - 2 * MARGIN - SIDE) / len(steps)
    size = 9.0 if column > 60 else 7.0
    lane = Lane(steps, shown.reading, MARGIN + SIDE, y, column, height, size, 0.9)
    for value, word in level_words():
        place = lane.at(0, value)[1]
        label = f"{value:+d} {word}".replace("-", "−").replace("+0", "0")
        slide.text(label, MARGIN, place - 7, SIDE - 6, 14, size=8, fill=INK_2, align="right")
    slide.shapes(lane.shapes())
    if len(steps) > STEPS or height > CURVE:
        for place, step in enumerate(steps):
            x = MARGIN + SIDE + place * column
            label = f"{step.number} {clean(step.name)}" if column > 30 else str(step.number)
            slide.text(label, x, y + height + 2, column, 40, size=size, fill=INK, align="center")
    slide.line(MARGIN + SIDE, y + height, WIDTH - MARGIN, y + height, colour(LINE))
