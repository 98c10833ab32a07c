"""Who wrote a table, and the table as if it had one plain heading row."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import BinaryIO, Final

from django.utils.translation import gettext as _

from cxm.tabular import RawRows, Table, TableError, read_rows
from cxm.tabular.table import Row, check_width, fit
from surveys.mapping import FileRule
from surveys.vendors import (
    feedback,
    google,
    limesurvey,
    microsoft,
    portal,
    qualtrics,
    spss,
    surveymonkey,
    theydo,
    typeform,
)
from surveys.vendors.look import FIRST, Heads, Lines, Vendor

VENDORS: Final[dict[str, Vendor]] = {
    module.VENDOR.key: module.VENDOR
    for module in (
        qualtrics, limesurvey, surveymonkey, typeform, microsoft, google, portal, feedback,
        spss, theydo,
    )
}  # fmt: skip
# Below this nobody is told that a file looks like something.
_ENOUGH: Final = 0.6


@dataclass
class Reading:
    """A table on its way in. ``marked`` counts rows by kind while they are walked."""

    table: Table
    heads: Heads
    marked: dict[str, int] = field(default_factory=dict)


# Files that are no tables, by the key of the vendor that makes one of them.
_CONVERTED: Final = {spss.VENDOR.key: spss.converted, theydo.VENDOR.key: theydo.converted}


def own_form(file: BinaryIO) -> str:
    """The vendor whose own form, no table, the file is in; "" for CSV and XLSX."""
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    if start.startswith(spss.MAGIC):
        return spss.VENDOR.key
    return theydo.VENDOR.key if theydo.looks_so(start) else ""


def recognise(rows: Lines) -> tuple[Vendor, float] | None:
    """The tool whose export the first lines look like most, and how sure that is (0 to 1)."""
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    found = [(vendor, float(vendor.sure(rows))) for vendor in VENDORS.values()] if rows else []
    best = max(found, key=lambda pair: pair[1], default=None)
    return best if best and best[1] >= _ENOUGH else None


def first_lines(file: BinaryIO, *, name: str, rule: FileRule) -> list[list[str]]:
    """The first lines with content, headings too. Raises TableError."""
    raw = read_rows(file, name=name, encoding=rule.encoding, delimiter=rule.delimiter)
    return [cells for _line, cells in islice(raw.rows, FIRST)]


def read(file: BinaryIO, *, name: str, rule: FileRule) -> Reading:
    """The file as ``rule.vendor`` writes it. Raises TableError, also while rows are walked."""
    vendor = VENDORS.get(rule.vendor)
    if vendor is None:
        raise TableError(_("The tool “%(name)s” is not known here.") % {"name": rule.vendor[:40]})
    left_out = set(rule.left_out)
    own, title = own_form(file), name or _("The file")
    scanned: object = None
    if own:
        file, scanned = _CONVERTED[own](file, title=title)
        rule = FileRule(encoding="utf-8", delimiter=",")
    raw = _raw(file, name, rule)
    first = list(islice(raw.rows, FIRST))
    lines = [cells for _line, cells in first]
    fits = own == vendor.key or (not own and vendor.sure(lines) > 0)
    if not first or not fits:
        raise TableError(
            _("%(name)s does not look like an export of %(vendor)s.")
            % {"name": title, "vendor": vendor.name}
        )
    if vendor.scan:
        again = _raw(file, name, rule)
        scanned = vendor.scan(lines, (cells for _line, cells in islice(again.rows, 1, None)))
        raw = _raw(file, name, rule)
        first = list(islice(raw.rows, FIRST))
    heads = vendor.heads(lines, scanned)
    check_width(len(heads.names))
    marked: dict[str, int] = {}
    rows = _rows(chain(first[heads.rows :], raw.rows), heads, left_out, marked)
    table = Table(tuple(heads.names), rows, raw.format, raw.encoding, raw.delimiter, heads.rows)
    return Reading(table, heads, marked)


def _raw(file: BinaryIO, name: str, rule: FileRule) -> RawRows:
    return read_rows(file, name=name, encoding=rule.encoding, delimiter=rule.delimiter)


def _rows(
    lines: Iterator[Row], heads: Heads, left_out: set[str], marked: dict[str, int]
) -> Iterator[Row]:
    width = heads.width or len(heads.names)
    fills, cleaners, marker = heads.fills.items(), heads.cleaners.items(), heads.marker
    for line, cells in lines:
        if len(cells) != width:
            cells = fit(line, cells, width)
        if marker and (kind := marker(cells)):
            marked[kind] = marked.get(kind, 0) + 1
            if kind in left_out:
                continue
        for at, others in fills:
            if not cells[at].strip():
                cells[at] = next((cells[n] for n in others if cells[n].strip()), "")
        for at, clean in cleaners:
            cells[at] = clean(cells[at])
        yield line, heads.reshape(cells) if heads.reshape else cells
