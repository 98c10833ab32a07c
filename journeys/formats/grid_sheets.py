"""The further sheets of a workbook: what a grid cannot show of cards, steps, lanes and personas."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.tabular import Sheet
from journeys.formats.content import MARKS, Builder, MapRef, PersonaContent, QuestionRef
from journeys.formats.json_read import is_link
from journeys.formats.loading import TEXTS
from journeys.models import CardStatus, Evidence, Mark, Tag

Record = dict[str, str]

_CHOICES: dict[str, tuple[str, Collection[str], str]] = {
    "mark": ("mark", Mark.values, ""),
    "colour": ("tag", Tag.values, ""),
    "status": ("status", CardStatus.values, ""),
    "evidence": ("evidence", Evidence.values, Evidence.ASSUMPTION.value),
}


@dataclass
class Place:
    """A cell of the grid with the texts of its cards."""

    key: tuple[int, int]
    names: tuple[str, str]
    lane: int
    step: int
    texts: list[str]
    more: int
    where: str


@dataclass
class Extras:
    """What the sheets beside the grid say; empty for CSV and for workbooks of others."""

    cards: list[tuple[int, Record]] = field(default_factory=list)
    steps: dict[int, Record] = field(default_factory=dict)
    lanes: dict[int, Record] = field(default_factory=dict)
    questions: list[Record] = field(default_factory=list)
    people: dict[str, tuple[PersonaContent, bool]] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    builder: Builder | None = None
    has_cards: bool = False

    def step(self, column: int) -> dict[str, Any]:
        """Fields of the step in a column."""
        found = self.steps.get(column)
        if found is None or self.builder is None:
            return {}
        fields: dict[str, Any] = {"is_moment": _is_yes(found.get("moment_of_truth", ""))}
        if found.get("opens_title"):
            fields["opens_id"] = self.builder.id()
            ref = MapRef(
                self.builder.line(found.get("opens_address", ""), 80, "steps"),
                self.builder.line(found["opens_title"], 160, "steps"),
            )
            self.builder.content.maps[fields["opens_id"]] = ref
        return fields

    def lane(self, number: int) -> dict[str, Any]:
        """Fields of the lane in a row."""
        found = self.lanes.get(number)
        if found is None or self.builder is None:
            return {}
        note = self.builder.line(found.get("note", ""), 120, "lanes")
        return {"note": note, "collapsed": _is_yes(found.get("collapsed", ""))}

    def place(
        self, key: tuple[int, int], names: tuple[str, str], lane: int, step: int,
        texts: list[str], more: int, where: str,
    ) -> None:  # fmt: skip
        """Keep a cell until all are known: only then it is clear which line means which card."""
        if self.has_cards:
            self.places.append(Place(key, names, lane, step, texts, more, where))

    def finish(self, builder: Builder, columns: dict[int, int]) -> None:
        """Make the cards of the cells that were kept, and bind questions."""
        _Cards(self, builder).make()
        for record in self.questions:
            step = columns.get(_whole(record.get("column", "")) or 0)
            if step is not None:
                _ask(builder, step, record)


class _Cards:
    """Finds the line of the sheet “cards” that belongs to each card of the grid."""

    def __init__(self, extras: Extras, builder: Builder) -> None:
        self.extras, self.builder = extras, builder
        self.left = dict(extras.cards)
        self.exact: dict[tuple[int, int, str], list[int]] = {}
        self.loose: dict[tuple[str, str, str], list[int]] = {}
        for line, record in extras.cards:
            text = record.get("text", "").strip()
            row, column = _whole(record.get("row", "")), _whole(record.get("column", ""))
            self.exact.setdefault((row or 0, column or 0, text), []).append(line)
            names = (record.get("lane", ""), record.get("step", ""), text)
            self.loose.setdefault(names, []).append(line)

    def make(self) -> None:
        """Each card with its line of the sheet: by row, column and text, else by names."""
        found: dict[tuple[int, int], int] = {}
        for is_exact in (True, False):
            for p, place in enumerate(self.extras.places):
                for n, text in enumerate(place.texts):
                    if (p, n) not in found and (line := self._line(place, text, is_exact)):
                        found[(p, n)] = line
        records = dict(self.extras.cards)
        for line in found.values():
            self.left.pop(line, None)
        for p, place in enumerate(self.extras.places):
            for n, text in enumerate(place.texts):
                known = found.get((p, n))
                self._card(place, text, (known, records[known]) if known else None)
            self._more(place)
        if self.left:
            words = ngettext(
                "%(n)s line of this sheet belongs to no card of the grid and is left out.",
                "%(n)s lines of this sheet belong to no card of the grid and are left out.",
                len(self.left),
            )
            self.builder.note("lost", "cards", words % {"n": len(self.left)})

    def _line(self, place: Place, text: str, is_exact: bool) -> int | None:
        """The first line for this card that no other card has taken."""
        lines = (
            self.exact.get((*place.key, text)) if is_exact else self.loose.get((*place.names, text))
        ) or []
        while lines:
            line = lines.pop(0)
            if line in self.left:
                del self.left[line]
                return line
        return None

    def _more(self, place: Place) -> None:
        """Cards that had no room in the cell."""
        if not place.more:
            return
        lines = [
            line
            for line, record in self.left.items()
            if (_whole(record.get("row", "")), _whole(record.get("column", ""))) == place.key
        ]
        for line in lines[: place.more]:
            record = self.left.pop(line)
            self._card(place, record.get("text", ""), (line, record))

    def _card(self, place: Place, text: str, known: tuple[int, Record] | None) -> None:
        kind = self.builder.content.state["lane"][place.lane]["kind"]
        fields = _fields(self.builder, *known) if known else {"mark": MARKS.get(kind, "")}
        self.builder.card(place.lane, place.step, text, where=place.where, **fields)


def _fields(builder: Builder, line: int, record: Record) -> dict[str, Any]:
    where = _("sheet “cards”, line %(line)d") % {"line": line}
    fields: dict[str, Any] = {}
    for name, (target, choices, default) in _CHOICES.items():
        value = record.get(name, "").strip()
        if value and value not in choices:
            builder.note("lost", where, _("“%(value)s” is not one of the choices.") % {
                "value": value[:60]})  # fmt: skip
        fields[target] = value if value in choices else default
    fields["owner"] = builder.line(record.get("owner", ""), 80, where)
    fields["evidence_source"] = builder.line(record.get("source", ""), 200, where)
    fields["due"] = _date(builder, record.get("due", ""), where)
    fields["evidence_on"] = _date(builder, record.get("as_of", ""), where)
    fields["evidence_n"] = _whole(record.get("n", ""))
    url = builder.line(record.get("link", ""), 500, where)
    if url and not is_link(url):
        builder.note("lost", where, _("A link starts with https:// or http://."))
        url = ""
    return fields | {"url": url}


def _ask(builder: Builder, step: int, record: Record) -> None:
    ref = QuestionRef(
        builder.line(record.get("survey", ""), 160, "questions"),
        builder.line(record.get("key", ""), 200, "questions"),
    )
    questions = builder.content.questions
    known = next((id for id, other in questions.items() if other == ref), None)
    if known is None:
        known = builder.id()
        questions[known] = ref
    if not any(
        row["step_id"] == step and row["question_id"] == known
        for row in builder.content.state["question"].values()
    ):
        builder.row("question", step_id=step, question_id=known)


def read_extras(sheets: list[Sheet], builder: Builder) -> Extras:
    """The further sheets of a workbook that this application wrote, or that look like it."""
    extras = Extras(builder=builder)
    if not any(sheet.name.casefold() == "map" for sheet in sheets):
        return extras
    named = {sheet.name.casefold(): _records(sheet) for sheet in sheets}
    extras.has_cards = "cards" in named
    extras.cards = named.get("cards", [])
    extras.questions = [record for _line, record in named.get("questions", [])]
    for kind, key, target in (("steps", "column", extras.steps), ("lanes", "row", extras.lanes)):
        for _line, record in named.get(kind, []):
            target[_whole(record.get(key, "")) or 0] = record
    for line, record in named.get("personas", []):
        persona = _persona(builder, record, line)
        if persona.name:
            on_map = _is_yes(record.get("on_map", "yes"))
            extras.people[_free(extras.people, persona.name.casefold())] = (persona, on_map)
    return extras


def _free(taken: Collection[str], key: str) -> str:
    """Two personas of one name are two; the first is the one that the grid speaks of."""
    while key in taken:
        key += "\0"
    return key


def _records(sheet: Sheet) -> list[tuple[int, Record]]:
    if not sheet.rows:
        return []
    heads = [head.strip().casefold() for head in sheet.rows[0][1]]
    return [(line, dict(zip(heads, cells, strict=False))) for line, cells in sheet.rows[1:]]


def _persona(builder: Builder, record: Record, line: int) -> PersonaContent:
    where = _("sheet “personas”, line %(line)d") % {"line": line}
    limits = {"summary": 200, "quote": 300, "owner": 80}
    segment = (
        builder.line(record.get("dimension", ""), 80, where),
        builder.line(record.get("segment", ""), 120, where),
    )
    return PersonaContent(
        name=builder.line(record.get("name", ""), 120, where),
        texts={
            name: builder.text(record.get(name, ""), limits.get(name, 4000), where)
            for name in TEXTS
        },
        reviewed_on=_date(builder, record.get("reviewed_on", ""), where),
        segment=segment if all(segment) else None,
    )


def _is_yes(text: str) -> bool:
    return text.strip().casefold() in ("yes", "ja", "true", "1", "x")


def _whole(text: str) -> int | None:
    text = text.strip()
    fits = text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= 10**9
    return int(text) if fits else None


def _date(builder: Builder, text: str, where: str) -> str | None:
    if not text.strip():
        return None
    try:
        return datetime.date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        words = _("“%(value)s” is not a date such as 2026-03-31.")
        builder.note("lost", where, words % {"value": text[:40]})
        return None
