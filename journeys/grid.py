"""How a map lies on the screen: its columns with their places, so that lines can be drawn over it.

Widths are known on the server: every step is as wide as the language needs, a folded phase is one
narrow column. Curves and connections across the map are drawn from these numbers alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language

from journeys.board import Board, BoardPhase, BoardStep

FOLD = 44
"""Width of a folded phase, px."""

_WIDTHS = {"de": 156}
_WIDTH = 140


def column_width() -> int:
    """Width of one step in the reader's language, px; German words are longer."""
    return _WIDTHS.get((get_language() or "")[:2], _WIDTH)


@dataclass(frozen=True)
class Column:
    """A step, a folded phase (``step`` is None, ``is_fold``) or a phase without steps."""

    x: int
    width: int
    phase: BoardPhase
    step: BoardStep | None = None
    is_fold: bool = False

    @property
    def centre(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class PhaseHead:
    """A phase over its columns; ``first`` is the number of its first column, from 2."""

    phase: BoardPhase
    width: int
    span: int
    first: int
    is_fold: bool


@dataclass(frozen=True)
class Layout:
    """The columns of a map from left to right."""

    columns: tuple[Column, ...]
    col: int

    @cached_property
    def width(self) -> int:
        return sum(column.width for column in self.columns)

    @cached_property
    def steps(self) -> tuple[tuple[Column, BoardStep], ...]:
        """The columns that are steps."""
        return tuple((column, column.step) for column in self.columns if column.step)

    @cached_property
    def phases(self) -> tuple[PhaseHead, ...]:
        heads: list[PhaseHead] = []
        for number, column in enumerate(self.columns, 2):
            if heads and heads[-1].phase is column.phase:
                last = heads[-1]
                heads[-1] = PhaseHead(
                    last.phase, last.width + column.width, last.span + 1, last.first, False
                )
            else:
                head = PhaseHead(column.phase, column.width, 1, number, column.is_fold)
                heads.append(head)
        return tuple(heads)

    def runs(self) -> list[list[tuple[Column, BoardStep]]]:
        """Steps that stand side by side: a folded phase ends a run."""
        found: list[list[tuple[Column, BoardStep]]] = [[]]
        for column in self.columns:
            if column.step:
                found[-1].append((column, column.step))
            elif found[-1]:
                found.append([])
        return [run for run in found if run]


def layout_of(board: Board) -> Layout:
    """The columns of today's or a past map."""
    col = column_width()
    columns: list[Column] = []
    x = 0
    for phase in board.phases:
        for column in _columns(phase, col):
            columns.append(Column(x, column[0], phase, column[1], column[2]))
            x += column[0]
    return Layout(tuple(columns), col)


def _columns(phase: BoardPhase, col: int) -> Sequence[tuple[int, BoardStep | None, bool]]:
    if phase.collapsed:
        return [(FOLD, None, True)]
    if not phase.steps:
        return [(col, None, False)]
    return [(col, step, False) for step in phase.steps]
