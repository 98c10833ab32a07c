"""A map as files hold it: a State under local ids, and what it refers to by name instead of id."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from django.utils.translation import gettext as _

from journeys.models import Evidence, LaneKind, Mark
from journeys.order import STEP
from journeys.rows import KINDS, State, Values

MAX_BYTES = 5 * 1024 * 1024
MAX_PHASES = 200
MAX_STEPS = 500
MAX_LANES = 200
MAX_CARDS = 10_000
MAX_PERSONAS = 100
MAX_LINKS = 5_000
MAX_NOTES = 200

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


# As a card is marked that is typed into such a lane.
MARKS = {
    LaneKind.PAINS.value: Mark.PAIN.value,
    LaneKind.IDEAS.value: Mark.IDEA.value,
    LaneKind.MEASURES.value: Mark.MEASURE.value,
}


class FormatError(ValueError):
    """The file cannot be read; every problem is a sentence for the person who chose it."""

    def __init__(self, *problems: str) -> None:
        self.problems = tuple(shown(problem) for problem in problems)
        super().__init__("\n".join(self.problems))


class Note(NamedTuple):
    """What reading guessed, changed or left out, and where in the file."""

    kind: Literal["guessed", "changed", "lost"]
    where: str
    text: str


class TouchpointRef(NamedTuple):
    name: str
    media_type: str = ""
    channel: str = ""


class QuestionRef(NamedTuple):
    survey: str
    key: str


class MapRef(NamedTuple):
    """Another map of the workspace."""

    address: str
    title: str


class OriginRef(NamedTuple):
    """The step of the map of today that a step of its future comes from."""

    phase: str
    step: str


@dataclass(frozen=True)
class FileContent:
    name: str
    content_type: str
    data: bytes
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class PersonaContent:
    """A persona in full; ``segment`` is dimension and name, ``picture`` a local id of a file."""

    name: str
    texts: dict[str, str] = field(default_factory=dict)
    reviewed_on: str | None = None
    segment: tuple[str, str] | None = None
    picture: int | None = None


@dataclass
class Content:
    """The whole map. The ids in ``state`` are local: they mean what the tables beside it say."""

    title: str = ""
    state: State = field(default_factory=lambda: {name: {} for name in KINDS})
    touchpoints: dict[int, TouchpointRef] = field(default_factory=dict)
    questions: dict[int, QuestionRef] = field(default_factory=dict)
    personas: dict[int, PersonaContent] = field(default_factory=dict)
    files: dict[int, FileContent] = field(default_factory=dict)
    maps: dict[int, MapRef] = field(default_factory=dict)
    origins: dict[int, OriginRef] = field(default_factory=dict)
    future_of: MapRef | None = None
    is_template: bool = False
    notes: list[Note] = field(default_factory=list)

    def rows(self, kind: str) -> list[tuple[int, Values]]:
        """Rows of a kind in the order in which they stand."""
        return sorted(
            self.state[kind].items(), key=lambda item: (item[1].get("position", 0), item[0])
        )


class Builder:
    """Puts a Content together row by row; limits hold, and nothing is shortened silently."""

    def __init__(self) -> None:
        self.content = Content()
        self._last = 0
        self._touchpoints: dict[str, int] = {}
        self._touched: set[tuple[int, int]] = set()
        self._assumed: dict[tuple[int, int], int] = {}

    def id(self) -> int:
        self._last += 1
        return self._last

    def note(self, kind: Literal["guessed", "changed", "lost"], where: str, text: str) -> None:
        """Remember what to tell; a file of ten thousand oddities tells the first of them."""
        notes = self.content.notes
        if len(notes) < MAX_NOTES:
            notes.append(Note(kind, shown(where)[:200], shown(text)))
        elif len(notes) == MAX_NOTES:
            notes.append(Note("changed", "", _("There is more of this kind further down.")))

    def text(self, value: str, limit: int, where: str) -> str:
        """The text as it can be stored, at most ``limit`` characters; says what it changed."""
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        if _UNSTORABLE.search(text):
            text = _UNSTORABLE.sub("", text)
            self.note("changed", where, _("Signs that cannot be stored are left out."))
        text = text.strip()
        if len(text) > limit:
            self.note(
                "lost",
                where,
                _("The text has %(n)s characters; the first %(limit)s are kept: “%(start)s…”")
                % {"n": len(text), "limit": limit, "start": text[:40]},
            )
            text = text[:limit].rstrip()
        return text

    def line(self, value: str, limit: int, where: str) -> str:
        """The same for a name: one line."""
        lines = (line.strip() for line in value.splitlines())
        return self.text(" ".join(line for line in lines if line), limit, where)

    def title(self, value: str, where: str) -> None:
        self.content.title = self.line(value, 160, where)

    def phase(self, name: str, *, where: str, collapsed: bool = False) -> int:
        number = len(self.content.state["phase"]) + 1
        _check(number, MAX_PHASES, _("A map holds at most %(n)s phases."))
        name = self.line(name, 120, where)
        if not name:
            name = _("Phase %(number)s") % {"number": number}
            self.note("guessed", where, _("A phase without a name is called “%s”.") % name)
        return self._add("phase", name=name, collapsed=collapsed)

    def step(self, phase: int, name: str, *, where: str, **fields: Any) -> int:
        number = len(self.content.state["step"]) + 1
        _check(number, MAX_STEPS, _("A map holds at most %(n)s steps."))
        name = self.line(name, 120, where)
        if not name:
            name = _("Step %(number)s") % {"number": number}
            self.note("guessed", where, _("A step without a name is called “%s”.") % name)
        values = {"assumed": None, "is_moment": False, "opens_id": None, "origin": None, **fields}
        return self._add("step", phase_id=phase, name=name, **values)

    def lane(self, kind: str, name: str = "", *, where: str, **fields: Any) -> int:
        number = len(self.content.state["lane"]) + 1
        _check(number, MAX_LANES, _("A map holds at most %(n)s lanes."))
        values = {"note": "", "collapsed": False, "hidden": False, **fields}
        return self._add("lane", kind=kind, name=self.line(name, 80, where), **values)

    def card(self, lane: int, step: int, text: str, *, where: str, **fields: Any) -> int:
        number = len(self.content.state["card"]) + 1
        _check(number, MAX_CARDS, _("A map holds at most %(n)s cards."))
        values: Values = {
            "mark": "", "tag": "", "owner": "", "status": "", "due": None,
            "evidence": Evidence.ASSUMPTION.value, "evidence_source": "", "evidence_n": None,
            "evidence_on": None, "url": "", "upload_id": None, **fields,
        }  # fmt: skip
        text = self.text(text, 4000, where)
        return self._add("card", lane_id=lane, step_id=step, text=text, **values)

    def touch(self, step: int, touchpoint: int) -> None:
        """That a step meets a touchpoint; twice is once."""
        if (step, touchpoint) not in self._touched:
            self._touched.add((step, touchpoint))
            _check(len(self._touched), MAX_LINKS, _("A map holds at most %(n)s touchpoint links."))
            self._add("touchpoint", step_id=step, touchpoint_id=touchpoint)

    def touchpoint(self, name: str, where: str, media_type: str = "", channel: str = "") -> int:
        """The local id of a touchpoint, one per name whatever its case."""
        name = self.line(name, 120, where)
        known = self._touchpoints.get(name.casefold())
        if known is None:
            known = self._touchpoints[name.casefold()] = self.id()
            self.content.touchpoints[known] = TouchpointRef(name, media_type, channel)
        return known

    def persona(self, persona: PersonaContent, *, on_map: bool = True) -> int:
        _check(
            len(self.content.personas) + 1, MAX_PERSONAS, _("A map holds at most %(n)s personas.")
        )
        id = self.id()
        self.content.personas[id] = persona
        if on_map:
            self._add("persona", persona_id=id)
        return id

    def assume(self, step: int, persona: int, value: Decimal) -> None:
        """What the team believes a persona feels at a step; the last word counts."""
        values = {"step_id": step, "persona_id": persona, "value": emotion_text(value)}
        id = self._assumed.setdefault((step, persona), 0) or self.id()
        self._assumed[(step, persona)] = id
        self.content.state["assumption"][id] = values

    def row(self, kind: str, **values: Any) -> int:
        """A row that has no place of its own among others."""
        id = self.id()
        self.content.state[kind][id] = values
        return id

    def _add(self, table: str, /, **values: Any) -> int:
        id = self.id()
        place = (len(self.content.state[table]) + 1) * STEP
        self.content.state[table][id] = {**values, "position": place}
        return id

    def done(self) -> Content:
        """The map with the row of itself."""
        self.content.state["journey"] = {
            self.id(): {
                "title": self.content.title,
                "is_template": self.content.is_template,
                "future_of_id": None,
            }
        }
        return self.content


def emotion_text(value: Decimal) -> str:
    """A value of the emotion axis as a State holds it."""
    return f"{value:.2f}".replace("-0.00", "0.00")


def _check(number: int, limit: int, words: str) -> None:
    if number > limit:
        raise FormatError(words % {"n": limit})


def order_of(content: Content) -> list[tuple[int, Values, list[tuple[int, Values]]]]:
    """Phases in order, each with its steps in order."""
    steps: dict[int, list[tuple[int, Values]]] = {}
    for id, row in content.rows("step"):
        steps.setdefault(row["phase_id"], []).append((id, row))
    return [(id, row, steps.get(id, [])) for id, row in content.rows("phase")]


def cells_of(content: Content) -> dict[tuple[int, int], list[tuple[int, Values]]]:
    """Cards in order, by lane and step."""
    cells: dict[tuple[int, int], list[tuple[int, Values]]] = {}
    for id, row in content.rows("card"):
        cells.setdefault((row["lane_id"], row["step_id"]), []).append((id, row))
    return cells


def shown(text: str) -> str:
    """The text as a page can show it: whatever a file put into it."""
    return _UNSTORABLE.sub("\ufffd", text)


def names(values: Sequence[str], limit: int = 8) -> str:
    """A list of names that stays readable."""
    listed = ", ".join(f"“{value}”" for value in values[:limit])
    return f"{listed} …" if len(values) > limit else listed
