"""LimeSurvey: codes, full texts or both as heads; sub-questions in brackets.

``id. Response ID``, ``Q01[SQ001]. Which did you use? [Coffee]``; in exports for R and SPSS the
sub-question follows an underscore.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Final

from surveys.columns.choice import OUT, Choice
from surveys.vendors.look import Group, Heads, Lines, Vendor, plain, share, unique, words_of
from surveys.vendors.options import parts_of
from surveys.vendors.stamps import ISO, plain_stamp

_CODES: Final = {"id", "submitdate", "lastpage", "startlanguage"}
_TEXTS: Final = (
    {"response id", "date submitted", "last page", "start language"},
    {"antwort id", "datum abgeschickt", "letzte seite", "start-sprache"},
)
_ROLES: Final = {
    "response id": "id", "answer id": "id", "antwort id": "id", "antwort-id": "id",
    "response_id": "id",
    "date submitted": "submitdate", "datum abgeschickt": "submitdate",
    "datum abgesendet": "submitdate", "last page": "lastpage", "letzte seite": "lastpage",
    "start language": "startlanguage", "start-sprache": "startlanguage",
    "startsprache": "startlanguage", "seed": "seed", "zufallsstartwert": "seed",
    "date started": "startdate", "datum gestartet": "startdate",
    "date last action": "datestamp", "datum letzte aktivität": "datestamp",
    "ip address": "ipaddr", "ip-adresse": "ipaddr", "referrer url": "refurl",
    "access code": "token", "zugangscode": "token", "total time": "interviewtime",
    "gesamtzeit": "interviewtime",
}  # fmt: skip
_META: Final = {"id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp",
                "ipaddr", "refurl", "token", "interviewtime"}  # fmt: skip
_CODED: Final = re.compile(r"(\w+(?:\[[^\[\]]*\]){0,2})\.\s*(.*)\Z", re.DOTALL)
_SUB: Final = re.compile(r"(\w+)\[([^\[\]]+)\](?:\[([^\[\]]+)\])?\Z")
_FLAT: Final = re.compile(r"(\w+?)_(SQ\d+|other|\d+)\Z")
_LAST: Final = re.compile(r"(.*?)\s*\[([^\[\]]*)\]\s*\Z", re.DOTALL)
_TIMES: Final = re.compile(
    r"(group)?\w*time\d*\Z|(question|group) time:|attribute_\d+", re.IGNORECASE
)
# Surveys that keep no time stamps write this one.
_NO_DATE: Final = "1980-01-01"


def sure(rows: Lines) -> float:
    if not rows:
        return 0
    codes = [plain(cell).partition(".")[0] for cell in rows[0]]
    if share(codes, _CODES) >= 0.75 or share(codes, {"response_id", *_CODES - {"id"}}) >= 1:
        return 1.0
    if max(share(rows[0], texts) for texts in _TEXTS) >= 0.75:
        return 0.9
    # Full texts where somebody chose to leave the rest out.
    bracketed = sum(bool(_LAST.match(cell)) for cell in rows[0])
    is_numbered = plain(rows[0][0]) in ("response id", "answer id", "antwort id", "antwort-id")
    return 0.7 if is_numbered and bracketed > 2 else 0


def heads(rows: Lines, _scanned: object) -> Heads:
    split = [_split(cell) for cell in rows[0]]
    names = unique([code or text for code, text in split])
    texts = {name: text or name for name, (_code, text) in zip(names, split, strict=True)}
    roles = [_role(code, text) for code, text in split]
    dates = [
        roles.index(role) for role in ("submitdate", "datestamp", "startdate") if role in roles
    ]
    data = rows[1:]
    kept = [at for at in dates if not _is_dateless(data, at)]
    meta = {name: _choice(role) for name, role in zip(names, roles, strict=True) if role}
    if kept:
        meta[names[kept[0]]] = Choice("date", format=ISO)
    submitted = roles.index("submitdate") if "submitdate" in roles else None
    return Heads(
        rows=1,
        names=names,
        texts={name: _asked(text) for name, text in texts.items()},
        groups=_groups(names, texts, data, meta),
        meta=meta,
        cleaners=dict.fromkeys(dates, plain_stamp),
        fills={kept[0]: tuple(kept[1:])} if kept[1:] else {},
        not_shown="N/A",
        marker=None if submitted is None else partial(_unfinished, submitted),
    )


def _split(cell: str) -> tuple[str, str]:
    """(code, text); a head may hold only one of them."""
    text = words_of(cell)
    if match := _CODED.match(text):
        return match[1], match[2]
    is_code = _SUB.match(text) or re.fullmatch(r"\w+", text)
    return (text, "") if is_code else ("", text)


def _role(code: str, text: str) -> str:
    for word in (plain(code), plain(text)):
        word = _ROLES.get(word, word)
        if word in _META:
            return word
    if _TIMES.match(code) or _TIMES.match(text):
        return "time"
    return ""


def _choice(role: str) -> Choice:
    return Choice({"id": "id", "startlanguage": "language"}.get(role, OUT))


def _is_dateless(rows: Lines, at: int) -> bool:
    filled = [row[at] for row in rows if at < len(row) and row[at].strip()]
    return bool(filled) and all(cell.startswith(_NO_DATE) for cell in filled)


def _unfinished(at: int, cells: Sequence[str]) -> str:
    return "" if cells[at].strip() else "unfinished"


def _asked(text: str) -> str:
    """ "How was it? [Coffee]" is "How was it? – Coffee"."""
    match = _LAST.match(text)
    if not match or not match[1]:
        return text
    return f"{match[1]} – {match[2]}" if match[2] else match[1]


def _groups(
    names: list[str], texts: dict[str, str], rows: Lines, meta: dict[str, Choice]
) -> dict[str, Group]:
    sets: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for at, name in enumerate(names):
        if name in meta:
            continue
        last = _LAST.match(texts[name])
        if match := _SUB.match(name) or _FLAT.match(name):
            sub = match[2]
            sets[match[1]].append((at, name, (last[2] if last and last[1] else "") or sub))
        elif last and last[1] and last[2]:
            sets[last[1]].append((at, name, last[2]))
    found: dict[str, Group] = {}
    for key, members in sets.items():
        first = _LAST.match(texts[members[0][1]])
        text = first[1] if first and first[1] else key
        found |= parts_of(members, rows, key=key, text=text)
    return found


VENDOR: Final = Vendor("limesurvey", "LimeSurvey", sure, heads, left_out=("unfinished",))
