"""SurveyMonkey: two heading rows. The second holds options, or "Response" where there are none."""

from collections.abc import Sequence
from typing import Final

from surveys.columns.choice import OUT, Choice
from surveys.vendors.look import Group, Heads, Lines, Vendor, plain, share, unique, words_of
from surveys.vendors.options import parts_of
from surveys.vendors.stamps import plain_stamp, with_order

_KNOWN: Final = {"respondent id", "collector id"}
_DATES: Final = ("end date", "date modified", "start date", "date created")
_OWN: Final = {
    *_KNOWN, *_DATES, "ip address", "email address", "first name", "last name", "custom data 1",
    "custom data", "custom 1", "collector name", "language",
}  # fmt: skip
_NO_OPTION: Final = {
    "",
    "response",
    "open-ended response",
    "antwort",
    "offene antwort",
    "open ended response",
}


def sure(rows: Lines) -> float:
    if not rows:
        return 0
    head = [_spaced(cell) for cell in rows[0]]
    if share(head, _KNOWN) == 1 and any(word in _DATES for word in head):
        return 1.0
    # Its own panel: an id, the questions, and the second heading row tells.
    if len(rows) < 2 or not head or head[0] != "respondent id":
        return 0
    told = sum(plain(cell) in ("response", "open-ended response") for cell in rows[1])
    return 0.9 if told and not rows[1][0].strip() else 0


def _spaced(cell: str) -> str:
    """The head of a column of SurveyMonkey itself in one of its spellings."""
    word = plain(cell).replace("_", " ")
    return {"respondentid": "respondent id", "collectorid": "collector id"}.get(word, word)


def heads(rows: Lines, _scanned: object) -> Heads:
    width = max(len(row) for row in rows[:2])
    top = [rows[0][at] if at < len(rows[0]) else "" for at in range(width)]
    words = [_spaced(cell) for cell in top]
    depth = 2 if len(rows) > 1 and _is_second(rows[1], words) else 1
    second = rows[1] if depth == 2 else ()
    under = [words_of(second[at]) if at < len(second) else "" for at in range(width)]
    asked = _carried(top)
    options = ["" if plain(word) in _NO_OPTION else word for word in under]
    texts = [
        f"{text} – {option}" if option else text
        for text, option in zip(asked, options, strict=True)
    ]
    names = unique(texts)
    meta = {name: Choice(OUT) for name, word in zip(names, words, strict=True) if word in _OWN}
    meta[names[words.index("respondent id")]] = Choice("id")
    for word in _DATES:
        if word in words:
            meta[names[words.index(word)]] = Choice("date")
            break
    return Heads(
        rows=depth,
        names=names,
        texts=dict(zip(names, texts, strict=True)),
        groups=_groups(names, asked, options, rows[depth:], meta),
        meta=meta,
        cleaners={at: _stamp for at, word in enumerate(words) if word in _DATES},
    )


def _is_second(row: Sequence[str], words: list[str]) -> bool:
    """Nothing stands under the columns of SurveyMonkey itself."""
    return all(not cell.strip() for cell, word in zip(row, words, strict=False) if word in _OWN)


def _carried(top: list[str]) -> list[str]:
    """A question stands only above the first of its columns."""
    found: list[str] = []
    for cell in top:
        text = words_of(cell)
        found.append(text or (found[-1] if found else ""))
    return found


def _stamp(cell: str) -> str:
    # With a half of the day it is the American form, whose month stands first.
    return (
        with_order(cell, month_first=True)
        if plain(cell)[-2:] in ("am", "pm")
        else plain_stamp(cell)
    )


def _groups(
    names: list[str], asked: list[str], options: list[str], rows: Lines, meta: dict[str, Choice]
) -> dict[str, Group]:
    found: dict[str, Group] = {}
    at = 0
    while at < len(names):
        end = at + 1
        while end < len(names) and asked[end] == asked[at] and names[end] not in meta:
            end += 1
        members = [(n, names[n], options[n]) for n in range(at, end) if options[n]]
        if names[at] not in meta and len(members) == end - at:
            found |= parts_of(members, rows, key=asked[at][:150], text=asked[at])
        at = end
    return found


VENDOR: Final = Vendor("surveymonkey", "SurveyMonkey", sure, heads)
