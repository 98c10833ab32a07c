"""The touchpoint heatmap: touchpoints × segments, phases or survey waves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxm.statistics import (
    Difference,
    Estimate,
    Histogram,
    mean_estimate,
    merged,
    pooled_sd,
    reach,
    weighted_difference,
    welch,
    with_holm,
)
from journeys.insights.curve import reason_of
from journeys.insights.suppression import TOTAL, hidden_cells

Id = Any  # a number, a UUID or a name, whatever the caller uses
Key = tuple[Id, Id]
SHADES = 9
SHADE_WIDTH = 0.15
EMPTY = Histogram()


@dataclass(frozen=True, slots=True)
class Row:
    """One touchpoint; `group` is what rows are grouped by, `asked` false where no question is."""

    id: Id
    name: str
    group: str = ""
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """One segment, phase or wave; columns of one dimension share out the same answers."""

    id: Id
    name: str
    dimension: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One group's emotion value; `shade` 0 (worse) … 4 (as the whole) … 8 (better).

    `difference` is this group against all other answers of its row (a = others, b = this group).
    A cell without a figure holds nothing but its reason.
    """

    row: Id
    column: Id
    estimate: Estimate | None = None
    reason: str = ""
    shade: int | None = None
    difference: Difference | None = None
    n: int | None = None
    never_used: int | None = None
    reach: float | None = None

    @property
    def proven(self) -> bool:
        """Whether the group is proven to differ, Holm over all cells shown."""
        return self.difference is not None and self.difference.proven


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One touchpoint's cells; `all` is the cell of all its answers."""

    row: Row
    all: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Heatmap:
    """The cells, the row of all touchpoints together, and the number of tests Holm covers."""

    columns: tuple[Column, ...]
    rows: tuple[HeatRow, ...]
    whole: Cell
    whole_cells: tuple[Cell, ...]
    tests: int
    weighted: bool
    k: int

    @property
    def proven(self) -> tuple[Cell, ...]:
        """The cells proven to differ, the largest difference first."""
        found = [cell for row in self.rows for cell in row.cells if cell.proven]
        return tuple(sorted(found, key=_size, reverse=True))


def _size(cell: Cell) -> float:
    return abs(cell.difference.difference) if cell.difference else 0.0


def heatmap(
    rows: Sequence[Row],
    columns: Sequence[Column],
    answers: Mapping[Key, Histogram],
    totals: Mapping[Id, Histogram],
    *,
    k: int = 5,
    weighted: bool = False,
) -> Heatmap:
    """The heatmap from emotion histograms by (row id, column id), and per row over all answers.

    Each cell is compared with all other answers of its row (Welch 1947, or the linearised error),
    Holm (1979) over all cells. Cells below k are hidden, and more of their dimension until none
    follows from the totals of rows and columns. `totals` hold at least the answers of the cells.
    """
    drawer = _drawer(rows, columns, _table(rows, columns, answers, totals), k, weighted)
    found = [drawer.against_rest(row.id, column.id) for row in rows for column in columns]
    verdicts = iter(with_holm(found))
    drawn = tuple(
        HeatRow(
            row,
            drawer.cell(row.id, TOTAL),
            tuple(drawer.cell(row.id, column.id, next(verdicts)) for column in columns),
        )
        for row in rows
    )
    return Heatmap(
        columns=tuple(columns),
        rows=drawn,
        whole=drawer.cell(TOTAL, TOTAL),
        whole_cells=tuple(drawer.cell(TOTAL, column.id) for column in columns),
        tests=sum(difference is not None for difference in found),
        weighted=weighted,
        k=k,
    )


def _table(
    rows: Sequence[Row],
    columns: Sequence[Column],
    answers: Mapping[Key, Histogram],
    totals: Mapping[Id, Histogram],
) -> dict[Key, Histogram]:
    """The cells with the totals of rows, columns and all under TOTAL."""
    table = dict(answers)
    for row in rows:
        table[row.id, TOTAL] = totals.get(row.id, EMPTY)
    for column in columns:
        table[TOTAL, column.id] = merged(table.get((row.id, column.id), EMPTY) for row in rows)
    table[TOTAL, TOTAL] = merged(table[row.id, TOTAL] for row in rows)
    return table


def _drawer(
    rows: Sequence[Row],
    columns: Sequence[Column],
    table: Mapping[Key, Histogram],
    k: int,
    weighted: bool,
) -> "_Drawer":
    """What all cells share: what is hidden, the pooled spread, the mean they are coloured by."""
    hidden = _hidden(rows, columns, table, k)
    asked = {row.id: row.asked for row in rows} | {TOTAL: any(row.asked for row in rows)}
    whole, kept = table[TOTAL, TOTAL], (TOTAL, TOTAL) in hidden
    reason = reason_of(whole, asked=True, k=k, weighted=weighted, hidden=kept)
    middle = None if reason else whole.mean(weighted=weighted)
    spread = pooled_sd(table[row.id, TOTAL] for row in rows)
    return _Drawer(table, hidden, asked, k, weighted, spread, middle)


def _hidden(
    rows: Sequence[Row], columns: Sequence[Column], table: Mapping[Key, Histogram], k: int
) -> frozenset[Key]:
    """Hidden cells over all dimensions: they share the totals, so a hidden total counts in each.

    With any cell below k the columns show no totals: other pages show the other cells of a column
    one by one, so its total would give the small cell away whatever is hidden here.
    """
    small = any(
        0 < table[row.id, column.id].n < k
        for row in rows
        for column in columns
        if (row.id, column.id) in table
    )
    dimensions: dict[str, list[Id]] = defaultdict(list)
    for column in columns:
        dimensions[column.dimension].append(column.id)
    hidden = frozenset((TOTAL, column.id) for column in columns if small)
    while True:
        before = hidden
        for ids in [[], *dimensions.values()]:
            keys = [(row.id, c) for row in rows for c in [*ids, TOTAL]]
            keys += [(TOTAL, c) for c in [*([] if small else ids), TOTAL]]
            counts = {key: table[key].n if key in table else 0 for key in keys}
            hidden |= hidden_cells(counts, k=k, forced=hidden)
        if hidden == before:
            return hidden


@dataclass(frozen=True, slots=True)
class _Drawer:
    """What every cell needs besides its place."""

    table: Mapping[Key, Histogram]
    hidden: frozenset[Key]
    asked: Mapping[Id, bool]
    k: int
    weighted: bool
    spread: float | None
    middle: float | None

    def cell(self, row: Id, column: Id, difference: Difference | None = None) -> Cell:
        found = self.table.get((row, column), EMPTY)
        reason = reason_of(
            found, asked=self.asked[row], k=self.k, weighted=self.weighted,
            hidden=(row, column) in self.hidden,
        )  # fmt: skip
        if reason:
            return Cell(row, column, reason=reason)
        estimate = mean_estimate(found, weighted=self.weighted, pooled_sd=self.spread)
        used = reach(found)
        return Cell(
            row, column, estimate, shade=self.shade(estimate.mean), difference=difference,
            n=found.n, never_used=found.never_used, reach=used.share if used else None,
        )  # fmt: skip

    def shade(self, mean: float) -> int | None:
        return None if self.middle is None else shade(mean - self.middle)

    def against_rest(self, row: Id, column: Id) -> Difference | None:
        """The cell against the other answers of its row; None where either is not to be shown."""
        found, whole = self.table.get((row, column), EMPTY), self.table[row, TOTAL]
        if {(row, column), (row, TOTAL)} & self.hidden or found.n < max(self.k, 2):
            return None
        rest = whole - found
        if reason_of(rest, asked=True, k=self.k, weighted=self.weighted) or (
            self.weighted and found.n_eff <= 0
        ):
            return None
        test = weighted_difference if self.weighted else welch
        return test(rest, found, pooled_sd=self.spread)


def shade(distance: float) -> int:
    """The colour class 0 … 8 of a distance to the whole: one class per 0.15, 4 is no distance."""
    middle = SHADES // 2
    return min(max(middle + round(distance / SHADE_WIDTH), 0), SHADES - 1)
