"""What a table is once it is read, and the one error that reading raises."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext as _

MAX_COLUMNS = 2000
MAX_LINE = 2_000_000  # characters of one line
MAX_CELL = 131_072  # characters of one cell: the limit of Python's csv module

Row = tuple[int, list[str]]


class TableError(Exception):
    """A file cannot be read as a table; the text is meant for the person who chose the file."""

    def __init__(self, message: str, *, line: int | None = None) -> None:
        self.message = message
        self.line = line
        super().__init__(message)


@dataclass
class Table:
    """A table being read. ``rows`` can be walked once.

    ``rows`` yields (line, cells): the line of the file on which the row begins, counted from 1,
    and as many strings as ``header`` has names. Rows without any content are left out. Walking may
    raise TableError.
    """

    header: tuple[str, ...]
    rows: Iterator[Row] = field(repr=False)
    format: Literal["csv", "xlsx"]
    encoding: str = ""
    delimiter: str = ""
    header_rows: int = 1


@dataclass
class RawRows:
    """A table before anybody said which lines are its heading; rows differ in width."""

    rows: Iterator[Row] = field(repr=False)
    format: Literal["csv", "xlsx"]
    encoding: str = ""
    delimiter: str = ""


def names(cells: list[str]) -> tuple[str, ...]:
    """The header as names that differ: trimmed, unnamed columns get their number."""
    trimmed = [cell.strip() for cell in cells]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    if not trimmed:
        raise TableError(_("The first line names no columns."), line=1)
    check_width(len(trimmed))
    header = tuple(name or f"Column {number}" for number, name in enumerate(trimmed, 1))
    seen: dict[str, int] = {}
    for number, name in enumerate(header, 1):
        if name in seen:
            raise TableError(
                _(
                    "Two columns are called “%(name)s” (columns %(first)d and %(second)d)."
                    " Rename one."
                )
                % {"name": name[:80], "first": seen[name], "second": number},
                line=1,
            )
        seen[name] = number
    return header


def check_width(width: int) -> None:
    if width > MAX_COLUMNS:
        raise TableError(
            _("The file has %(found)d columns; at most %(limit)d can be read.")
            % {"found": width, "limit": MAX_COLUMNS},
            line=1,
        )


def fit(line: int, cells: list[str], width: int) -> list[str]:
    """Fill a short row up; a longer one is an error unless the surplus is empty."""
    if len(cells) < width:
        return cells + [""] * (width - len(cells))
    if any(cells[width:]):
        raise TableError(
            _(
                "Line %(line)d has %(found)d cells, but the heading has %(expected)d."
                " Is a quote missing, or a cell with the delimiter not quoted?"
            )
            % {"line": line, "found": len(cells), "expected": width},
            line=line,
        )
    return cells[:width]
