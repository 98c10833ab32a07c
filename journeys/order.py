"""Places between neighbours: a move changes one row, unless there is no room left."""

from collections.abc import Sequence
from typing import Any, Protocol

STEP = 1024.0
NARROWEST = 1e-6


class Placed(Protocol):
    pk: Any
    position: float


class Setter(Protocol):
    def set(self, row: Any, **fields: Any) -> None: ...


def after_last(rows: Sequence[Placed]) -> float:
    """The place behind all others."""
    return max((row.position for row in rows), default=0.0) + STEP


def place(
    draft: Setter, siblings: Sequence[Placed], before: Placed | None, row: Any = None
) -> float:
    """The place in front of ``before``, or behind all; ``row`` itself does not count.

    Where two neighbours leave no room, all siblings get new places, as part of the same change.
    """
    others = [other for other in siblings if row is None or other.pk != row.pk]
    at = next((n for n, o in enumerate(others) if before and o.pk == before.pk), len(others))
    if at == len(others):
        return after_last(others)
    right = others[at].position
    left = others[at - 1].position if at else right - 2 * STEP
    if right - left < NARROWEST:
        for number, other in enumerate(others):
            draft.set(other, position=(number + 1) * STEP)
        return place(draft, others, others[at])
    return (left + right) / 2
