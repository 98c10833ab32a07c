"""One look through a file: first values and counts per column. Forgotten after the import."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self

from cxm.tabular import Table
from surveys.scales import code

LINES: Final = 20_000  # beyond these, lines are only counted
_FIRST: Final = 4
_SHOWN: Final = 60
_DISTINCT: Final = 300_000  # over all columns, so that memory is bounded


@dataclass
class Column:
    """Counts of one column over the lines looked at. ``codes``: the most frequent values."""

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
        columns = [Column(**column) for column in plain["columns"]]
        return cls(**{**plain, "columns": columns})


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
    column.codes = {raw[:80]: n for raw, n in codes.most_common(_SHOWN)}
    numbers = [(number, n) for raw, n in codes.items() if (number := _number(raw)) is not None]
    column.numbers = sum(n for _number_, n in numbers)
    if numbers:
        column.low = min(number for number, _n in numbers)
        column.high = max(number for number, _n in numbers)
        squares = sum(number * number * n for number, n in numbers)
        total = sum(number * n for number, n in numbers)
        column.effective = total * total / squares if squares and not column.is_cut else None


def _number(raw: str) -> float | None:
    if not raw[:1].isdigit() and raw[:1] not in "-+.":
        return None
    try:
        number = float(raw.replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None
