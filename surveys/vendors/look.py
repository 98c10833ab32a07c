"""What a recogniser is, and what it makes of the first lines of a table."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.functional import Promise

from surveys.columns.choice import Choice
from surveys.columns.profile import Column

FIRST: Final = 60  # lines that a recogniser sees
LONGEST: Final = 200  # characters of a column's name
_TAGS: Final = re.compile(r"<[^<>]{1,300}>|&nbsp;")

Lines = Sequence[Sequence[str]]
Cleaner = Callable[[str], str]
# A row's kind, such as "preview", or "" for an answer like any other.
Marker = Callable[[Sequence[str]], str]


@dataclass(frozen=True)
class Group:
    """A column that is one option of a question with several columns.

    ``kind`` is "option" (chosen or not) or "rank" (1 is first).
    """

    key: str
    text: str
    option: str
    kind: str = "option"


@dataclass(frozen=True)
class Heads:
    """The heading of a table: ``rows`` lines of it, one name per column, what was asked.

    ``meta`` says what columns of the tool itself become. ``cleaners`` and ``fills`` go by column
    index: how a cell is written plainly, and where it is taken from when it is empty. ``reshape``
    makes the cells of ``names`` out of the ``width`` cells of a line.
    """

    rows: int
    names: list[str]
    texts: dict[str, str] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    meta: dict[str, Choice] = field(default_factory=dict)
    # Columns of stars, halves and tenths of them too.
    rated: frozenset[str] = frozenset()
    # What the file itself says of a column, before anything is guessed.
    hint: "Callable[[Column], Choice | None] | None" = None
    title: str = ""
    # What stands in the cells of a question that was not shown.
    not_shown: str = ""
    cleaners: Mapping[int, Cleaner] = field(default_factory=dict)
    fills: dict[int, tuple[int, ...]] = field(default_factory=dict)
    marker: Marker | None = None
    width: int = 0
    reshape: "Callable[[list[str]], list[str]] | None" = None


@dataclass(frozen=True)
class Vendor:
    """A pure recogniser. ``sure`` gives 0 (not at all) to 1 for the first lines of a table.

    ``left_out``: the kinds of rows that are no answers of customers.
    """

    key: str
    name: "str | Promise"
    sure: Callable[[Lines], float]
    heads: Callable[[Lines, object], Heads]
    left_out: tuple[str, ...] = ()
    source: str = "import"
    # What a heading cannot say and only all lines do, such as the stages that occur.
    scan: Callable[[Lines, Iterable[list[str]]], object] | None = None


def plain(text: str) -> str:
    """A heading without case, blanks around and byte order mark."""
    return " ".join(text.replace("\ufeff", "").split()).casefold()


def words_of(text: str) -> str:
    """A heading as a person reads it: without tags and double blanks."""
    return " ".join(_TAGS.sub(" ", text.replace("\ufeff", "").replace("\xa0", " ")).split())


def unique(names: Sequence[str]) -> list[str]:
    """Names of columns that differ, each of at most ``LONGEST`` characters."""
    taken: set[str] = set()
    found: list[str] = []
    for number, given in enumerate(names, 1):
        name = words_of(given)[:LONGEST].strip() or f"Column {number}"
        base, again = name, 2
        while name in taken:
            mark = f" ({again})"
            name = base[: LONGEST - len(mark)] + mark
            again += 1
        taken.add(name)
        found.append(name)
    return found


def share(head: Sequence[str], known: set[str]) -> float:
    """How many of the known headings stand there, 0 to 1."""
    present = {plain(cell) for cell in head}
    return len(known & present) / len(known) if known else 0.0
