"""Typeform: ``#``, the questions, then ``Start Date (UTC), Submit Date (UTC), Network ID``.

Several choices have one column per option with the option as its head; newer exports also say
what kind of response a line is.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from surveys.columns.choice import OUT, Choice
from surveys.vendors.look import Group, Heads, Lines, Vendor, plain, share, unique, words_of
from surveys.vendors.options import is_other, parts_of
from surveys.vendors.stamps import ISO, with_order

_KNOWN: Final = {"start date (utc)", "submit date (utc)", "network id"}
_SUBMIT: Final = "submit date (utc)"
_OWN: Final = (_KNOWN | {"stage date (utc)", "response type", "tags", "ending", "score"}) - {
    _SUBMIT
}


def sure(rows: Lines) -> float:
    if not rows:
        return 0
    found = share(rows[0], _KNOWN)
    if plain(rows[0][0]) in ("#", "token", "response id"):
        return 1.0 if found == 1 else 0.8 if found > 0.6 else 0
    return 0.8 if found == 1 else 0


def heads(rows: Lines, _scanned: object) -> Heads:
    names = unique(rows[0])
    words = [plain(cell) for cell in rows[0]][: len(names)]
    meta = {name: Choice(OUT) for name, word in zip(names, words, strict=True) if word in _OWN}
    if words[0] in ("#", "token", "response id"):
        meta[names[0]] = Choice("id")
    dates = [
        words.index(word)
        for word in (_SUBMIT, "stage date (utc)", "start date (utc)")
        if word in words
    ]
    meta[names[dates[0]]] = Choice("date", format=ISO)
    type_at = words.index("response type") if "response type" in words else None
    mark = partial(_by_type, type_at) if type_at is not None else partial(_by_date, dates[0])
    return Heads(
        rows=1,
        names=names,
        texts={name: words_of(text) or name for name, text in zip(names, rows[0], strict=False)},
        groups=_groups(names, rows[0], rows[1:], meta),
        meta=meta,
        cleaners={at: partial(with_order, month_first=True) for at in dates},
        fills={dates[0]: tuple(dates[1:])},
        marker=mark,
    )


def _by_type(at: int, cells: Sequence[str]) -> str:
    return "" if plain(cells[at]) in ("completed", "") else "unfinished"


def _by_date(at: int, cells: Sequence[str]) -> str:
    return "" if cells[at].strip() else "unfinished"


def _groups(
    names: list[str], head: Sequence[str], rows: Lines, meta: dict[str, Choice]
) -> dict[str, Group]:
    found: dict[str, Group] = {}
    for run in _runs(names, head, rows, meta):
        text = " / ".join(option for _at, _name, option in run)[:160]
        found |= parts_of(run, rows, key=run[0][1], text=text)
    return found


def _runs(
    names: list[str], head: Sequence[str], rows: Lines, meta: dict[str, Choice]
) -> Iterator[list[tuple[int, str, str]]]:
    """Columns beside each other whose cells repeat their head, with the "Other" that follows."""
    run: list[tuple[int, str, str]] = []
    for at, name in enumerate(names):
        cells = {row[at].strip() for row in rows if at < len(row) and row[at].strip()}
        option = words_of(head[at])
        repeats = name not in meta and (cells == {option} or not cells)
        if repeats or (run and name not in meta and is_other(option)):
            run.append((at, name, option))
            if not (is_other(option) and not repeats):
                continue
        if run:
            yield run
        run = []
    if run:
        yield run


VENDOR: Final = Vendor("typeform", "Typeform", sure, heads, left_out=("unfinished",))
