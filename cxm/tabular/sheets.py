"""Sheets that are no tables: grids without a line of heads, several in one workbook.

Where a table is a stream, a grid is small and read as a whole, so its sizes are bounded closely.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, BinaryIO

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from cxm.tabular import detection
from cxm.tabular.csv_in import records
from cxm.tabular.inert import revive
from cxm.tabular.reading import refuse_foreign
from cxm.tabular.table import Row, TableError, check_width
from cxm.tabular.xlsx_in import check_cells, judge, text_of, whole_texts

MAX_ROWS = 10_000
MAX_SHEETS = 20
MAX_CELLS = 250_000
MAX_CHARACTERS = 16 * 1024 * 1024
MAX_UNPACKED = 64 * 1024 * 1024
# Reading a sheet a second time for its formulas costs as much as the first.
_FORMULA_ROWS = 300


@dataclass
class Sheet:
    """One sheet: (line from 1, cells) of every line with content; CSV has one without a name.

    ``formulas`` names cells whose formula was stored without its value, as in ``C4``.
    """

    name: str
    rows: list[Row] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)


def read_sheets(file: BinaryIO, *, name: str = "") -> list[Sheet]:
    """All sheets of a CSV or XLSX file, judged by its content. Raises TableError."""
    title = name or _("The file")
    file.seek(0)
    start = file.read(16)
    file.seek(0)
    if not start:
        raise TableError(_("%(name)s is empty.") % {"name": title})
    if start.startswith(b"PK"):
        return _workbook(file, title)
    refuse_foreign(start, title)
    encoding = detection.encoding(file, title=title, wanted=None)
    delimiter = detection.delimiter(file, encoding=encoding)
    file.seek(0)
    sheet = Sheet("")
    walk = records(file, title=title, encoding=encoding, delimiter=delimiter)
    _fill(sheet, ((line, revive(cells)) for line, cells in walk), _Used())
    return [sheet]


@dataclass
class _Used:
    """What all sheets of a file hold so far."""

    cells: int = 0
    characters: int = 0


def _fill(sheet: Sheet, rows: Iterator[Row], used: "_Used") -> None:
    for line, cells in rows:
        if line > 2 * MAX_ROWS or len(sheet.rows) >= MAX_ROWS:
            raise TableError(
                _("The sheet has more than %(limit)d lines.") % {"limit": MAX_ROWS}, line=line
            )
        while cells and not cells[-1]:
            cells.pop()
        check_width(len(cells))
        used.cells += len(cells)
        used.characters += sum(map(len, cells))
        if used.cells > MAX_CELLS or used.characters > MAX_CHARACTERS:
            raise TableError(_("The sheet holds more text than can be read."), line=line)
        if cells:
            sheet.rows.append((line, cells))


def _workbook(file: BinaryIO, title: str) -> list[Sheet]:
    judge(file, title)
    with zipfile.ZipFile(file) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise TableError(_("%(name)s unpacks to more than can be read.") % {"name": title})
    try:
        return _sheets(file.read() if file.seek(0) == 0 else b"")
    except TableError:
        raise
    except Exception as error:  # A damaged workbook makes the library fail in many ways.
        raise TableError(_("%(name)s is damaged and cannot be read.") % {"name": title}) from error


def _sheets(data: bytes) -> list[Sheet]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        whole_texts(values, io.BytesIO(data))
        formulas = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    found: list[Sheet] = []
    used = _Used()
    with closing(values), closing(formulas):
        pairs = zip(values.worksheets, formulas.worksheets, strict=True)
        for page, written in list(pairs)[:MAX_SHEETS]:
            sheet = Sheet(page.title)
            page.reset_dimensions()
            written.reset_dimensions()
            _fill(sheet, _rows(page, written, sheet), used)
            found.append(sheet)
    return found


def _rows(page: Any, written: Any, sheet: Sheet) -> Iterator[Row]:
    formulas = written.iter_rows(values_only=True, max_row=_FORMULA_ROWS)
    both = zip_longest(page.iter_rows(values_only=True), formulas, fillvalue=())
    for line, (values, found) in enumerate(both, 1):
        for column, (value, formula) in enumerate(zip(values, found, strict=False), 1):
            if value is None and formula is not None and len(sheet.formulas) < 100:
                sheet.formulas.append(f"{get_column_letter(column)}{line}")
        cells = [text_of(value) for value in values]
        check_cells(line, cells)
        yield line, cells
