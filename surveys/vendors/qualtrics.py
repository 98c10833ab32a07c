"""Qualtrics: three heading rows – names, texts, and a JSON object per column (``ImportId``).

Exports before 2017 have two: V1, V2 … and then what those are.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Final

from surveys.columns.choice import OUT, Choice
from surveys.vendors.look import Group, Heads, Lines, Marker, Vendor, plain, share, unique, words_of
from surveys.vendors.options import parts_of
from surveys.vendors.stamps import ISO, with_order

_KNOWN: Final = {"startdate", "enddate", "status", "finished", "responseid"}
_LEGACY: Final = {"responseid", "responseset", "startdate", "enddate", "finished"}
_LEAVE: Final = {
    "startdate", "enddate", "status", "ipaddress", "progress", "duration", "finished",
    "recordeddate", "recipientlastname", "recipientfirstname", "recipientemail",
    "externaldatareference", "externalreference", "locationlatitude",
    "locationlongitude", "responseset", "responsesetid", "locationaccuracy", "name", "emailaddress",
    "duration (in seconds)",
    "q_recaptchascore", "q_relevantidduplicate", "q_relevantidduplicatescore",
    "q_relevantidfraudscore", "q_relevantidlaststartdate", "q_totalduration",
    "q_duplicaterespondent",
    "q_ballotboxstuffing", "q_ambiguoustextpresent", "q_straightliningcount",
}  # fmt: skip
_CHANNELS: Final = (
    "anonymous = survey link\nemail = e-mail\nqr = qr\nqrcode = qr\ngl = survey link\n"
    "social = survey link\npreview = survey link\nofflineapp = interview"
)
_IMPORT_ID: Final = re.compile(r"\{\s*[\"']ImportId[\"']\s*:\s*[\"']([^\"']*)[\"']")
_PART: Final = re.compile(r"(.+?)_(\d+)\Z")
# What the number of a status says: 1 preview, 2 test, 8 spam, 9 preview taken for spam, …
_STATES: Final = {
    "1": "preview", "2": "preview", "9": "preview", "17": "preview", "8": "spam", "12": "spam",
    "40": "spam", "48": "spam",
}  # fmt: skip


def sure(rows: Lines) -> float:
    if len(rows) > 2 and sum(_import_id(cell) != "" for cell in rows[2]) * 2 >= len(rows[2]) > 0:
        return 1.0
    if _is_legacy(rows):
        return 0.9
    return 0.8 if rows and share([cell.replace(" ", "") for cell in rows[0]], _KNOWN) >= 0.8 else 0


def heads(rows: Lines, _scanned: object) -> Heads:
    names = unique(rows[0])
    depth = _depth(rows)
    second = rows[1] if depth > 1 else ()
    asked = [second[at] if at < len(second) else "" for at in range(len(names))]
    ids = [
        _import_id(rows[2][at]) if depth > 2 and at < len(rows[2]) else ""
        for at in range(len(names))
    ]
    texts = {name: words_of(text) or name for name, text in zip(names, asked, strict=True)}
    roles = [_role(name, text, key) for name, text, key in zip(names, asked, ids, strict=True)]
    when = next(
        (
            at
            for role in ("recordeddate", "enddate", "startdate")
            for at, found in enumerate(roles)
            if found == role
        ),
        None,
    )
    meta = {
        name: choice for name, role in zip(names, roles, strict=True) if (choice := _meta(role))
    }
    if when is not None:
        meta[names[when]] = Choice("date", format=ISO)
    status = roles.index("status") if "status" in roles else None
    return Heads(
        rows=depth,
        names=names,
        texts=texts,
        groups=_groups(names, texts, rows[depth:], meta),
        meta=meta,
        cleaners={} if when is None else {when: partial(with_order, month_first=True)},
        marker=None if status is None else _marker(status),
    )


def _depth(rows: Lines) -> int:
    if len(rows) > 2 and any(_import_id(cell) for cell in rows[2]):
        return 3
    if _is_legacy(rows):
        return 2
    known = (
        sum(
            plain(cell).replace(" ", "") == plain(name).replace(" ", "")
            for name, cell in zip(rows[0], rows[1], strict=False)
        )
        if len(rows) > 1
        else 0
    )
    # "StartDate" above "Start Date": the row of texts is there, that of ids was deleted.
    return 2 if known >= 3 else 1


def _is_legacy(rows: Lines) -> bool:
    return (
        len(rows) > 1
        and bool(rows[0])
        and plain(rows[0][0]) == "v1"
        and share(rows[1], _LEGACY) >= 0.8
    )


def _import_id(cell: str) -> str:
    """ "QID3_1" of {"ImportId":"QID3_1"}, also in single quotes as in 2016; "" for other cells."""
    match = _IMPORT_ID.match(cell) if cell.startswith("{") else None
    return match[1] if match else ""


def _role(name: str, text: str, key: str) -> str:
    """What a column is to Qualtrics itself, in its own words; "" for a question."""
    for word in (plain(key).rpartition("-")[2].lstrip("_"), plain(name), plain(text)):
        word = word.replace(" ", "") if not word.startswith("duration") else word
        if word in ("recordid", "responseid"):
            return "responseid"
        if word in _LEAVE or word in ("distributionchannel", "userlanguage"):
            return word
    return ""


def _meta(role: str) -> Choice | None:
    if role == "responseid":
        return Choice("id")
    if role == "distributionchannel":
        return Choice("source", values=_CHANNELS)
    if role == "userlanguage":
        return Choice("language")
    return Choice(OUT) if role else None


def _marker(at: int) -> Marker:
    def mark(cells: Sequence[str]) -> str:
        word = plain(cells[at])
        if "spam" in word:
            return "spam"
        return "preview" if "preview" in word or "test" in word else _STATES.get(word, "")

    return mark


def _groups(
    names: list[str], texts: dict[str, str], rows: Lines, meta: dict[str, Choice]
) -> dict[str, Group]:
    sets: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for at, name in enumerate(names):
        if name not in meta and (match := _PART.match(name)):
            sets[match[1]].append((at, name, texts[name].rpartition(" - ")[2]))
    found: dict[str, Group] = {}
    for key, members in sets.items():
        text = texts[members[0][1]].rpartition(" - ")[0].removesuffix(" - Selected Choice")
        found |= parts_of(members, rows, key=key, text=text or key)
    return found


VENDOR: Final = Vendor("qualtrics", "Qualtrics", sure, heads, left_out=("preview", "spam"))
