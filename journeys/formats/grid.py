"""Maps as grids for spreadsheets: phases above steps, a row per lane, cards in the cells.

The CSV is the grid alone. The workbook holds the rest on further sheets, so that nothing that a
card says is lost; their first lines are keys that reading knows.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.tabular import write_csv
from journeys.formats.content import Content, cells_of, order_of
from journeys.formats.grid_cells import cell_of
from journeys.formats.grid_read import read_grid
from journeys.formats.loading import TEXTS
from journeys.models import DERIVED, LaneKind
from journeys.rows import Values

__all__ = ["losses", "read_grid", "write_grid_csv", "write_grid_xlsx"]

CELL: Final = 32_000
CARD_FIELDS: Final = {
    "mark": "mark", "colour": "tag", "owner": "owner", "status": "status", "due": "due",
    "evidence": "evidence", "source": "evidence_source", "n": "evidence_n", "as_of": "evidence_on",
    "link": "url",
}  # fmt: skip
# Signs that XML, and with it a workbook, cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_WIDTHS: Final = {
    "row": 6, "column": 7, "n": 8, "text": 48, "lane": 26, "quote": 48, "goals": 48, "needs": 48,
    "behaviour": 48, "fears": 48, "summary": 30,
}  # fmt: skip
# Written as a number and read again, these are the same text.
_NUMBER = re.compile(r"0|-?[1-9]|-?\d\.\d?[1-9]")


@dataclass(frozen=True)
class Grid:
    """The first two rows, then the lanes. ``spans``: first and last column of each phase."""

    rows: list[list[str]]
    spans: list[tuple[int, int, str]]
    columns: dict[int, int]
    lanes: dict[int, int]


def write_grid_csv(content: Content) -> Iterator[str]:
    """The grid as CSV that spreadsheets open: every cell quoted, formulas inert."""
    rows = grid_of(content).rows
    return write_csv(rows[0], rows[1:], bom=True, quoted=True)


def grid_of(content: Content, limit: int | None = None) -> Grid:
    """The map as rows of text. A phase without steps takes a column without a step."""
    phases: list[str] = []
    names: list[str] = []
    spans: list[tuple[int, int, str]] = []
    columns: dict[int, int] = {}
    for _id, phase, steps in order_of(content):
        first = len(phases) + 1
        for step_id, step in steps:
            columns[step_id] = len(phases) + 1
            phases.append(phase["name"])
            names.append(step["name"])
        if not steps:
            phases.append(phase["name"])
            names.append("")
        spans.append((first, len(phases), phase["name"]))
    rows = [[content.title, *phases], [_("Steps"), *names]]
    lanes = {lane: number for number, (lane, _row) in enumerate(content.rows("lane"), 1)}
    for label, cells in _lane_rows(content, list(columns), limit):
        row = [label, *[""] * len(phases)]
        for place, text in cells.items():
            row[columns[place]] = text
        rows.append(row)
    return Grid([[_plain(cell) for cell in row] for row in rows], spans, columns, lanes)


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def _lane_rows(
    content: Content, steps: list[int], limit: int | None
) -> Iterator[tuple[str, dict[int, str]]]:
    cells = cells_of(content)
    more = _("more cards stand on the sheet “cards”")
    kinds = set()
    for id, row in content.rows("lane"):
        kinds.add(row["kind"])
        found = derived_cells(content, row["kind"])
        if row["kind"] not in DERIVED:
            texts = {s: [card["text"] for _id, card in cells.get((id, s), [])] for s in steps}
            found = {s: cell_of(text, limit, more) for s, text in texts.items() if text}
        yield lane_label(row), found
    # What the steps say is written even where the map shows no lane for it.
    for kind in (LaneKind.TOUCHPOINTS.value, LaneKind.EMOTION.value):
        if kind not in kinds and (found := derived_cells(content, kind)):
            yield f"{LaneKind(kind).label} [{kind}, hidden]", found


def lane_label(row: Values) -> str:
    """The name of a lane with its kind in brackets."""
    name = row["name"] or str(LaneKind(row["kind"]).label)
    return f"{name} [{row['kind']}{', hidden' if row['hidden'] else ''}]"


def derived_cells(content: Content, kind: str) -> dict[int, str]:
    """Cells of a lane that shows what the steps say: touchpoints, channels, assumed emotion."""
    found: dict[int, list[str]] = {}
    if kind in (LaneKind.TOUCHPOINTS, LaneKind.CHANNELS):
        for _id, row in content.rows("touchpoint"):
            ref = content.touchpoints.get(row["touchpoint_id"])
            text = (ref.name if kind == LaneKind.TOUCHPOINTS else ref.channel) if ref else ""
            if text and text not in found.setdefault(row["step_id"], []):
                found[row["step_id"]].append(text)
        return {step: cell_of(texts) for step, texts in found.items() if texts}
    if kind == LaneKind.EMOTION:
        for id, row in content.state["step"].items():
            if row["assumed"] is not None:
                found[id] = [_signed(row["assumed"])]
        for _id, row in sorted(content.state["assumption"].items()):
            if row["persona_id"] in content.personas:
                name = content.personas[row["persona_id"]].name
                found.setdefault(row["step_id"], []).append(f"{name}: {_signed(row['value'])}")
    return {step: "\n".join(texts) for step, texts in found.items()}


def _signed(text: str) -> str:
    value = Decimal(text)
    return f"{value.normalize():f}" if value else "0"


def write_grid_xlsx(content: Content) -> bytes:
    """The map as a workbook: the grid first, then cards, steps, lanes, questions and personas."""
    target = io.BytesIO()
    grid = grid_of(content, CELL)
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(target, options) as book:
        _write_map(book, grid)
        _write_table(book, "cards", _card_table(content, grid))
        _write_table(book, "steps", _step_table(content, grid))
        _write_table(book, "lanes", _lane_table(content))
        _write_table(book, "questions", _question_table(content, grid))
        _write_table(book, "personas", _persona_table(content))
    return target.getvalue()


def _write_map(book: Any, grid: Grid) -> None:
    page = book.add_worksheet("map")
    wrap = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D5CE"}
    body = book.add_format(wrap)
    head = book.add_format(wrap | {"bold": True, "bg_color": "#F3F0EA"})
    phase = book.add_format(wrap | {"bold": True, "bg_color": "#E7E2D9", "align": "center"})
    for line, row in enumerate(grid.rows):
        for column, text in enumerate(row):
            is_head = line == 1 or column == 0
            _put(page, line, column, text, phase if line == 0 else head if is_head else body)
        page.set_row(line, _height(row, 26))
    for first, last, name in grid.spans:
        if last > first:
            page.merge_range(0, first, 0, last, "", phase)
            _put(page, 0, first, _plain(name), phase)
    page.set_column(0, 0, 28)
    page.set_column(1, max(1, len(grid.rows[0]) - 1), 26)
    page.freeze_panes(2, 1)
    page.set_landscape()
    page.set_paper(9)
    if len(grid.rows[0]) <= 14:
        page.fit_to_pages(1, 0)
    page.repeat_rows(0, 1)
    page.repeat_columns(0, 0)


def _height(row: Sequence[Any], width: int) -> float:
    """Points for the highest cell of a row: programs do not all find it themselves."""
    lines = [
        sum(1 + len(line) // width for line in text.split("\n"))
        for text in row
        if isinstance(text, str)
    ]
    return min(15.0 * max(lines, default=1), 400.0)


def _put(page: Any, line: int, column: int, text: str, form: Any) -> None:
    """Text stays text; a lone number of the emotion lane is one."""
    if text and _NUMBER.fullmatch(text) and line > 1:
        page.write_number(line, column, float(text), form)
    elif text:
        page.write_string(line, column, text, form)
    else:
        page.write_blank(line, column, None, form)


Table = tuple[Sequence[str], Iterable[Sequence[Any]]]


def _write_table(book: Any, name: str, table: Table) -> None:
    heads, rows = table
    page = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bg_color": "#E7E2D9"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for column, head in enumerate(heads):
        page.write_string(0, column, head, bold)
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int) and not isinstance(value, bool):
                page.write_number(line, column, value)
            elif value not in (None, "", False):
                page.write_string(line, column, "yes" if value is True else _plain(value), wrap)
        page.set_row(line, _height([value for value in row if value is not True], 48))
    for column, head in enumerate(heads):
        page.set_column(column, column, _WIDTHS.get(head, 18))
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _card_table(content: Content, grid: Grid) -> Table:
    cells, lanes = cells_of(content), dict(content.rows("lane"))
    places = _places(content)
    rows = [
        [
            grid.lanes[lane], grid.columns[step], lane_label(lanes[lane]), *places[step],
            card["text"], *(card[field] for field in CARD_FIELDS.values()),
            content.files[card["upload_id"]].name if card["upload_id"] in content.files else "",
        ]
        for lane in grid.lanes
        for step in grid.columns
        for _id, card in cells.get((lane, step), [])
    ]  # fmt: skip
    return ("row", "column", "lane", "phase", "step", "text", *CARD_FIELDS, "file"), rows


def _places(content: Content) -> dict[int, tuple[str, str]]:
    return {
        id: (phase["name"], step["name"])
        for _id, phase, steps in order_of(content)
        for id, step in steps
    }


def _step_table(content: Content, grid: Grid) -> Table:
    places = _places(content)
    rows = []
    for id, column in grid.columns.items():
        step = content.state["step"][id]
        opens = content.maps.get(step["opens_id"])
        links = [*opens] if opens else ["", ""]
        rows.append([column, *places[id], step["is_moment"], *links])
    return ("column", "phase", "step", "moment_of_truth", "opens_address", "opens_title"), rows


def _lane_table(content: Content) -> Table:
    rows = [
        [n, lane_label(row), row["note"], row["collapsed"]]
        for n, (_id, row) in enumerate(content.rows("lane"), 1)
    ]
    return ("row", "lane", "note", "collapsed"), rows


def _question_table(content: Content, grid: Grid) -> Table:
    rows = [
        [grid.columns[row["step_id"]], *content.questions[row["question_id"]]]
        for _id, row in sorted(content.state["question"].items())
        if row["step_id"] in grid.columns and row["question_id"] in content.questions
    ]
    return ("column", "survey", "key"), rows


def _persona_table(content: Content) -> Table:
    on_map = [row["persona_id"] for _id, row in content.rows("persona")]
    others = [id for id in sorted(content.personas) if id not in on_map]
    rows = []
    for id in [*on_map, *others]:
        persona = content.personas.get(id)
        if persona is not None:
            texts = [persona.texts.get(name, "") for name in TEXTS]
            segment = persona.segment or ("", "")
            rows.append(
                [
                    persona.name,
                    *texts,
                    persona.reviewed_on,
                    *segment,
                    "yes" if id in on_map else "no",
                ]
            )
    return ("name", *TEXTS, "reviewed_on", "dimension", "segment", "on_map"), rows


def losses(content: Content, kind: str) -> list[str]:
    """What of this map a workbook (``xlsx``) or the grid alone (``csv``) does not keep."""
    state, found = content.state, []
    if n := len(state["arrow"]):
        found.append(ngettext("%(n)s arrow", "%(n)s arrows", n) % {"n": n})
    if content.files:
        found.append(_("pictures and files themselves; their names are kept") if kind == "xlsx"
                     else _("pictures and files"))  # fmt: skip
    if kind == "csv":
        found += _csv_losses(content)
    phases = [row["name"] for _id, row, _steps in order_of(content)]
    if any(a == b for a, b in pairwise(phases)):
        found.append(_("that two neighbouring phases of one name are two"))
    people = [persona.name for persona in content.personas.values()]
    if len(set(people)) < len(people):
        found.append(_("that two personas of one name are two"))
    found.append(_("measured emotion and the number of answers"))
    return found


def _csv_losses(content: Content) -> list[str]:
    state, found = content.state, []
    if n := len(state["card"]):
        found.append(
            ngettext(
                "evidence, owner, status, due date and link of %(n)s card",
                "evidence, owner, status, due date and link of %(n)s cards",
                n,
            )
            % {"n": n}
        )
    if any(row["is_moment"] for row in state["step"].values()):
        found.append(_("moments of truth"))
    if state["question"]:
        found.append(_("questions bound to steps"))
    if content.maps:
        found.append(_("links to other maps"))
    if content.personas:
        found.append(_("personas; their names stand beside what they feel"))
    return found
