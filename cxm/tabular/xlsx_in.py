"""XLSX as a stream: a ZIP of XML, so its sizes are judged before anything is unpacked."""

import datetime as dt
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.cell.text import Text
from openpyxl.xml.constants import ARC_SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from cxm.tabular.table import MAX_CELL, RawRows, Row, Table, TableError, check_width, fit, names

MAX_UNPACKED: Final = 512 * 1024 * 1024
# Shared strings are held in memory as a whole.
MAX_STRINGS: Final = 128 * 1024 * 1024
MAX_RATIO: Final = 200
# Small parts may compress well without harm.
_RATIO_FROM: Final = 1024 * 1024
MAX_PARTS: Final = 5000
MAX_ROWS: Final = 1_048_576
# Signs that XML cannot hold, and texts that look like it (ECMA-376, ST_Xstring).
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_xlsx(file: BinaryIO, *, title: str, header_rows: int) -> Table:
    """The first sheet; formulas give the value that the spreadsheet last computed."""
    judge(file, title)
    rows = _guarded(_rows(file), title)
    first = next(rows, None)
    if first is None:
        raise TableError(_("%(name)s has no line with content.") % {"name": title})
    check_width(len(first[1]))
    header = names(first[1])
    for _skipped in range(header_rows - 1):
        next(rows, None)
    fitted = ((line, fit(line, cells, len(header))) for line, cells in rows)
    return Table(header, fitted, "xlsx", header_rows=header_rows)


def xlsx_rows(file: BinaryIO, *, title: str) -> RawRows:
    """Every line of the first sheet as it stands, headings too."""
    judge(file, title)
    return RawRows(_guarded(_rows(file), title), "xlsx")


def judge(file: BinaryIO, title: str) -> None:
    """Refuse what is no workbook or would unpack to more than can be meant, from the directory."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except Exception as error:  # a damaged directory fails in many ways
        raise TableError(
            _("%(name)s is damaged and cannot be opened.") % {"name": title}
        ) from error
    present = {part.filename for part in parts}
    if "xl/workbook.xml" not in present:
        raise TableError(
            _("%(name)s is a ZIP file but not an XLSX workbook. Choose a CSV or XLSX file.")
            % {"name": title}
        )
    if (
        len(parts) > MAX_PARTS
        or sum(part.file_size for part in parts) > MAX_UNPACKED
        or any(part.file_size > MAX_STRINGS for part in parts if "haredStrings" in part.filename)
        or any(_is_bomb(part) for part in parts)
    ):
        raise TableError(
            _("%(name)s unpacks to far more than its size. Save it as CSV and choose that file.")
            % {"name": title}
        )


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _RATIO_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1)


def _guarded(rows: Iterator[Row], title: str) -> Iterator[Row]:
    """A damaged workbook makes the library fail in many ways; the person needs one."""
    try:
        yield from rows
    except TableError:
        raise
    except Exception as error:
        raise TableError(_("%(name)s is damaged and cannot be read.") % {"name": title}) from error


def _rows(file: BinaryIO) -> Iterator[Row]:
    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    whole_texts(book, file)
    try:
        sheet = book.worksheets[0]
        # Files claim sizes such as a million rows; what is there is found by reading.
        sheet.reset_dimensions()
        for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
            if line > MAX_ROWS:
                raise TableError(
                    _("The sheet has more than %(limit)d lines.") % {"limit": MAX_ROWS}, line=line
                )
            if any(value is not None for value in values):
                cells = [text_of(value) for value in values]
                check_cells(line, cells)
                yield line, cells
    finally:
        book.close()


def whole_texts(book: Any, file: BinaryIO) -> None:
    """Give a workbook read-only the texts that its cells share as they stand in the file.

    openpyxl takes one half of an escape away from them ("x005F_"), so that what is left could be an
    escape or a text; ``text_of`` undoes whole ones. A workbook without that part keeps its own.
    """
    with zipfile.ZipFile(file) as archive:
        if ARC_SHARED_STRINGS not in archive.namelist():
            return
        with archive.open(ARC_SHARED_STRINGS) as part:
            texts = []
            for _event, node in iterparse(part):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    texts.append(Text.from_tree(node).content)
                    node.clear()
    for sheet in book.worksheets:
        sheet._shared_strings = texts


def check_cells(line: int, cells: list[str]) -> None:
    for cell in cells:
        if len(cell) > MAX_CELL or "\0" in cell:
            raise TableError(
                _("Line %(line)d has a cell that is too long or holds a NUL byte.")
                % {"line": line},
                line=line,
            )


def _sign(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code < 0xE000 else chr(code)


def text_of(value: Any) -> str:
    """A cell as CSV would have it: whole numbers without point, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(_sign, value) if "_x" in value else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
    return str(value)
