"""Reviews of portals: date, stars, text, and often a title, stars of aspects, "verified".

There is no common form: the columns are told by their heads, English or German. The answers are
of a source of their own, because who writes a review is no sample of the customers.
"""

import re
from typing import Final

from django.utils.translation import gettext_lazy as _

from surveys.columns.choice import OUT, Choice
from surveys.vendors.look import Heads, Lines, Vendor, plain, unique, words_of
from surveys.vendors.stamps import plain_stamp

_IS_REVIEW: Final = re.compile(
    r"review|rezension|bewertung|stars?\b|sterne|verifi|trustpilot|overall rating"
)
_ROLES: Final = tuple(
    (role, re.compile(look))
    for role, look in (
        (
            "out",
            r"reply|response|owner|antwort|reviewer|author|autor|user|guest|nickname|\bname\b"
            r"|helpful|hilfreich|photo|url|link\b|device|version|avatar|e-?mail|reservation",
        ),
        (
            "id",
            r"(review|rezensions?|bewertungs?)[ _-]?(id|nr|number|nummer)\b|\Aid\Z"
            r"|reference id|\Areference\Z",
        ),
        ("verified", r"verifi"),
        ("language", r"language|sprache|locale"),
        (
            "date",
            r"date\b|datum|created|submitted|published|veröffentlicht|\bday\b|\btag\b"
            r"|time\b|zeitpunkt",
        ),
        ("title", r"title|titel|headline|summary|überschrift|betreff"),
        (
            "text",
            r"text|content|body|comment|kommentar|inhalt|review\Z|rezension\Z|verbatim"
            r"|(positive|negative) review|\Apros\Z|\Acons\Z|liked|vorteile|nachteile",
        ),
        (
            "stars",
            r"(review|overall|star|gesamt|total)[ _-]*(stars?|rating|score|sterne|bewertung|note)"
            r"|\A(stars?|sterne|rating|bewertung|score|overall)\Z|sterne\Z|\Agesamt",
        ),
    )
)
_FACTS: Final = re.compile(
    r"product|produkt|location|branch|filiale|hotel|store|asin|sku|country|land|city|source"
    r"|platform|count|anzahl"
)
_STARS: Final = re.compile(
    r"(\d{1,2}(?:[.,]\d)?)(?:\s*(?:/|of|von|out of)\s*\d{1,2})?\s*(?:stars?|sterne?|★)?\Z",
    re.IGNORECASE,
)
_WORDS: Final = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}


def sure(rows: Lines) -> float:
    if not rows or not 2 < len(rows[0]) <= 60:
        return 0
    roles = set(_roles(rows))
    # Without a date only stars, title and text together are a review.
    told = roles & {"text", "title"} if "date" in roles else {"text", "title"} <= roles
    if "stars" not in roles or not told:
        return 0
    words = sum(bool(_IS_REVIEW.search(plain(cell))) for cell in rows[0])
    return 0.9 if words > 1 else 0.7 if words else 0


def heads(rows: Lines, _scanned: object) -> Heads:
    names = unique(rows[0])
    roles = _roles(rows)
    meta: dict[str, Choice] = {}
    for name, role in zip(names, roles, strict=True):
        text = words_of(name)
        if role in ("title", "text"):
            meta[name] = Choice("text", text=text)
        elif role in ("out", "fact"):
            meta[name] = Choice(OUT)
        elif role == "verified":
            meta[name] = Choice(
                "segment", name=str(_("Verified")), values=_verified(rows, names.index(name))
            )
        elif role in ("id", "date", "language"):
            meta[name] = Choice(role)
    dates = [at for at, role in enumerate(roles) if role == "date"]
    stars = [at for at, role in enumerate(roles) if role in ("stars", "aspect")]
    return Heads(
        rows=1,
        names=names,
        texts={name: words_of(text) or name for name, text in zip(names, rows[0], strict=False)},
        meta=meta,
        rated=frozenset(names[at] for at in stars),
        cleaners={**dict.fromkeys(dates, plain_stamp), **dict.fromkeys(stars, plain_stars)},
    )


def _roles(rows: Lines) -> list[str]:
    """What each column is: each of the roles but texts and aspects once, the first that fits."""
    found: list[str] = []
    for at, cell in enumerate(rows[0]):
        word = plain(cell).replace("_", " ")
        role = next((role for role, look in _ROLES if look.search(word)), "")
        if not role and _FACTS.search(word):
            role = "fact"
        if (not role or role == "text") and (stars := _is_stars(rows, at)):
            role = "aspect" if stars else role
        if role in ("id", "date", "title", "verified", "language", "stars") and role in found:
            role = "aspect" if role == "stars" else "out"
        found.append(role or "out")
    return found


def _is_stars(rows: Lines, at: int) -> bool:
    cells = [row[at] for row in rows[1:] if at < len(row) and row[at].strip()]
    return bool(cells) and all(_STARS.match(cell.strip()) and _value(cell) <= 10 for cell in cells)


def _value(cell: str) -> float:
    return float(plain_stars(cell).replace(",", "."))


def plain_stars(cell: str) -> str:
    """ "4", "4.5" of "4 stars", "4/5", "★★★★☆", "FOUR"; anything else as it stands."""
    text = cell.strip()
    if text and set(text) <= {"★", "☆", "⭐"}:
        return str(text.count("★") + text.count("⭐"))
    if match := _STARS.match(text):
        return match[1].replace(",", ".")
    return _WORDS.get(text.lower(), cell)


def _verified(rows: Lines, at: int) -> str:
    yes, no = str(_("Yes")), str(_("No"))
    seen = dict.fromkeys(row[at].strip() for row in rows[1:] if at < len(row) and row[at].strip())
    negative = {"false", "no", "0", "nein", "n", "falsch", "unverified", "not verified"}
    return "\n".join(
        f"{value} = {no if plain(value) in negative else yes}" for value in list(seen)[:6]
    )


VENDOR: Final = Vendor("portal", _("Reviews of a portal"), sure, heads, source="portal")
