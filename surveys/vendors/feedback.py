"""The plain list that many tools of customer feedback write: ``date, score[, verbatim][, stage]``.

A score belongs to the stage of its line, so every stage becomes a question of its own. Which there
are only the whole file says: it is read once more for that.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from django.utils.translation import gettext_lazy as _

from surveys.columns.choice import OUT, Choice
from surveys.vendors.look import Heads, Lines, Vendor, plain, unique, words_of
from surveys.vendors.stamps import plain_stamp

_DATE: Final = {"date", "datum", "day", "created_at", "timestamp", "submitted_at", "responded_at"}
_SCORE: Final = {
    "score",
    "nps",
    "nps_score",
    "csat",
    "csat_score",
    "ces",
    "ces_score",
    "sentiment",
    "sentiment_score",
    "rating",
    "punkte",
}
_TEXT: Final = {"verbatim", "comment", "feedback", "text", "kommentar", "o-ton", "quote", "reason"}
_STAGE: Final = {"stage", "phase", "step", "touchpoint", "kontaktpunkt", "schritt", "journey_stage"}
_ID: Final = {"response_id", "id", "responseid"}
_REST: Final = {
    "segment",
    "customer",
    "customer_id",
    "language",
    "lang",
    "sprache",
    "source",
    "channel",
    "persona",
    "email",
}
_MOST: Final = 60
_NUMBER: Final = re.compile(r"[+-]?\d{1,4}([.,]\d{1,9})?\Z", re.ASCII)


def sure(rows: Lines) -> float:
    if not rows or not 2 <= len(rows[0]) <= 12:
        return 0
    head = {plain(cell).replace(" ", "_") for cell in rows[0]}
    known = _DATE | _SCORE | _TEXT | _STAGE | _ID | _REST
    if not (len(head & _DATE) == 1 and len(head & _SCORE) == 1 and head <= known):
        return 0
    return 0.8


@dataclass
class Scanned:
    """Stages in the order of their first line, each in one spelling; the scores that occur."""

    stages: list[str] = field(default_factory=list)
    low: float = math.inf
    high: float = -math.inf
    has_parts: bool = False


def scan(rows: Lines, lines: Iterable[list[str]]) -> Scanned:
    """Read the whole file once: memory does not grow with it."""
    score, stage = _at(rows[0], _SCORE), _at(rows[0], _STAGE)
    found = Scanned()
    names: dict[str, str] = {}
    for cells in lines:
        if stage is not None and stage < len(cells) and len(names) <= _MOST:
            name = words_of(cells[stage])[:120]
            if name:
                names.setdefault(name.casefold(), name)
        if score is not None and score < len(cells):
            _count(found, cells[score])
    found.stages = list(names.values()) if len(names) <= _MOST else []
    return found


def _count(found: Scanned, cell: str) -> None:
    if not _NUMBER.match(cell.strip()):
        return
    value = float(cell.strip().replace(",", "."))
    found.low, found.high = min(found.low, value), max(found.high, value)
    found.has_parts |= not value.is_integer()


def _scale(head: str, found: Scanned) -> Choice:
    """0 to 10 is an NPS, 1 to 5 a CSAT, -1 to 1 a sentiment in hundredths."""
    if found.low > found.high:
        return Choice(OUT)
    if found.low >= -1 and found.high <= 1 and (found.has_parts or found.low < 0):
        return Choice("rating", low="-100", high="100", times="100")
    if found.has_parts:
        return Choice("rating", low="10", high="50" if found.high <= 5 else "100", times="10")
    if found.high > 5 or "nps" in head or found.low == 0:
        return Choice("nps", low="0", high="10")
    return Choice("rating" if "rating" in head else "csat", low="1", high="5")


def heads(rows: Lines, scanned: object) -> Heads:
    names = unique(rows[0])
    score, text, stage = (_at(rows[0], words) for words in (_SCORE, _TEXT, _STAGE))
    date, number = _at(rows[0], _DATE), _at(rows[0], _ID)
    meta: dict[str, Choice] = {}
    if date is not None:
        meta[names[date]] = Choice("date")
    if number is not None:
        meta[names[number]] = Choice("id")
    for at, name in enumerate(names):
        word = plain(name).replace(" ", "_")
        if word in _REST:
            part = {
                "customer": "customer",
                "customer_id": "customer",
                "lang": "language",
                "sprache": "language",
            }.get(word, word)
            meta[name] = Choice(part if part in ("customer", "language") else OUT)
        if at == stage:
            meta[name] = Choice(OUT)
        if at == text:
            meta[name] = Choice("text", text=words_of(name))
    cleaners = {} if date is None else {date: plain_stamp}
    seen = scanned if isinstance(scanned, Scanned) else Scanned()
    stages = seen.stages
    if stage is None or score is None or not stages:
        if score is not None:
            meta[names[score]] = replace(
                _scale(plain(names[score]), seen), text=words_of(names[score])
            )
        return Heads(1, names, texts=_texts(names), meta=meta, cleaners=cleaners)
    spread = [at for at in (score, text) if at is not None]
    kept = [at for at in range(len(names)) if at not in spread]
    new = unique(
        [names[at] for at in kept] + [f"{names[at]} · {name}" for name in stages for at in spread]
    )
    for number, name in enumerate(stages):
        column = new[len(kept) + number * len(spread)]
        meta[column] = replace(_scale(plain(names[score]), seen), text=name)
        if text is not None:
            told = new[len(kept) + number * len(spread) + 1]
            meta[told] = Choice("text", text=words_of(told))
    order = {name.casefold(): number for number, name in enumerate(stages)}
    return Heads(
        rows=1,
        names=new,
        texts=_texts(new)
        | {new[len(kept) + n * len(spread)]: name for n, name in enumerate(stages)},
        meta=meta,
        cleaners=cleaners,
        width=len(names),
        reshape=partial(_spread, kept=kept, spread=spread, stage=stage, order=order),
    )


def _texts(names: list[str]) -> dict[str, str]:
    return {name: words_of(name) for name in names}


def _at(head: "Lines | list[str] | tuple[str, ...]", words: set[str]) -> int | None:
    return next(
        (at for at, cell in enumerate(head) if plain(str(cell)).replace(" ", "_") in words), None
    )


def _spread(
    cells: list[str], *, kept: list[int], spread: list[int], stage: int, order: dict[str, int]
) -> list[str]:
    new = [cells[at] for at in kept] + [""] * (len(order) * len(spread))
    number = order.get(words_of(cells[stage]).casefold())
    if number is not None:
        for offset, at in enumerate(spread):
            new[len(kept) + number * len(spread) + offset] = cells[at]
    return new


VENDOR: Final = Vendor("feedback", _("List of feedback"), sure, heads, scan=scan)
