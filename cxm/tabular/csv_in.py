"""CSV as a stream: encoding and delimiter detected, every limit with a message of its own."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from cxm.tabular import detection
from cxm.tabular.inert import revive
from cxm.tabular.table import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_LINE,
    RawRows,
    Row,
    Table,
    TableError,
    fit,
    names,
)


def read_csv(
    file: BinaryIO,
    *,
    title: str,
    encoding: str | None,
    delimiter: str | None,
    header_rows: int,
) -> Table:
    raw = csv_rows(file, title=title, encoding=encoding, delimiter=delimiter)
    first = next(raw.rows, None)
    if first is None:
        raise TableError(_("%(name)s has no line with content.") % {"name": title})
    header = names(first[1])
    for _skipped in range(header_rows - 1):
        next(raw.rows, None)
    rows = (
        (line, cells if len(cells) == len(header) else fit(line, cells, len(header)))
        for line, cells in raw.rows
    )
    return Table(header, rows, "csv", raw.encoding, raw.delimiter, header_rows)


def csv_rows(file: BinaryIO, *, title: str, encoding: str | None, delimiter: str | None) -> RawRows:
    """Every line with content as it stands, headings too."""
    encoding = detection.encoding(file, title=title, wanted=encoding)
    delimiter = delimiter or detection.delimiter(file, encoding=encoding)
    if len(delimiter) != 1 or delimiter in '"\r\n\0 ':
        raise TableError(_("The delimiter is one character, such as a comma or a semicolon."))
    file.seek(0)
    found = records(file, title=title, encoding=encoding, delimiter=delimiter)
    return RawRows(((line, revive(cells)) for line, cells in found), "csv", encoding, delimiter)


class _Lines:
    """Physical lines for the csv module; ``used`` counts what one record has taken so far.

    Without the count a quote that never closes would draw the whole file into one record.
    """

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.number = 0
        self.used = 0

    def __iter__(self) -> Iterator[str]:
        readline = self.text.readline
        while line := readline(MAX_LINE + 1):
            self.number += 1
            self.used += len(line)
            if self.used > MAX_LINE:
                raise TableError(
                    _(
                        "Line %(line)d is longer than %(limit)d characters; a row has at most"
                        " %(columns)d columns. Is a quote missing?"
                    )
                    % {"line": self.number, "limit": MAX_LINE, "columns": MAX_COLUMNS},
                    line=self.number,
                )
            if "\0" in line:
                raise TableError(
                    _("Line %(line)d holds a NUL byte: the file is damaged or is not a text file.")
                    % {"line": self.number},
                    line=self.number,
                )
            yield line


def records(file: BinaryIO, *, title: str, encoding: str, delimiter: str) -> Iterator[Row]:
    """(line, cells) of every line with content, as they stand. Raises TableError."""
    text = io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")
    lines = _Lines(text)
    begin = 1
    try:
        reader = csv.reader(iter(lines), delimiter=delimiter)
        for cells in reader:
            if any(cells):
                yield begin, cells
            begin = reader.line_num + 1
            lines.used = 0
    except csv.Error as error:
        raise TableError(_broken(begin, str(error)), line=begin) from error
    except UnicodeError as error:
        raise TableError(
            _(
                "%(name)s cannot be read as %(encoding)s after line %(line)d."
                " Choose another encoding."
            )
            % {"name": title, "encoding": encoding, "line": lines.number},
            line=lines.number + 1,
        ) from error
    finally:
        # The file is the caller's: the wrapper must not close it.
        if not file.closed:
            text.detach()


def _broken(line: int, reason: str) -> str:
    if "field limit" in reason:
        return _(
            "Line %(line)d has a cell of more than %(limit)d characters. Is a quote missing?"
        ) % {
            "line": line,
            "limit": MAX_CELL,
        }
    return _("Line %(line)d cannot be read: %(reason)s.") % {"line": line, "reason": reason}
