"""Reading: what a file is is judged by its content, never by its name."""

from typing import BinaryIO, Final

from django.utils.translation import gettext as _

from cxm.tabular.csv_in import csv_rows, read_csv
from cxm.tabular.table import RawRows, Table, TableError
from cxm.tabular.xlsx_in import read_xlsx, xlsx_rows

_FOREIGN: Final = {
    b"%PDF": "PDF",
    b"\x1f\x8b": "gzip",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"SQLite format": "SQLite",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"$FL2": "SPSS",
    b"{\\rtf": "RTF",
}


def read_table(
    file: BinaryIO,
    *,
    name: str = "",
    encoding: str | None = None,
    delimiter: str | None = None,
    header_rows: int = 1,
) -> Table:
    """Read a CSV or XLSX file as a stream.

    ``file`` is a seekable binary file that stays open while the rows are walked. Encoding and
    delimiter are detected when not given. Of several ``header_rows`` the first names the columns.
    Memory does not grow with the number of lines. Raises TableError, also while walking.
    """
    title = name or _("The file")
    if not 1 <= header_rows <= 50:
        raise TableError(_("A file has 1 to 50 heading lines."))
    if _is_workbook(file, title):
        return read_xlsx(file, title=title, header_rows=header_rows)
    return read_csv(
        file, title=title, encoding=encoding, delimiter=delimiter, header_rows=header_rows
    )


def read_rows(
    file: BinaryIO, *, name: str = "", encoding: str | None = None, delimiter: str | None = None
) -> RawRows:
    """A CSV or XLSX file as a stream of lines, whatever its headings are. Raises TableError."""
    title = name or _("The file")
    if _is_workbook(file, title):
        return xlsx_rows(file, title=title)
    return csv_rows(file, title=title, encoding=encoding, delimiter=delimiter)


def _is_workbook(file: BinaryIO, title: str) -> bool:
    """XLSX or else text; raises TableError for what is neither."""
    file.seek(0)
    start = file.read(16)
    file.seek(0)
    if not start:
        raise TableError(_("%(name)s is empty.") % {"name": title})
    if start.startswith(b"PK"):
        return True
    refuse_foreign(start, title)
    return False


def refuse_foreign(start: bytes, title: str) -> None:
    """Raises TableError for the first bytes of a file that is no table of ours."""
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError(
            _(
                "%(name)s is an old or protected Excel file."
                " Save it as XLSX or CSV without a password."
            )
            % {"name": title}
        )
    for magic, kind in _FOREIGN.items():
        if start.startswith(magic):
            raise TableError(
                _("%(name)s is a %(kind)s file. Choose a CSV or XLSX file.")
                % {"name": title, "kind": kind}
            )
