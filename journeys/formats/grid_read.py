"""Reading grids from spreadsheets: our own without loss, others by guesses that are told."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl.utils import get_column_letter

from cxm.tabular import Sheet, TableError, read_sheets
from journeys.formats.content import MARKS, Builder, Content, FormatError, Note, PersonaContent
from journeys.formats.grid_cells import cards_in
from journeys.formats.grid_sheets import Extras, read_extras
from journeys.formats.grid_words import PHASES, STEPS, kind_of, labels
from journeys.models import DERIVED, LINES, LaneKind

__all__ = ["Note", "read_grid"]

_BRACKET: Final = re.compile(r"(.*)\[([^\[\]]{1,60})\]\s*", re.DOTALL)
_FELT: Final = re.compile(r"(?:(.*):)?\s*([+\-−–]?\d{1,4}(?:[.,]\d{1,6})?)\s*", re.DOTALL)
_OWN_TITLE: Final = PHASES | STEPS | {"", "journey", "lane", "lanes", "spur", "spuren"}


@dataclass
class Row:
    """One lane as the sheet has it; ``cells`` by column from 1."""

    line: int
    label: str
    cells: dict[int, str]


@dataclass
class Column:
    step: int
    name: str


@dataclass
class Feeling:
    """One number of an emotion lane; ``who`` is a persona's name or empty."""

    column: int
    line: int
    who: str
    value: Decimal


@dataclass
class _Reader:
    builder: Builder
    is_workbook: bool
    catalogue: frozenset[str]
    columns: dict[int, Column] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    extras: Extras = field(default_factory=Extras)

    def at(self, line: int, column: int | None = None) -> str:
        if column is None:
            return _("line %(line)d") % {"line": line}
        if self.is_workbook:
            return f"{get_column_letter(column + 1)}{line}"
        return _("line %(line)d, column %(column)d") % {"line": line, "column": column + 1}

    def note(
        self, kind: Literal["guessed", "changed", "lost"], words: str, line: int,
        column: int | None = None,
    ) -> None:  # fmt: skip
        self.builder.note(kind, self.at(line, column), words)


def read_grid(file: BinaryIO, *, name: str = "", catalogue: Collection[str] = ()) -> Content:
    """The map in a CSV or XLSX grid. ``catalogue``: names of known touchpoints, which tell whether
    a comma is part of one. Raises FormatError.
    """
    try:
        sheets = read_sheets(file, name=name)
    except TableError as error:
        raise FormatError(error.message) from error
    sheet = _map_sheet(sheets)
    known = frozenset(name.casefold() for name in catalogue)
    reader = _Reader(Builder(), bool(sheet.name), known)
    reader.extras = read_extras(sheets, reader.builder)
    for key, (persona, on_map) in reader.extras.people.items():
        reader.people[key] = reader.builder.persona(persona, on_map=on_map)
    _tell_formulas(reader, sheet)
    rows = _heads(reader, sheet, name)
    for number, row in enumerate(rows, 1):
        _read_lane(reader, row, number)
    steps = {n: column.step for n, column in reader.columns.items()}
    reader.extras.finish(reader.builder, steps)
    return reader.builder.done()


def _map_sheet(sheets: list[Sheet]) -> Sheet:
    filled = [sheet for sheet in sheets if sheet.rows]
    found = next((s for s in filled if s.name.casefold() == "map"), filled[0] if filled else None)
    if found is None:
        raise FormatError(_("The sheet is empty."))
    return found


def _tell_formulas(reader: _Reader, sheet: Sheet) -> None:
    for cell in sheet.formulas:
        words = _(
            "A formula without its value: open the file in a spreadsheet, save it, try again."
        )
        reader.builder.note("lost", cell, words)


def _heads(reader: _Reader, sheet: Sheet, name: str) -> list[Row]:
    """Read the first rows: title, phases, steps. What is left are the rows of lanes."""
    (line, first), *rest = sheet.rows
    head = first[0].strip() if first else ""
    is_steps = head.casefold() in STEPS
    second = rest[0] if rest else (0, [])
    has_steps = not is_steps and bool(rest) and _is_step_row(second[1])
    title = "" if head.casefold() in _OWN_TITLE else head
    reader.builder.title(title or re.sub(r"\.\w{1,5}$", "", name), reader.at(line, 0))
    lanes = [_row(cells, at) for at, cells in (rest[1:] if has_steps else rest)]
    phases = [] if is_steps else first
    steps = first if is_steps else second[1] if has_steps else []
    if is_steps:
        reader.note("guessed", _("There is no row of phases: all steps are in one phase."), line)
    elif not has_steps:
        words = _("There is no row of steps: every phase gets one step of its own name.")
        reader.note("guessed", words, line)
    width = max((len(cells) for _line, cells in sheet.rows), default=0)
    used = {column for row in lanes for column in row.cells}
    _columns(reader, phases, steps, range(1, width), used, (line, second[0] or line))
    return lanes


def _is_step_row(cells: list[str]) -> bool:
    head = cells[0].strip().casefold() if cells else ""
    return not head or head in STEPS


def _row(cells: list[str], line: int) -> Row:
    filled = {n: cell for n, cell in enumerate(cells) if n and cell.strip()}
    return Row(line, cells[0].strip() if cells else "", filled)


def _columns(
    reader: _Reader,
    phases: list[str],
    steps: list[str],
    columns: range,
    used: set[int],
    lines: tuple[int, int],
) -> None:
    """Make phases and steps of the first two rows, column by column."""
    builder, phase, current, last = reader.builder, None, "", None
    has_steps = bool(steps)
    for n in columns:
        above = phases[n].strip() if n < len(phases) else ""
        name = steps[n].strip() if n < len(steps) else ""
        if not above and not name and n not in used:
            continue
        is_new = bool(above) and above != current
        if is_new or phase is None:
            if not above:
                reader.note("guessed", _("A step without a phase above it."), lines[0], n)
            phase = builder.phase(above or _("Phase 1"), where=reader.at(lines[0], n))
            current, last = above, None
        if not has_steps and above and is_new:
            name = above
        if not name and n in used and last is not None and has_steps:
            words = _("There is no step above this column: it belongs to “%(step)s” on its left.")
            reader.note("guessed", words % {"step": last.name}, lines[1], n)
            reader.columns[n] = last
        elif name or n in used:
            where = reader.at(lines[1], n)
            id = builder.step(phase, name, where=where, **reader.extras.step(n))
            last = reader.columns[n] = Column(id, builder.content.state["step"][id]["name"])


def _read_lane(reader: _Reader, row: Row, number: int) -> None:
    name, kind, flags, is_own = _kind(reader, row)
    content = reader.builder.content
    if not row.label and content.state["lane"]:
        reader.note("guessed", _("A row without a name belongs to the lane above it."), row.line)
        lane = max(content.state["lane"], key=lambda id: content.state["lane"][id]["position"])
        kind = content.state["lane"][lane]["kind"]
    else:
        fields = reader.extras.lane(number) | flags
        lane = reader.builder.lane(kind, name, where=reader.at(row.line, 0), **fields)
    if kind == LaneKind.TOUCHPOINTS:
        _touchpoints(reader, row, is_own)
    elif kind == LaneKind.EMOTION:
        _emotion(reader, row, lane)
    elif kind not in DERIVED:
        _cards(reader, row, lane, number)
    elif row.cells and not is_own:
        _beside(reader, row, name or row.label, row.cells)


def _kind(reader: _Reader, row: Row) -> tuple[str, str, dict[str, bool], bool]:
    """Name, kind, flags of a lane, and whether the sheet says its kind in brackets."""
    found = _BRACKET.fullmatch(row.label)
    words = [word.strip().casefold() for word in found.group(2).split(",")] if found else []
    if found and words[0] in LaneKind.values:
        name = found.group(1).strip()
        is_label = labels().get(name.casefold()) == words[0]
        return "" if is_label else name, words[0], {"hidden": "hidden" in words[1:]}, True
    guess = kind_of(row.label)
    if guess is None:
        if row.label:
            words_ = _("“%(name)s” is read as a lane of notes; its kind can be put in brackets.")
            reader.note("guessed", words_ % {"name": row.label[:60]}, row.line, 0)
        return row.label, LaneKind.TEXT.value, {}, False
    if labels().get(row.label.casefold()) == guess:
        return "", guess.value, {}, False
    if guess in LINES and row.cells:
        guess = LaneKind.TEXT
    reader.note(
        "guessed",
        _("“%(name)s” is read as a lane of the kind “%(kind)s”.")
        % {"name": row.label[:60], "kind": guess.label},
        row.line,
        0,
    )
    return row.label, guess.value, {}, False


def _cards(reader: _Reader, row: Row, lane: int, number: int) -> None:
    for column, cell in row.cells.items():
        texts, more = cards_in(cell)
        place = reader.columns.get(column)
        if place is None:
            continue
        where = reader.at(row.line, column)
        reader.extras.place(
            (number, column), (row.label, place.name), lane, place.step, texts, more, where
        )
        if not reader.extras.has_cards:
            for text in texts:
                mark = MARKS.get(reader.builder.content.state["lane"][lane]["kind"], "")
                reader.builder.card(lane, place.step, text, where=where, mark=mark)
            if more:
                words = ngettext(
                    "%(n)s more card stood in another file.",
                    "%(n)s more cards stood in another file.",
                    more,
                )
                reader.note("lost", words % {"n": more}, row.line, column)


def _touchpoints(reader: _Reader, row: Row, is_own: bool) -> None:
    for column, cell in row.cells.items():
        place = reader.columns.get(column)
        for name in cards_in(cell)[0] if place else ():
            parts = [name]
            if not is_own and name.casefold() not in reader.catalogue:
                parts = [part.strip() for part in re.split(r"[,;•\n]", name)]
            for part in parts:
                if part.strip() and place:
                    where = reader.at(row.line, column)
                    id = reader.builder.touchpoint(part, where)
                    reader.builder.touch(place.step, id)


def _emotion(reader: _Reader, row: Row, lane: int) -> None:
    """Numbers become what the team assumes; anything else goes to a lane of notes beside."""
    felt: list[Feeling] = []
    others: dict[int, list[str]] = {}
    for column, cell in row.cells.items():
        for text in cell.splitlines():
            found = _FELT.fullmatch(text) if len(text) < 300 else None
            if found:
                number = Decimal(re.sub("[−–]", "-", found.group(2)).replace(",", "."))
                felt.append(Feeling(column, row.line, (found.group(1) or "").strip(), number))
            elif text.strip():
                others.setdefault(column, []).append(text.strip())
    shift = _shift(reader, felt, row)
    for feeling in felt:
        _feel(reader, feeling, shift)
    if others:
        texts = {column: "\n".join(lines) for column, lines in others.items()}
        _beside(reader, row, row.label, texts)


def _shift(reader: _Reader, felt: list[Feeling], row: Row) -> Decimal:
    """3 where the numbers are scores from 1 to 5, as many sheets have them; else 0."""
    values = [feeling.value for feeling in felt]
    if values and max(values) > 2 and all(1 <= value <= 5 for value in values):
        words = _("The numbers are read as scores from 1 to 5, with 3 in the middle.")
        reader.note("guessed", words, row.line)
        return Decimal(3)
    return Decimal(0)


def _feel(reader: _Reader, feeling: Feeling, shift: Decimal) -> None:
    place = reader.columns.get(feeling.column)
    if place is None:
        return
    exact = feeling.value - shift
    value = min(max(exact, Decimal(-2)), Decimal(2)).quantize(Decimal("0.01"))
    if value != exact:
        words = _("%(found)s becomes %(new)s: emotion goes from −2 to +2, with two decimals.")
        reader.note(
            "changed", words % {"found": feeling.value, "new": value}, feeling.line, feeling.column
        )
    value += 0
    if not feeling.who:
        reader.builder.content.state["step"][place.step]["assumed"] = f"{value:.2f}"
        return
    key = feeling.who.casefold()
    if key not in reader.people:
        where = reader.at(feeling.line, feeling.column)
        persona = PersonaContent(reader.builder.line(feeling.who, 120, where))
        reader.people[key] = reader.builder.persona(persona)
    reader.builder.assume(place.step, reader.people[key], value)


def _beside(reader: _Reader, row: Row, name: str, cells: dict[int, str]) -> None:
    """Texts of a lane that holds none, in a lane of notes after it."""
    words = _("“%(name)s” holds texts; they are kept in a lane of notes of the same name.")
    reader.note("changed", words % {"name": name[:60]}, row.line)
    lane = reader.builder.lane(LaneKind.TEXT.value, name, where=reader.at(row.line, 0))
    for column, cell in cells.items():
        place = reader.columns.get(column)
        for text in cards_in(cell)[0] if place else ():
            where = reader.at(row.line, column)
            reader.builder.card(lane, place.step if place else 0, text, where=where)
