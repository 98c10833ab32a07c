"""The log of a map in words: who changed what, when; its days; what differs from a past state."""

import datetime
import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max
from django.db.models.functions import TruncDate
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.models import User
from journeys.board import cell_key
from journeys.models import Event, Journey, LaneKind, Persona, Version
from journeys.rows import State, Values
from touchpoints.models import Touchpoint

PAGE = 50
"""Events that one page of the history shows."""

Part = tuple[str, str]
"""A piece of a text: "same", "ins" or "del", and its words."""


@dataclass(frozen=True)
class Moment:
    """One change in words. ``parts`` is the difference of a text, where the change is one."""

    seq: int
    at: datetime.datetime
    who: User | None
    place: str
    words: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Day:
    """A day with changes; ``seq`` is its last event: the state in which the day ended."""

    date: datetime.date
    seq: int
    count: int
    versions: tuple[Version, ...]


def text_difference(old: str, new: str) -> tuple[Part, ...]:
    """What was struck and what was added, word by word."""
    a, b = re.findall(r"\s+|[^\s]+", old), re.findall(r"\s+|[^\s]+", new)
    parts: list[Part] = []
    for what, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what == "equal":
            parts.append(("same", "".join(a[i:j])))
        if what in ("replace", "delete"):
            parts.append(("del", "".join(a[i:j])))
        if what in ("replace", "insert"):
            parts.append(("ins", "".join(b[k:m])))
    return tuple(parts)


def days(journey: Journey) -> list[Day]:
    """The days on which the map changed, oldest first, with the versions named on each."""
    named: dict[datetime.date, list[Version]] = {}
    versions = Version.objects.filter(journey=journey).select_related("actor")
    events = dict(
        Event.objects.filter(journey=journey, seq__in=[v.seq for v in versions]).values_list(
            "seq", TruncDate("at")
        )
    )
    for version in versions:
        if version.seq in events:
            named.setdefault(events[version.seq], []).append(version)
    found = (
        Event.objects.filter(journey=journey)
        .values(day=TruncDate("at"))
        .annotate(last=Max("seq"), count=Count("id"))
        .order_by("day")
    )
    return [
        Day(row["day"], row["last"], row["count"], tuple(named.get(row["day"], ())))
        for row in found
    ]


def moments(journey: Journey, state: State, *, until: int, limit: int = PAGE) -> list[Moment]:
    """The last changes up to event ``until``, newest first. ``state`` is the map after it."""
    events = list(
        Event.objects.filter(journey=journey, seq__lte=until)
        .select_related("actor")
        .order_by("-seq")[:limit]
    )
    undone = {
        e.seq: e
        for e in Event.objects.filter(
            journey=journey, seq__in=[e.undoes for e in events if e.undoes]
        )
    }
    names = _Names(state, [*events, *undone.values()])
    return [_moment(event, names, undone) for event in events]


def _moment(event: Event, names: "_Names", undone: Mapping[int, Event]) -> Moment:
    words = names.words(event)
    if event.undoes:
        source = undone.get(event.undoes)
        inner = names.words(source) if source else ""
        template = _("Took back: %(what)s") if event.what == "undone" else _("Again: %(what)s")
        words = template % {"what": inner}
    return Moment(event.seq, event.at, event.actor, names.place(event), words, _parts(event))


def _parts(event: Event) -> tuple[Part, ...]:
    """The difference of the one text that the event changed; nothing for other changes."""
    texts = [
        text_difference(str(before[field]), str(after[field]))
        for _kind, _id, before, after in event.changes
        for field in ("text", "name", "title")
        if before and after and field in before and field in after
    ]
    return texts[0] if len(texts) == 1 else ()


class _Names:
    """What rows are called: as the state says, or as they were called when they vanished."""

    def __init__(self, state: State, events: Sequence[Event]) -> None:
        self.rows: dict[tuple[str, int], Values] = {
            (kind, id): row for kind, rows in state.items() for id, row in rows.items()
        }
        for event in events:
            for kind, id, before, after in event.changes:
                known = self.rows.setdefault((kind, id), {})
                for side in (before, after):
                    for field, value in (side or {}).items():
                        known.setdefault(field, value)
        self.outside = _outside(self.rows)

    def step(self, id: Any) -> str:
        return str(self.rows.get(("step", id), {}).get("name", ""))

    def lane(self, id: Any) -> str:
        row = self.rows.get(("lane", id), {})
        kind = row.get("kind")
        return str(row.get("name") or (LaneKind(kind).label if kind in LaneKind.values else ""))

    def place(self, event: Event) -> str:
        """Where it happened: the step and the lane, as far as the change has one place."""
        places = dict.fromkeys(
            filter(None, (self._place(kind, id) for kind, id, _b, _a in event.changes))
        )
        return next(iter(places)) if len(places) == 1 else ""

    def _place(self, kind: str, id: int) -> str:
        row = self.rows.get((kind, id), {})
        if kind == "card":
            parts = (self.step(row.get("step_id")), self.lane(row.get("lane_id")))
        elif kind in ("touchpoint", "question", "assumption"):
            parts = (self.step(row.get("step_id")), "")
        elif kind == "step":
            parts = (self.step(id), "")
        elif kind == "lane":
            parts = (self.lane(id), "")
        elif kind == "phase":
            parts = (str(row.get("name", "")), "")
        elif kind == "comment":
            parts = (self.step(row.get("step_ref")), self.lane(row.get("lane_ref")))
        else:
            parts = ("", "")
        return ", ".join(filter(None, parts))

    def words(self, event: Event) -> str:
        """What happened, as a sentence without its subject."""
        if event.what == "step-assumed":
            return self._assumed(event)
        template = _sentences().get(event.what)
        if template is None:
            return event.what
        cards = sum(kind == "card" for kind, *_rest in event.changes)
        words = template % {"name": self._name(event), "to": self._target(event)}
        if event.what in ("step-removed", "phase-removed", "lane-removed") and cards:
            words += " " + ngettext("with %(n)s card", "with %(n)s cards", cards) % {"n": cards}
        return words

    def _name(self, event: Event) -> str:
        """The name of what the event is about: of the kind that its own name begins with."""
        kind = {"block": "card", "journey": "journey"}.get(
            event.what.split("-")[0], event.what.split("-")[0]
        )
        found = [c for c in event.changes if c[0] == kind]
        # What was removed with something stands before it, copies after it.
        is_gone = event.what.endswith("removed") or event.what == "step-merged"
        change = (found[-1] if is_gone else found[0]) if found else None
        if change is None:
            return ""
        row = {**self.rows.get((kind, change[1]), {}), **(change[2] or {}), **(change[3] or {})}
        return self._called(kind, change[1], row)

    def _called(self, kind: str, id: int, row: Values) -> str:
        if kind == "lane":
            return self.lane(id)
        if kind == "touchpoint":
            return self.outside.get(("touchpoint", row.get("touchpoint_id") or 0), "")
        if kind == "persona":
            return self.outside.get(("persona", row.get("persona_id") or 0), "")
        text = str(row.get("name") or row.get("title") or row.get("text") or "")
        return text if len(text) <= 60 else text[:59] + "…"

    def _target(self, event: Event) -> str:
        after = next((a for _k, _i, b, a in event.changes if b and a), None) or {}
        parts = (self.step(after.get("step_id")), self.lane(after.get("lane_id")))
        phase = self.rows.get(("phase", after.get("phase_id") or 0), {}).get("name", "")
        return ", ".join(filter(None, (*parts, phase)))

    def _assumed(self, event: Event) -> str:
        kind, id, before, after = event.changes[0]
        field = "assumed" if kind == "step" else "value"
        old, new = (before or {}).get(field), (after or {}).get(field)
        persona = self.rows.get((kind, id), {}).get("persona_id")
        whose = self.outside.get(("persona", persona or 0), "")
        words = _("the team's emotion from %(old)s to %(new)s") % {
            "old": _signed(old), "new": _signed(new),
        }  # fmt: skip
        return f"{whose}: {words}" if whose else words


def _outside(rows: Mapping[tuple[str, int], Values]) -> dict[tuple[str, int], str]:
    """Names of touchpoints and personas that the rows speak of: two queries."""
    touchpoints = {row["touchpoint_id"] for row in rows.values() if row.get("touchpoint_id")}
    personas = {row["persona_id"] for row in rows.values() if row.get("persona_id")}
    found: dict[tuple[str, int], str] = {}
    for pk, name in Touchpoint.objects.filter(pk__in=touchpoints).values_list("pk", "name"):
        found["touchpoint", pk] = name
    for pk, name in Persona.objects.filter(pk__in=personas).values_list("pk", "name"):
        found["persona", pk] = name
    return found


def _signed(value: str | None) -> str:
    if value is None:
        return _("not assumed")
    number = float(value)
    sign = "+" if number > 0 else "−" if number < 0 else ""
    return sign + number_format(abs(number), 1)


def _sentences() -> dict[str, str]:
    return {
        "journey-created": _("made the map"),
        "journey-renamed": _("renamed the map"),
        "journey-template": _("changed whether the map is a template"),
        "journey-future": _("changed of which map this is the future"),
        "journey-replaced": _("replaced the map by a file"),
        "journey-restored": _("restored a past state"),
        "phase-added": _("added phase “%(name)s”"),
        "phase-renamed": _("renamed the phase"),
        "phase-collapsed": _("folded or opened phase “%(name)s”"),
        "phase-moved": _("moved phase “%(name)s”"),
        "phase-duplicated": _("duplicated phase “%(name)s”"),
        "phase-removed": _("deleted phase “%(name)s”"),
        "step-added": _("added step “%(name)s”"),
        "step-renamed": _("renamed the step"),
        "step-moved": _("moved step “%(name)s”"),
        "step-duplicated": _("duplicated step “%(name)s”"),
        "step-merged": _("joined step “%(name)s” with another"),
        "step-moment": _("changed the moment of truth"),
        "step-opens": _("changed the map that the step opens"),
        "step-removed": _("deleted step “%(name)s”"),
        "touchpoint-added": _("added touchpoint “%(name)s”"),
        "touchpoint-removed": _("took off touchpoint “%(name)s”"),
        "touchpoint-merged": _("joined two touchpoints into “%(name)s”"),
        "touchpoint-moved": _("moved touchpoint “%(name)s” to %(to)s"),
        "question-bound": _("bound a question"),
        "question-unbound": _("released a question"),
        "persona-added": _("added persona “%(name)s”"),
        "persona-removed": _("took off persona “%(name)s”"),
        "lane-added": _("added lane “%(name)s”"),
        "lane-renamed": _("renamed the lane"),
        "lane-moved": _("moved lane “%(name)s”"),
        "lane-collapsed": _("folded or opened lane “%(name)s”"),
        "lane-hidden": _("hid or showed lane “%(name)s”"),
        "lane-duplicated": _("duplicated lane “%(name)s”"),
        "lane-removed": _("deleted lane “%(name)s”"),
        "card-added": _("wrote “%(name)s”"),
        "card-written": _("changed the text"),
        "card-set": _("changed the details of “%(name)s”"),
        "card-evidence": _("changed the evidence"),
        "card-moved": _("moved “%(name)s” to %(to)s"),
        "card-copied": _("copied “%(name)s”"),
        "card-split": _("split a card"),
        "card-merged": _("merged cards"),
        "card-removed": _("deleted “%(name)s”"),
        "block-pasted": _("pasted a table"),
        "arrow-set": _("drew an arrow"),
        "arrow-removed": _("removed an arrow"),
        "comment-added": _("commented"),
        "comment-answered": _("answered a comment"),
        "comment-edited": _("changed a comment"),
        "comment-removed": _("deleted a comment"),
        "thread-resolved": _("resolved a thread"),
        "thread-reopened": _("reopened a thread"),
    }


def differing_cells(past: State, now: State) -> dict[str, list[Part]]:
    """Cells whose texts differ, by key: what has been struck and added since the past state."""
    old, new = _texts(past), _texts(now)
    return {
        cell_key(*place): list(text_difference(old.get(place, ""), new.get(place, "")))
        for place in dict.fromkeys([*old, *new])
        if old.get(place, "") != new.get(place, "")
    }


def _texts(state: State) -> dict[tuple[int, int], str]:
    cells: dict[tuple[int, int], list[str]] = {}
    for row in sorted(state["card"].values(), key=lambda row: row["position"]):
        cells.setdefault((row["lane_id"], row["step_id"]), []).append(row["text"])
    return {place: "\n".join(texts) for place, texts in cells.items()}
