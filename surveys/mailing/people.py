"""A list of people, pasted or from a file: who can be written to, and every problem by its line."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from cxm.tabular import TableError, read_rows

MOST: Final = 50_000
MOST_TROUBLES: Final = 500  # that a page shows; the others are counted
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_NAMED: Final = re.compile(r'^\s*"?(?P<name>[^"<>]*?)"?\s*<(?P<email>[^<>\s]+)>\s*$')
_check = EmailValidator(allowlist=[])

# What a column may be called, without case, blanks and dashes; in English and German.
_HEADS: Final = {
    "email": ("email", "mail", "emailaddress", "emailadresse", "mailadresse"),
    "name": ("name", "fullname", "vollername", "displayname"),
    "first": ("firstname", "givenname", "vorname"),
    "last": ("lastname", "surname", "familyname", "nachname", "familienname"),
    "language": ("language", "lang", "sprache"),
    "id": ("id", "customer", "customerid", "externalid", "kunde", "kundennummer", "kundennr"),
}
_LANGUAGES: Final = {"english": "en", "englisch": "en", "german": "de", "deutsch": "de"}


@dataclass(frozen=True)
class Person:
    """Somebody to be written to; ``segments`` are ids."""

    line: int
    email: str
    name: str = ""
    language: str = ""
    external_id: str = ""
    segments: tuple[int, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """A line with something wrong; ``is_left_out``: nobody is written to because of it."""

    line: int
    value: str
    words: str
    is_left_out: bool = True


@dataclass
class Roll:
    """What a list came to. ``columns`` says which were recognised, in words of the list."""

    people: list[Person] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    more_troubles: int = 0
    left_out: int = 0

    def note(self, trouble: Trouble) -> None:
        self.left_out += trouble.is_left_out
        if len(self.troubles) < MOST_TROUBLES:
            self.troubles.append(trouble)
        else:
            self.more_troubles += 1


Segments = Mapping[str, Mapping[str, int]]
"""Dimension → name of the segment → its id, both in small letters."""


def pasted(text: str, *, languages: Sequence[str], segments: Segments) -> Roll:
    """A list as typed or copied from a table. Raises TableError for one that is no list."""
    return _roll(_pasted_rows(text), languages, segments)


def uploaded(file: BinaryIO, *, name: str, languages: Sequence[str], segments: Segments) -> Roll:
    """A CSV or XLSX file. Raises TableError for one that cannot be read."""
    return _roll(read_rows(file, name=name).rows, languages, segments)


def as_text(people: Iterable[Person], names: Mapping[int, tuple[str, str]]) -> str:
    """People as a table that ``pasted`` reads again; ``names``: segment id → dimension, name."""
    people = list(people)
    used = {segment for person in people for segment in person.segments}
    dimensions = sorted({names[segment][0] for segment in used})
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t")
    writer.writerow(["email", "name", "language", "id", *dimensions])
    for person in people:
        mine = dict(names[segment] for segment in person.segments)
        plain = [person.email, person.name, person.language, person.external_id]
        writer.writerow([*plain, *(mine.get(dimension, "") for dimension in dimensions)])
    return out.getvalue()


def _pasted_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    # Only real line ends divide lines: str.splitlines would also cut at signs inside of a name.
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text.replace("\ufeff", "")), 1):
        if not line.strip():
            continue
        if match := _NAMED.match(line):
            yield number, [match["email"], match["name"]]
            continue
        sign = next((sign for sign in "\t;," if sign in line), ",")
        try:
            yield number, next(csv.reader([line], delimiter=sign))
        except csv.Error:
            yield number, [line]


def _roll(
    rows: Iterable[tuple[int, list[str]]], languages: Sequence[str], segments: Segments
) -> Roll:
    roll = Roll()
    walk = iter(rows)
    first = next(walk, None)
    if first is None:
        raise TableError(_("The list is empty."))
    places = _heading(first[1], segments)
    if places is None:
        walk = _chain(first, walk)
    else:
        roll.columns = {name: first[1][at].strip() for name, at in places.items()}
    if places is not None and "email" not in places:
        raise TableError(_("No column holds e-mail addresses. Name it “email” in the first line."))
    seen: dict[str, int] = {}
    for line, cells in walk:
        if len(seen) > MOST:
            raise TableError(_("A list has at most %(n)d people. Divide it.") % {"n": MOST})
        _take(roll, line, cells, places or _guess(cells), seen, languages, segments)
    return roll


def _chain(
    first: tuple[int, list[str]], rest: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    yield first
    yield from rest


def _plain(head: str) -> str:
    return re.sub(r"[\s_.:-]+", "", unicodedata.normalize("NFKC", head)).casefold()


def _heading(cells: Sequence[str], segments: Segments) -> dict[str, int] | None:
    """Column → its place, where the first line is a heading; None where it is a person."""
    if any("@" in cell for cell in cells):
        return None
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        head = _plain(cell)
        known = next((name for name, heads in _HEADS.items() if head in heads), "")
        if known:
            found.setdefault(known, at)
        elif " ".join(cell.split()).casefold() in segments:
            found.setdefault("in:" + " ".join(cell.split()).casefold(), at)
    return found


def _guess(cells: Sequence[str]) -> dict[str, int]:
    """Without a heading: the address is where the @ is, the name is what stands beside it."""
    at = next((place for place, cell in enumerate(cells) if "@" in cell), 0)
    name = next((place for place in range(len(cells)) if place != at), None)
    return {"email": at} | ({} if name is None else {"name": name})


def _take(
    roll: Roll, line: int, cells: Sequence[str], places: Mapping[str, int],
    seen: dict[str, int], languages: Sequence[str], segments: Segments,
) -> None:  # fmt: skip
    """One line: a person, or a problem, or a person with a problem."""
    values = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
    shown = _shown(values["email"])
    if any(_CONTROL.search(value) for value in values.values()):
        # A line break in a name would otherwise end up in the head of a letter.
        roll.note(Trouble(line, shown, _("It holds control characters or line breaks.")))
        return
    email = address(values["email"])
    if email is None:
        words = _("This is no e-mail address.") if shown else _("There is no e-mail address.")
        roll.note(Trouble(line, shown, words))
        return
    if email in seen:
        words = _("The same address stands in line %(line)d.") % {"line": seen[email]}
        roll.note(Trouble(line, shown, words))
        return
    seen[email] = line
    for words in _unknown(values, languages, segments):
        roll.note(Trouble(line, shown, words, is_left_out=False))
    roll.people.append(_person(line, email, values, languages, segments))


def _person(
    line: int, email: str, values: Mapping[str, str], languages: Sequence[str], segments: Segments
) -> Person:
    name = values.get("name") or f"{values.get('first', '')} {values.get('last', '')}"
    chosen = (
        segments[head[3:]].get(value.casefold())
        for head, value in values.items()
        if head.startswith("in:") and value
    )
    return Person(
        line=line,
        email=email,
        name=" ".join(name.split())[:160],
        language=_language(values.get("language", ""), languages) or "",
        external_id=values.get("id", "")[:200],
        segments=tuple(sorted(segment for segment in chosen if segment)),
    )


def _unknown(
    values: Mapping[str, str], languages: Sequence[str], segments: Segments
) -> Iterator[str]:
    said = values.get("language", "")
    if said and _language(said, languages) is None:
        yield _("The survey has no language “%(name)s”; the letter is written in %(base)s.") % {
            "name": _shown(said),
            "base": languages[0],
        }
    for head, value in values.items():
        if head.startswith("in:") and value and value.casefold() not in segments[head[3:]]:
            yield _("There is no segment “%(name)s”; the person is in none.") % {
                "name": _shown(value)
            }


def _language(said: str, languages: Sequence[str]) -> str | None:
    wanted = _LANGUAGES.get(said.casefold(), said.lower().replace("_", "-"))
    for code in languages:
        if code.lower() == wanted:
            return code
    base = wanted.split("-")[0]
    return next((code for code in languages if base and code.lower().split("-")[0] == base), None)


def _shown(value: str) -> str:
    """A cell as a message shows it."""
    return _CONTROL.sub("·", value)[:120]


def address(text: str) -> str | None:
    """An e-mail address in small letters, its domain in ASCII; None for what is none."""
    text = text.strip().removeprefix("mailto:")
    if match := _NAMED.match(text):
        text = match["email"]
    user, sign, domain = text.rpartition("@")
    if not sign or len(text) > 254 or len(user) > 64:
        return None
    try:
        domain = domain.encode("ascii" if domain.isascii() else "idna").decode("ascii")
        found = f"{user}@{domain}".lower()
        _check(found)
    except (UnicodeError, ValidationError):
        return None
    return found
