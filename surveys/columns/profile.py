"""One look through a file: first values and counts per column. Forgotten after the import."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self

from cxm.tabular import Table
from surveys.columns.joined import Joined, joined
from surveys.scales import code

LINES: Final = 20_000  # beyond these, lines are only counted
_FIRST: Final = 4
_SHOWN: Final = 60
CUT: Final = 80  # characters of a value that are kept
_CELL: Final = 2000  # characters; longer cells are texts
_DISTINCT: Final = 300_000  # over all columns, so that memory is bounded
_SLASHED: Final = re.compile(r"\s*(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}\b")


@dataclass
class Column:
    """Counts of one column over the lines looked at. ``codes``: the most frequent values.

    ``day_first`` and ``month_first``: a date such as 13/4/2026, or 4/13/2026, stands in it.
    """

    name: str
    first: list[str] = field(default_factory=list)
    filled: int = 0
    distinct: int = 0
    is_cut: bool = False
    codes: dict[str, int] = field(default_factory=dict)
    numbers: int = 0
    low: float | None = None
    high: float | None = None
    # (Σw)²/Σw²: what the lines are worth when this is their weight.
    effective: float | None = None
    decimals: int = 0
    longest: int = 0
    day_first: bool = False
    month_first: bool = False
    joined: Joined | None = None


@dataclass
class Profile:
    """``rows`` counts all lines, ``looked_at`` those that the columns were counted over."""

    rows: int
    looked_at: int
    columns: list[Column]
    format: str = "csv"
    encoding: str = ""
    delimiter: str = ""

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, plain: dict[str, Any]) -> Self:
        columns = [_column(column) for column in plain["columns"]]
        return cls(**{**plain, "columns": columns})


def _column(plain: dict[str, Any]) -> Column:
    together = plain.get("joined")
    return Column(**{**plain, "joined": Joined(**together) if together else None})


def profile(table: Table) -> Profile:
    """Walk the whole table once. Raises TableError for lines that cannot be read."""
    limit = max(100, _DISTINCT // len(table.header))
    counters: list[Counter[str]] = [Counter() for _name in table.header]
    columns = [Column(name) for name in table.header]
    rows = 0
    for _line, cells in table.rows:
        rows += 1
        if rows > LINES:
            continue
        for column, counter, cell in zip(columns, counters, cells, strict=True):
            if rows <= _FIRST:
                column.first.append(cell[:24])
            if cell in counter or len(counter) < limit:
                counter[cell] += 1
            else:
                column.is_cut = True
    for column, counter in zip(columns, counters, strict=True):
        _sum_up(column, counter, min(rows, LINES))
    return Profile(rows, min(rows, LINES), columns, table.format, table.encoding, table.delimiter)


def _sum_up(column: Column, counter: Counter[str], rows: int) -> None:
    codes: Counter[str] = Counter()
    for raw, n in counter.items():
        codes[code(raw)] += n
    column.filled = rows - codes.pop("", 0)
    column.distinct = len(codes)
    column.codes = {raw[:CUT]: n for raw, n in codes.most_common(_SHOWN)}
    column.longest = max(map(len, counter), default=0)
    _look_at_dates(column, counter)
    column.joined = joined(counter) if column.longest < _CELL else None
    numbers = [(number, n) for raw, n in codes.items() if (number := _number(raw)) is not None]
    column.numbers = sum(n for _number_, n in numbers)
    column.decimals = max((_decimals(number) for number, _n in numbers), default=0)
    if numbers:
        column.low = min(number for number, _n in numbers)
        column.high = max(number for number, _n in numbers)
        squares = sum(number * number * n for number, n in numbers)
        total = sum(number * n for number, n in numbers)
        column.effective = total * total / squares if squares and not column.is_cut else None


def _look_at_dates(column: Column, values: Iterable[str]) -> None:
    for value in values:
        if match := _SLASHED.match(value):
            column.day_first |= int(match[1]) > 12
            column.month_first |= int(match[2]) > 12


def _decimals(number: float) -> int:
    return 0 if number.is_integer() else len(f"{number:.6f}".rstrip("0").partition(".")[2])


def _number(raw: str) -> float | None:
    if not raw[:1].isdigit() and raw[:1] not in "-+.":
        return None
    try:
        number = float(raw.replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None
