"""Writing tables: as a stream, with nothing that a spreadsheet would run."""

import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Final

import xlsxwriter
from django.utils.translation import gettext as _

from cxm.tabular.inert import defuse
from cxm.tabular.table import TableError

_CELL: Final = 32_767  # characters that a spreadsheet cell holds
_ROWS: Final = 1_048_575


class _Echo:
    """A file for the csv module that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def write_csv(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    delimiter: str = ",",
    bom: bool = False,
    quoted: bool = False,
) -> Iterator[str]:
    """CSV as text, line by line (CRLF, RFC 4180). ``bom`` for files that Excel shall open.

    ``quoted``: every cell in quotes, so that no text is taken for the delimiter.
    """
    writer = csv.writer(
        _Echo(), delimiter=delimiter, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    )
    if bom:
        yield "\ufeff"
    yield writer.writerow([defuse(name) for name in header])
    for row in rows:
        yield writer.writerow([defuse(value) for value in row])


def write_xlsx(
    target: BinaryIO,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    sheet: str = "",
) -> None:
    """One sheet into ``target``; text stays text, numbers are numbers. Memory stays flat."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        page = book.add_worksheet(_sheet_name(sheet) or None)
        bold = book.add_format({"bold": True})
        for column, name in enumerate(header):
            page.write_string(0, column, name[:_CELL], bold)
        for number, row in enumerate(rows, 1):
            if number > _ROWS:
                raise TableError(
                    _("A sheet holds no more than %(n)d lines: use CSV.") % {"n": _ROWS}
                )
            for column, value in enumerate(row):
                _write(page, number, column, value)
        page.freeze_panes(1, 0)


def _sheet_name(name: str) -> str:
    """Excel refuses some signs, more than 31 characters, and apostrophes at the ends."""
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in name)[:31].strip("' ")


def _write(page: "xlsxwriter.worksheet.Worksheet", line: int, column: int, value: object) -> None:
    if value is None or value == "":
        return
    if isinstance(value, int | float) and not isinstance(value, bool):
        if math.isfinite(value):
            page.write_number(line, column, value)
        return
    page.write_string(line, column, str(value)[:_CELL])
