"""Several options in one cell: found among the values of a column, and taken apart again."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

SEPARATORS: Final = (";", "|", " / ", ", ", ",")
_MOST: Final = 40
_LONGEST: Final = 100


@dataclass
class Joined:
    """Options of a column by frequency. ``cells``: how many hold more than one."""

    separator: str
    options: list[str] = field(default_factory=list)
    has_others: bool = False
    is_ranking: bool = False
    cells: int = 0


def joined(values: Mapping[str, int]) -> Joined | None:
    """How the cells of a column (value → how often) join options; None when they do not."""
    for separator in SEPARATORS:
        if found := _by(separator, values):
            return found
    return None


def _by(separator: str, values: Mapping[str, int]) -> Joined | None:
    if not any(separator in value for value in values):
        return None
    tokens = [(pieces(value, separator), n) for value, n in values.items()]
    tokens = [(found, n) for found, n in tokens if found]
    several = sum(n for found, n in tokens if len(found) > 1)
    if several < 2 or _is_numeric(tokens):
        return None
    if separator.strip() == ",":
        tokens = _glued(tokens, separator)
    counts: Counter[str] = Counter()
    not_last: set[str] = set()
    for found, n in tokens:
        for token in found:
            counts[token] += n
        not_last.update(found[:-1])
    if max(map(len, counts)) > 4 * _LONGEST:
        return None
    # What stands last and only once is what a person wrote under "other".
    options = [
        token
        for token, n in counts.most_common()
        if (n > 1 or token in not_last) and len(token) <= _LONGEST
    ]
    total, known = counts.total(), sum(counts[token] for token in options)
    if not 2 <= len(options) <= _MOST or known < 0.8 * total or total < 1.5 * len(counts):
        return None
    if not (separator == ";" and all(value.rstrip().endswith(";") for value in values if value)):
        # One answer of "Sales / Marketing" is not two: options come in several combinations.
        seen = Counter(token for found, _n in tokens for token in set(found))
        combined = sum(seen[token] > 1 for token in options)
        if combined < 2 or 2 * combined < len(options):
            return None
    return Joined(separator, options, known < total, _is_ranking(tokens), several)


def _is_numeric(tokens: Iterable[tuple[list[str], int]]) -> bool:
    """Numbers with a decimal comma, dates with slashes: no options."""
    return all(token.replace(" ", "").isdigit() for found, _n in tokens for token in found)


def pieces(value: str, separator: str) -> list[str]:
    return [token for part in value.split(separator) if (token := part.strip())]


def _glued(tokens: list[tuple[list[str], int]], separator: str) -> list[tuple[list[str], int]]:
    """Options that hold the separator themselves: two pieces that only ever stand together."""
    alone: Counter[str] = Counter()
    beside: Counter[tuple[str, str]] = Counter()
    for found, n in tokens:
        for token in found:
            alone[token] += n
        for pair in pairwise(found):
            beside[pair] += n
    glue = separator if separator.endswith(" ") else separator + " "
    bound = {
        pair: f"{pair[0]}{glue}{pair[1]}"
        for pair, n in beside.items()
        if n > 2 and alone[pair[0]] == alone[pair[1]] == n
    }
    return [(_bind(found, bound), n) for found, n in tokens] if bound else tokens


def _bind(found: list[str], bound: Mapping[tuple[str, str], str]) -> list[str]:
    new: list[str] = []
    last = ""
    for token in found:
        if new and (last, token) in bound:
            new[-1] = new[-1] + bound[(last, token)][len(last) :]
        else:
            new.append(token)
        last = token
    return new


def _is_ranking(tokens: Sequence[tuple[list[str], int]]) -> bool:
    """Everybody names the same options, in different orders."""
    sets = {frozenset(found) for found, _n in tokens}
    orders = {tuple(found) for found, _n in tokens}
    return (
        len(sets) == 1
        and len(orders) > 1
        and len(next(iter(sets))) > 2
        and (sum(n for _found, n in tokens) > 2)
    )


def taken_apart(cell: str, separator: str, options: Sequence[str]) -> tuple[list[str], list[str]]:
    """(options in the order of the cell, texts that are none). ``options``: the longest first.

    An option may hold the separator: "Clean, tidy, Quiet" are two when "Clean, tidy" is one.
    """
    sign = separator.strip() or separator
    rest = cell.strip()
    known: list[str] = []
    others: list[str] = []
    while rest := rest.lstrip().removeprefix(sign).lstrip():
        for option in options:
            after = rest[len(option) :].lstrip()
            if rest.startswith(option) and (not after or after.startswith(sign)):
                known.append(option)
                rest = after
                break
        else:
            text, _sign, rest = rest.partition(sign)
            others.append(text.strip())
    return known, others
