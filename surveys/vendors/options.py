"""Columns that together are one question: recognised by what stands in their cells."""

from collections.abc import Sequence
from typing import Final

from surveys.vendors.look import Group, Lines, plain

YES: Final = {"1", "y", "yes", "ja", "x", "true", "wahr", "oui", "sí", "si", "selected", "checked"}
NO: Final = {"", "0", "n", "no", "nein", "false", "falsch", "non", "not selected", "unchecked",
             "n/a", "no seleccionado"}  # fmt: skip
_OTHER: Final = ("other", "others", "sonstige", "sonstiges", "andere", "anderes", "autre", "otro")


def is_other(option: str) -> bool:
    words = plain(option).strip("[]().: ").replace("(", " ").split()
    return bool(words) and words[0].strip(",:;") in _OTHER


def parts_of(
    members: Sequence[tuple[int, str, str]], rows: Lines, *, key: str, text: str
) -> dict[str, Group]:
    """Name of column → group, where the columns (index, name, option) are parts of one question.

    Nothing where they are not: ratings of several items stand in columns beside each other too.
    """
    if len(members) < 2:
        return {}
    cells = [[row[at].strip() if at < len(row) else "" for row in rows] for at, _n, _o in members]
    if all(
        _chosen(column, option) for column, (_at, _name, option) in zip(cells, members, strict=True)
    ):
        kind = "option"
        if not any(any(plain(cell) not in NO for cell in column) for column in cells):
            return {}
    elif _ranks(cells):
        kind = "rank"
    else:
        return {}
    return {name: Group(key, text, option or name, kind) for _at, name, option in members}


def _chosen(cells: Sequence[str], option: str) -> bool:
    """Nothing but chosen and not chosen; the option of other texts may hold any."""
    label = plain(option)
    return is_other(option) or all(
        (word := plain(cell)) in YES or word in NO or word == label for cell in cells
    )


def _ranks(columns: Sequence[Sequence[str]]) -> bool:
    """Whether at least three people gave each column another rank from 1 on."""
    complete = 0
    for row in zip(*columns, strict=True):
        filled = [cell for cell in row if cell]
        if any(not cell.isascii() or not cell.isdigit() for cell in filled):
            return False
        ranks = sorted(map(int, filled))
        if ranks != list(range(1, len(ranks) + 1)):
            return False
        complete += len(ranks) == len(columns)
    return complete >= 3
