"""A whole map laid out as a sheet: title, phases, steps, lanes, both curves, and their signs."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.templatetags.ui import number, signed
from journeys import curve_words
from journeys.board import Board, BoardLane, BoardStep
from journeys.curve import CurveReading
from journeys.formats import svg_cells, svg_curve
from journeys.formats.svg_cells import COLUMN, PAD, Content
from journeys.formats.svg_fonts import clean, wrap
from journeys.formats.svg_shapes import (
    EDGE,
    INK,
    INK_2,
    INK_3,
    LINE,
    Box,
    Path,
    Shape,
    Sheet,
    Words,
    text_lines,
)
from journeys.models import Evidence, LaneKind, Persona

SIDE = 132.0
PHASE = 30.0


@dataclass(frozen=True)
class Pictured:
    """What one picture, paper or set of slides shows: a map, its numbers, for whom, as of when."""

    board: Board
    reading: CurveReading
    persona: Persona | None = None
    as_of: str = ""

    @property
    def has_curve(self) -> bool:
        """Numbers are left out where the lane that shows them was hidden."""
        lanes = [lane for lane in self.board.lanes if lane.kind == LaneKind.EMOTION]
        return not lanes or any(not lane.hidden for lane in lanes)

    @property
    def title(self) -> str:
        return " ".join(clean(self.board.title).split()) or _("Map without a title")

    @property
    def facts(self) -> tuple[str, ...]:
        """Date, answers, filter: what a figure must never be shown without."""
        facts = [self.as_of]
        if self.has_curve:
            n = self.reading.curve.n
            words = ngettext("%(n)s shown answer", "%(n)s shown answers", n) % {"n": number(n)}
            facts += [words, *filter_words(self.reading)]
        if self.persona:
            facts.append(_("persona: %(name)s") % {"name": self.persona.name})
        return tuple(" ".join(clean(fact).split()) for fact in facts if fact)


def filter_words(reading: CurveReading) -> list[str]:
    """Which answers: group, surveys, days, weights."""
    selected = reading.selection
    words = []
    segment = reading.choices.segment(selected.segment)
    if segment:
        words.append(segment.name)
    if selected.surveys:
        words.append(curve_words.surveys(selected.surveys_of(reading.choices)))
    days = curve_words.days(selected.since, selected.until)
    if days:
        words.append(days)
    if reading.curve.weighted:
        words.append(_("weighted"))
    return words


def lay_out(shown: Pictured) -> Sheet:
    """All shapes of a map, hidden lanes left out. A map without steps or lanes says so."""
    board = shown.board
    count = max(1, len(board.steps))
    columns = tuple(SIDE + place * COLUMN for place in range(count + 1))
    names = [_step_lines(step) for step in board.steps]
    top = PHASE + 16 + 16 * max([len(lines) for lines in names], default=1)
    sheet = Sheet(
        title=shown.title, facts=shown.facts, notes=notes(shown), left=SIDE, top=top,
        columns=columns, rows=[top],
    )  # fmt: skip
    _heads(sheet, board, names)
    for lane in board.shown_lanes:
        _lane(sheet, shown, lane)
    if not board.steps or not board.shown_lanes:
        _empty(sheet, board)
    for x in columns:
        sheet.body.insert(0, Path(((x, top), (x, sheet.bottom)), LINE))
    sheet.sides.append(Path(((SIDE, top), (SIDE, sheet.bottom)), EDGE))
    return sheet


def _step_lines(step: BoardStep) -> list[str]:
    return wrap(step.name, COLUMN - 2 * PAD - 34, 12.5, "sans-600")


def _heads(sheet: Sheet, board: Board, names: Sequence[list[str]]) -> None:
    for phase in board.phases:
        if phase.steps:
            left = sheet.columns[phase.steps[0].number - 1]
            right = sheet.columns[phase.steps[-1].number]
            sheet.phases.append((" ".join(clean(phase.name).split()), left, right))
    for step, lines in zip(board.steps, names, strict=True):
        x = sheet.columns[step.number - 1]
        sheet.heads += text_lines([str(step.number)], x + PAD, PHASE + 8, fill=INK_3)
        sheet.heads += text_lines(lines, x + PAD + 20, PHASE + 8, size=12.5, face="sans-600")
        if step.is_moment:
            sheet.heads.append(svg_curve.star(x + COLUMN - 13, PHASE + 16))
    sheet.heads.append(Path(((sheet.left, sheet.top), (sheet.right, sheet.top)), EDGE))


def _empty(sheet: Sheet, board: Board) -> None:
    words = _("The map has no steps yet.") if not board.steps else _("No lane is shown.")
    sheet.body.append(Words(sheet.left + PAD, sheet.bottom + 24, words, 13, INK_2))
    sheet.rows.append(sheet.bottom + 48)


def _lane(sheet: Sheet, shown: Pictured, lane: BoardLane) -> None:
    y = sheet.bottom
    name, note = " ".join(clean(lane.name).split()), lane.note
    if lane.is_line:
        bottom = _line(sheet, lane, name, y)
    else:
        lines = wrap(name, SIDE - 20, 12.5, "sans-600")
        under = wrap(note, SIDE - 20, 11)
        sheet.sides += text_lines(lines, 4, y + PAD, size=12.5, face="sans-600")
        place = y + PAD + 16 * len(lines)
        sheet.sides += text_lines(under, 4, place, size=11, height=14, fill=INK_2)
        needed = 2 * PAD + 16 * len(lines) + 14 * len(under)
        bottom = y + max(needed, _content(sheet, shown, lane, y), 40)
    sheet.names.append((name, y, bottom))
    sheet.rows.append(bottom)
    sheet.sides.append(Path(((0, bottom), (sheet.left, bottom)), LINE))
    sheet.body.append(Path(((sheet.left, bottom), (sheet.right, bottom)), LINE))


def _line(sheet: Sheet, lane: BoardLane, name: str, y: float) -> float:
    """A line of a blueprint: the line of visibility is solid, the others are dashed."""
    dash = None if lane.kind == LaneKind.VISIBILITY else (6.0, 4.0)
    lines = wrap(name, SIDE - 16, 11)
    high = max(26.0, 10 + 14.0 * len(lines))
    sheet.sides += text_lines(lines, 4, y + 5, size=11, height=14, fill=INK_2)
    middle = y + high / 2
    sheet.body.append(Path(((sheet.left, middle), (sheet.right, middle)), INK, line=1.6, dash=dash))
    return y + high


def _content(sheet: Sheet, shown: Pictured, lane: BoardLane, y: float) -> float:
    """Draw the cells of a lane; the height of the highest."""
    if lane.kind == LaneKind.EMOTION:
        return _emotion(sheet, shown, y)
    highest = 0.0
    before: BoardStep | None = None
    drawn: list[Shape] = []
    for step, cell in zip(shown.board.steps, lane.cells, strict=True):
        x = sheet.columns[step.number - 1]
        point = shown.reading.point(step.id)
        content: Content
        if lane.kind == LaneKind.TOUCHPOINTS:
            content = svg_cells.chips(step.touchpoints, x, y)
        elif lane.kind == LaneKind.CHANNELS:
            content = svg_cells.channels(step, before, x, y)
        elif lane.kind == LaneKind.INDICATORS:
            content = svg_cells.numbers(point, shown.reading.k, x, y)
        else:
            face = "serif" if lane.kind == LaneKind.QUOTES else "sans"
            content = svg_cells.cards(cell.cards, x, y, face)  # type: ignore[arg-type]
        drawn += content[0]
        highest = max(highest, content[1])
        before = step
    if lane.kind in (LaneKind.BACKSTAGE, LaneKind.SUPPORT):
        ground = Box(sheet.left, y, sheet.right - sheet.left, max(highest, 40), "#f4f6f4")
        sheet.body.append(ground)
    sheet.body += drawn
    return highest


def _emotion(sheet: Sheet, shown: Pictured, y: float) -> float:
    lane = svg_curve.Lane(shown.board.steps, shown.reading, sheet.left, y, COLUMN)
    sheet.body += lane.shapes()
    for value, word in svg_curve.level_words():
        text = f"{signed(value, 0) if value else '0'} {word}"
        place = lane.at(0, value)[1] + 4
        if abs(place - (y + PAD + 10)) > 12:
            sheet.sides.append(Words(SIDE - 8, place, text, 11, INK_2, anchor="end"))
    top = y + svg_curve.HEIGHT
    sheet.body.append(Path(((sheet.left, top), (sheet.right, top)), LINE))
    sheet.sides.append(Path(((0, top), (sheet.left, top)), LINE))
    label = wrap(_("Customers say: mean, 95% interval, against the team"), SIDE - 20, 11)
    sheet.sides += text_lines(label, 4, top + PAD, size=11, height=14, fill=INK_2)
    highest = 2 * PAD + 14.0 * len(label)
    for step in shown.board.steps:
        x = sheet.columns[step.number - 1]
        shapes, high = svg_cells.measured(shown.reading.point(step.id), shown.reading.k, x, top)
        sheet.body += shapes
        highest = max(highest, high)
    return svg_curve.HEIGHT + highest


def notes(shown: Pictured) -> tuple[str, ...]:
    """What signs and lines mean, in words."""
    reading = shown.reading
    evidence = Counter(
        card.evidence for lane in shown.board.shown_lanes for c in lane.cells for card in c.cards
    )
    tests = sum(1 for point in reading.curve.points if point.gap)
    counted = " · ".join(
        f"{Evidence(kind).label}: {number(evidence[kind])}" for kind in Evidence.values
    )
    looks = ngettext("Holm, %(n)s test", "Holm, %(n)s tests", tests) % {"n": number(tests)}
    proof = _("Proven: the 95%% interval of the difference excludes 0 (%(looks)s).") % {
        "looks": looks
    }
    return (
        _("Solid line: customers say, with 95% interval. Dashed line: team assumed. Star: moment"
          " of truth. Hatched: never asked."),
        proof if tests else _("No gap was tested."),
        _("Hidden: fewer than %(k)s answers. Touchpoints: P paid, O owned, E earned.")
        % {"k": reading.k},
        _("What cards rest on – %(counted)s") % {"counted": counted},
    )  # fmt: skip


def as_of_words(day: datetime.date, seq: int) -> str:
    """“as of 2 March 2026” for a past state."""
    return _("as of %(day)s (change %(seq)s)") % {
        "day": date_format(day, "DATE_FORMAT"), "seq": number(seq)
    }  # fmt: skip
