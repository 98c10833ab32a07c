"""Finding words in maps, steps, cards, personas, touchpoints and comments of a workspace.

Capitals, accents and umlauts do not matter: a word becomes a pattern in which each letter stands
for all its forms, so that PostgreSQL needs no extension and folds no text (that took it 0.2 ms per
card). Every word must be found, in whatever order.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cxm.models import Workspace
from journeys.models import Card, Comment, Journey, Persona, Step
from touchpoints.models import Touchpoint

SHORTEST, LONGEST, WORDS = 2, 100, 8
PER_KIND = 12
SNIPPET = 120

_PAIRS = {"ß": "ss", "æ": "ae", "œ": "oe"}
_STROKES = {"ø": "o", "ł": "l", "đ": "d", "ı": "i"}


def _table() -> dict[str, str]:
    """Latin letters with marks → the letter alone, large and small."""
    found = dict(_STROKES)
    for code in (*range(0xC0, 0x180), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0].lower()
        if "a" <= base <= "z":
            found[chr(code)] = base
    return found


_FOLD = _table()
_MARKS = "".join(chr(code) for code in range(0x300, 0x370))
_FORMS: dict[str, str] = {}
for _form, _letter in _FOLD.items():
    _FORMS[_letter] = _FORMS.get(_letter, _letter) + _form
_ANY_MARKS = f"[{_MARKS[0]}-{_MARKS[-1]}]*"
_PYTHON: dict[int, str | None] = {
    **{ord(letter): plain for letter, plain in (_FOLD | _PAIRS).items()},
    **{ord(mark): None for mark in _MARKS},
}

KINDS = {
    "map": gettext_lazy("Maps"),
    "step": gettext_lazy("Steps"),
    "card": gettext_lazy("Cards"),
    "persona": gettext_lazy("Personas"),
    "touchpoint": gettext_lazy("Touchpoints"),
    "comment": gettext_lazy("Comments"),
}


@dataclass(frozen=True)
class Hit:
    """One place: what it is, its words, where it stands, its address, what going there does.

    ``journey`` is the id of the map that it is on; None for what belongs to no single map.
    """

    kind: str
    title: str
    where: str
    url: str
    action: str
    journey: int | None = None


@dataclass(frozen=True)
class Found:
    """All hits by kind; ``more`` names the kinds that have more than are shown."""

    words: tuple[str, ...]
    hits: tuple[Hit, ...] = ()
    more: frozenset[str] = frozenset()

    @property
    def groups(self) -> list[tuple[str, str, list[Hit], bool]]:
        """Key, name, hits, and whether there are more, in the order of ``KINDS``."""
        return [
            (kind, str(name), hits, kind in self.more)
            for kind, name in KINDS.items()
            if (hits := [hit for hit in self.hits if hit.kind == kind])
        ]


def folded(text: str) -> str:
    """Small letters without marks, as the database folds them."""
    return text.lower().translate(_PYTHON)


def words_of(text: str) -> tuple[str, ...]:
    """The folded words to look for; none where the text is too short to say anything."""
    clean = "".join(c for c in text[:LONGEST] if c.isprintable() or c.isspace())
    words = tuple(dict.fromkeys(folded(clean).split()))[:WORDS]
    return words if sum(map(len, words)) >= SHORTEST else ()


def search(*, workspace: Workspace, text: str) -> Found:
    """At most ``PER_KIND`` hits a kind, names that begin so first: six queries."""
    words = words_of(text)
    if not words:
        return Found(())
    address = _Address(workspace)
    hits: list[Hit] = []
    more: set[str] = set()
    for kind, rows, hit in _sources(workspace, words):
        found = list(rows[: PER_KIND + 1])
        if len(found) > PER_KIND:
            more.add(kind)
        made = [hit(row, address) for row in found[:PER_KIND]]
        hits += [replace(one, title=snippet(one.title, words)) for one in made]
    return Found(words, tuple(hits), frozenset(more))


class _Address:
    """Addresses of places in one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def of(self, name: str, id: object) -> str:
        return reverse(name, args=[self.workspace.slug, id])

    def on_map(self, journey: Journey, focus: str = "") -> str:
        url = self.of("journeys:journey", journey.slug)
        return f"{url}?focus={focus}" if focus else url


_OF_PERSONA = ("summary", "quote", "goals", "needs", "behaviour", "fears")
Maker = Callable[[Any, _Address], Hit]


def _sources(
    workspace: Workspace, words: tuple[str, ...]
) -> Iterable[tuple[str, QuerySet[Any], Maker]]:
    """What is looked through: kind, matching rows in order, and how a row becomes a hit."""
    maps = Journey.objects.filter(workspace=workspace)
    yield "map", _ranked(_matching(maps, words, "title"), words, "title"), _map
    steps = Step.objects.filter(workspace=workspace).select_related("phase__journey")
    yield "step", _ranked(_matching(steps, words, "name"), words, "name"), _step
    cards = Card.objects.filter(workspace=workspace)
    found = _newest(_matching(cards, words, "text", "owner", "evidence_source", "url"))
    yield "card", found.select_related("lane", "step__phase__journey"), _card
    people = Persona.objects.filter(workspace=workspace)
    found = _matching(people, words, "name", *_OF_PERSONA)
    yield "persona", _ranked(found, words, "name"), _persona
    places = Touchpoint.objects.filter(workspace=workspace).select_related("channel")
    found = _matching(places, words, "name", "description", "owner")
    yield "touchpoint", _ranked(found, words, "name"), _place
    remarks = Comment.objects.filter(workspace=workspace)
    found = _newest(_matching(remarks, words, "text"))
    yield "comment", found.select_related("journey", "author"), _comment


def pattern(word: str) -> str:
    """A regular expression of PostgreSQL that finds a folded word in any of its forms."""
    found, place = "", 0
    while place < len(word):
        pair = word[place : place + 2]
        letter = word[place]
        form = _FORMS.get(letter)
        one = f"[{form}]{_ANY_MARKS}" if form else re.escape(letter)
        two = "".join(f"|{single}" for single, letters in _PAIRS.items() if letters == pair)
        if two:
            second = f"[{_FORMS.get(pair[1], pair[1])}]{_ANY_MARKS}"
            found += f"(?:{one}{second}{two})"
            place += 2
        else:
            found += one if letter.isascii() and letter.isalpha() else re.escape(letter)
            place += 1
    return found


def _matching(rows: QuerySet[Any], words: tuple[str, ...], *fields: str) -> QuerySet[Any]:
    """Rows that hold every word in any of the fields."""
    whole: Any = F(fields[0])
    if len(fields) > 1:
        parts = [part for field in fields for part in (F(field), Value("\n"))]
        whole = Concat(*parts, output_field=TextField())
    found: QuerySet[Any] = rows.alias(whole=whole)
    for word in words:
        found = found.filter(whole__iregex=pattern(word))
    return found


def _newest(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The newest few, chosen before anything is joined to them: there may be very many."""
    few = rows.order_by("-id").values("pk")[: PER_KIND + 1]
    chosen: QuerySet[Any] = rows.model._default_manager.filter(pk__in=few)
    return chosen.order_by("-id")


def _ranked(rows: QuerySet[Any], words: tuple[str, ...], name: str) -> QuerySet[Any]:
    """Names that begin with the first word before the others, then by name."""
    begins = Q(**{f"{name}__iregex": f"^{pattern(words[0])}"})
    first = Case(When(begins, then=0), default=1, output_field=IntegerField())
    return rows.order_by(first, name, "id")


def snippet(text: str, words: tuple[str, ...]) -> str:
    """One line around the first word that is found, cut at its ends."""
    line = " ".join(text.split())
    if len(line) <= SNIPPET:
        return line
    plain = folded(line)
    at = min((place for word in words if (place := plain.find(word)) >= 0), default=0)
    start = max(0, min(at - SNIPPET // 3, len(line) - SNIPPET))
    if start:
        start = line.find(" ", start, start + 20) + 1 or start
    cut = line[start : start + SNIPPET].strip()
    return ("… " if start else "") + cut + (" …" if start + SNIPPET < len(line) else "")


def marked(text: str, words: tuple[str, ...]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the words: for marking what was found."""
    plain = [folded(letter) for letter in text]
    whole = "".join(plain)
    owner = [place for place, letters in enumerate(plain) for _letter in letters]
    hit = [False] * len(text)
    for word in words:
        at = whole.find(word)
        while at >= 0:
            for place in range(owner[at], owner[at + len(word) - 1] + 1):
                hit[place] = True
            at = whole.find(word, at + len(word))
    runs = groupby(zip(text, hit, strict=True), key=lambda pair: pair[1])
    return [("".join(letter for letter, _hit in run), found) for found, run in runs]


def _map(row: Journey, address: _Address) -> Hit:
    where = _("template") if row.is_template else _("map")
    return Hit("map", row.title, where, address.on_map(row), _("open"), row.pk)


def _step(row: Step, address: _Address) -> Hit:
    journey = row.phase.journey
    where = f"{journey.title} · {row.phase.name}"
    url = address.on_map(journey, f"step-{row.pk}")
    return Hit("step", row.name, where, url, _("go there"), journey.pk)


def _card(row: Card, address: _Address) -> Hit:
    journey = row.step.phase.journey
    where = f"{journey.title} · {row.lane} · {row.step.name}"
    url = address.on_map(journey, f"{row.lane_id}-{row.step_id}")
    return Hit("card", row.text or row.url or row.owner, where, url, _("go there"), journey.pk)


def _persona(row: Persona, address: _Address) -> Hit:
    where = row.summary or _("persona")
    return Hit("persona", row.name, where, address.of("journeys:persona", row.pk), _("open"))


def _place(row: Touchpoint, address: _Address) -> Hit:
    where = row.channel.name if row.channel else str(row.get_media_type_display())
    url = address.of("touchpoints:touchpoint", row.pk)
    return Hit("touchpoint", row.name, where, url, _("open"))


def _comment(row: Comment, address: _Address) -> Hit:
    who = row.author.name if row.author else pgettext("author of a comment", "somebody")
    url = f"{address.on_map(row.journey)}?comment={row.thread_id or row.pk}"
    where = f"{row.journey.title} · {who}"
    return Hit("comment", row.text, where, url, _("go there"), row.journey_id)
