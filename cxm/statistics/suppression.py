"""Small groups stay hidden, also from those who can subtract.

A table has rows, columns and their totals. A figure on fewer than k answers is hidden. But a hidden
cell is the total of its row less the cells that are shown, so more has to go: until no hidden cell
follows from the lines it stands in, and what follows together has k answers at least.

Rows and columns that have a total are equations, their hidden cells the unknowns, each in one row
and one column: a graph whose vertices are lines and whose edges are hidden cells. An unknown is
determined exactly when its edge is a bridge. Lines without a total are no equation, and all of
them are one vertex, GROUND. What a total counts beyond its cells (people of no segment) is an
unknown of its own, between its line and GROUND: it protects hidden cells, but is no group that
anybody could be looked up in, so where nothing else is hidden, few of them hide nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

TOTAL = "__total__"
Key = Any  # a number, a UUID or a name, whatever the caller uses
Cell = tuple[Key, Key]
Vertex = tuple[str, Key]
Edge = tuple[Vertex, Vertex, Cell | None, int]
GROUND: Vertex = ("ground", "")


def hidden_row(counts: Sequence[int], *, k: int, total: int | None = None) -> tuple[bool, ...]:
    """Which cells of one row are hidden; `total` is the count of its shown total, None without.

    The total may count more than the cells, such as people who belong to no segment.
    """
    cells: dict[Cell, int] = {("row", position): count for position, count in enumerate(counts)}
    if total is not None:
        cells["row", TOTAL] = total
    hidden = hidden_cells(cells, k=k)
    return tuple(("row", position) in hidden for position in range(len(counts)))


def hidden_steps(
    counts: Mapping[Cell, int], totals: Mapping[Key, int], group: Key, *, k: int
) -> frozenset[Key]:
    """The steps to hide in the curve of one group, since the other groups' curves can be seen.

    `counts` are answers by (step, group) over all groups of the dimension, `totals` by step over
    everybody. What `hidden_cells` says of the whole table holds, whichever curve is asked for.
    """
    table = {**counts, **{(step, TOTAL): count for step, count in totals.items()}}
    return frozenset(step for step, column in hidden_cells(table, k=k) if column == group)


def hidden_cells(
    counts: Mapping[Cell, int], *, k: int, forced: Collection[Cell] = ()
) -> frozenset[Cell]:
    """Which cells (row, column) of a table of counts of answers are hidden.

    Totals are cells too, under the row or column TOTAL; a line whose total is absent shows none.
    `forced` cells are hidden whatever they count. Empty cells hold no figure, so hide nothing.
    Inner cells go before totals, smaller before larger: the smallest loss. ValueError for k < 1.
    """
    if k < 1:
        raise ValueError("k must be at least 1")
    filled = {cell: count for cell, count in counts.items() if count > 0}
    hidden = {cell for cell, count in filled.items() if count < k or cell in forced}
    lines = _lines(filled, counts)
    beyond = {line: _beyond(line, cells, filled) for line, cells in lines.items()}
    while True:
        edges = _edges(hidden, lines, beyond)
        unsafe = _small_lines(hidden, filled, lines, beyond, k) or _exposed_lines(edges, lines)
        if not unsafe:
            return frozenset(hidden)
        near = {cell for line in unsafe for cell in lines[line]} - hidden
        # Where the lines themselves have nothing left to hide, the way round leads further out.
        shown = near or {cell for cells in lines.values() for cell in cells} - hidden
        if not shown:
            return frozenset(hidden)
        hidden.add(_cheapest(shown, filled, lines, edges))


def _lines(filled: Mapping[Cell, int], counts: Mapping[Cell, int]) -> dict[Vertex, list[Cell]]:
    """The cells of each line that is an equation: whose total is there and not overlapped."""
    found: dict[Vertex, list[Cell]] = defaultdict(list)
    for cell in filled:
        row, column = cell
        if (row, TOTAL) in counts:
            found["row", row].append(cell)
        if (TOTAL, column) in counts:
            found["column", column].append(cell)
    return {line: cells for line, cells in found.items() if _beyond(line, cells, filled) >= 0}


def _total_cell(line: Vertex) -> Cell:
    kind, key = line
    return (key, TOTAL) if kind == "row" else (TOTAL, key)


def _beyond(line: Vertex, cells: Sequence[Cell], filled: Mapping[Cell, int]) -> int:
    """What the total counts beyond its cells; negative where the cells overlap each other."""
    total = _total_cell(line)
    return filled.get(total, 0) - sum(filled[cell] for cell in cells if cell != total)


def _small_lines(
    hidden: Collection[Cell],
    filled: Mapping[Cell, int],
    lines: Mapping[Vertex, Sequence[Cell]],
    beyond: Mapping[Vertex, int],
    k: int,
) -> set[Vertex]:
    """The lines whose shown total less its shown cells would show hidden cells on fewer than k."""
    small = set()
    for line, cells in lines.items():
        kept = sum(filled[cell] for cell in cells if cell in hidden)
        if kept > 0 and kept + beyond[line] < k and _total_cell(line) not in hidden:
            small.add(line)
    return small


def _exposed_lines(edges: Sequence[Edge], lines: Mapping[Vertex, Sequence[Cell]]) -> set[Vertex]:
    """The lines at the end of a hidden cell that follows from the others.

    Lines with no other unknown come first: a cell hidden elsewhere would not protect theirs.
    """
    ends = {
        line
        for left, right, cell, _ in _bridges(edges)
        for line in (left, right)
        if cell is not None and line in lines
    }
    unknowns = Counter(line for left, right, _, _ in edges for line in (left, right))
    return {line for line in ends if unknowns[line] == 1} or ends


def _ends(cell: Cell, lines: Mapping[Vertex, Sequence[Cell]]) -> tuple[Vertex, Vertex]:
    row, column = ("row", cell[0]), ("column", cell[1])
    return (row if row in lines else GROUND, column if column in lines else GROUND)


def _edges(
    hidden: Collection[Cell],
    lines: Mapping[Vertex, Sequence[Cell]],
    beyond: Mapping[Vertex, int],
) -> list[Edge]:
    """One edge per unknown: the hidden cells, and what totals count beyond their cells."""
    edges: list[Edge] = []
    for cell in hidden:
        edges.append((*_ends(cell, lines), cell, len(edges)))
    for line, count in beyond.items():
        if count > 0:
            edges.append((line, GROUND, None, len(edges)))
    return edges


def _bridges(edges: Sequence[Edge]) -> list[Edge]:
    """The edges whose loss would part the graph (Tarjan 1974, without recursion)."""
    around: dict[Vertex, list[tuple[Vertex, Edge]]] = defaultdict(list)
    for edge in edges:
        around[edge[0]].append((edge[1], edge))
        around[edge[1]].append((edge[0], edge))
    seen: dict[Vertex, int] = {}
    lowest: dict[Vertex, int] = {}
    bridges: list[Edge] = []
    for start in around:
        if start in seen:
            continue
        seen[start] = lowest[start] = len(seen)
        path: list[tuple[Vertex, Edge | None, int]] = [(start, None, 0)]
        while path:
            here, came, position = path.pop()
            if position < len(around[here]):
                path.append((here, came, position + 1))
                there, edge = around[here][position]
                if came is not None and edge[3] == came[3]:
                    continue
                if there in seen:
                    lowest[here] = min(lowest[here], seen[there])
                else:
                    seen[there] = lowest[there] = len(seen)
                    path.append((there, edge, 0))
            elif came is not None:
                parent = path[-1][0]
                lowest[parent] = min(lowest[parent], lowest[here])
                if lowest[here] > seen[parent]:
                    bridges.append(came)
    return bridges


def _cheapest(
    shown: Collection[Cell],
    filled: Mapping[Cell, int],
    lines: Mapping[Vertex, Sequence[Cell]],
    edges: Sequence[Edge],
) -> Cell:
    """The cell to hide next: inner before totals, closing a circle of unknowns, then smallest."""
    part = _parts(edges)

    def cost(cell: Cell) -> tuple[bool, bool, int, str]:
        row, column = _ends(cell, lines)
        closes = row in part and part.get(row) == part.get(column)
        return TOTAL in cell, not closes, filled[cell], str(cell)

    return min(shown, key=cost)


def _parts(edges: Sequence[Edge]) -> dict[Vertex, Vertex]:
    """Which connected part of the graph a vertex belongs to, named by one of its vertices."""
    part: dict[Vertex, Vertex] = {GROUND: GROUND}
    for left, right, _, _ in edges:
        keep, lose = part.setdefault(left, left), part.setdefault(right, right)
        if keep != lose:
            part.update({vertex: keep for vertex, name in part.items() if name == lose})
    return part
