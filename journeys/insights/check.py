"""The map check: what makes a map hard to trust, to read or to act on. Pure."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

Row = TypeVar("Row")

SERIOUS, WORTH, HINT = "serious", "worth", "hint"
LONG = 30
"""Steps from which on a map is hard to read."""

STALE_AFTER = dt.timedelta(days=365)

# Phases belong to customers. These belong to the firm.
DEPARTMENTS = frozenset(
    (
        "accounting", "administration", "back office", "backoffice", "billing", "call center",
        "call centre", "compliance", "controlling", "crm", "customer care", "customer service",
        "customer success", "development", "engineering", "finance", "hr", "human resources",
        "it", "legal", "logistics", "management", "marketing", "operations", "procurement",
        "product management", "production", "purchasing", "sales", "support", "warehouse",
        "buchhaltung", "einkauf", "entwicklung", "fertigung", "finanzen", "geschäftsführung",
        "innendienst", "außendienst", "kundendienst", "kundenservice", "kundenbetreuung", "lager",
        "logistik", "marketingabteilung", "personal", "personalabteilung", "produktion",
        "produktmanagement", "qualitätssicherung", "rechnungswesen", "rechtsabteilung",
        "verkauf", "versand", "vertrieb", "verwaltung", "hotline",
    )
)  # fmt: skip
_PARTS = re.compile(r"\s*(?:/|&|\+|,|\bund\b|\band\b)\s*")
_FRAME = re.compile(r"\b(department|team|abteilung|bereich)\b")


@dataclass(frozen=True, slots=True)
class Card:
    """One card; ``is_old`` where nobody has changed it for a year."""

    id: int
    text: str
    mark: str = ""
    owner: str = ""
    status: str = ""
    due: dt.date | None = None
    evidence: str = "assumption"
    source: str = ""
    n: int | None = None
    on: dt.date | None = None
    is_old: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One row; ``cells`` are its cards by step. A derived lane holds no cards by nature."""

    id: int
    kind: str
    name: str
    is_derived: bool = False
    cells: tuple[tuple[int, tuple[Card, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """``is_asked``: a question with a scale asks about it, or about one of its touchpoints."""

    id: int
    name: str
    has_touchpoint: bool = False
    assumed: float | None = None
    is_asked: bool = False
    is_moment: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    id: int
    name: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedMap:
    """A map as the check needs it, on one day."""

    phases: tuple[Phase, ...]
    lanes: tuple[Lane, ...]
    today: dt.date
    changed_on: dt.date | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for phase in self.phases for step in phase.steps)

    @property
    def cards(self) -> Iterator[tuple[Lane, int, Card]]:
        """Every card with its lane and the id of its step."""
        for lane in self.lanes:
            for step, cards in lane.cells:
                for card in cards:
                    yield lane, step, card


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the map: any of these."""

    lane: int | None = None
    step: int | None = None
    phase: int | None = None
    card: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One thing at one place. ``name`` says what is there, ``detail`` what is known about it."""

    name: str
    place: Place = field(default_factory=Place)
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Everything of one kind; ``weight`` is SERIOUS, WORTH or HINT."""

    kind: str
    weight: str
    found: tuple[Found, ...]


_CHECKS = {
    "emotion_without_evidence": SERIOUS,
    "measured_without_source": SERIOUS,
    "measure_overdue": SERIOUS,
    "pain_without_owner": SERIOUS,
    "step_without_touchpoint": WORTH,
    "old_evidence": WORTH,
    "step_without_card": WORTH,
    "phase_empty": WORTH,
    "lane_empty": WORTH,
    "same_step": WORTH,
    "no_moment": WORTH,
    "map_old": WORTH,
    "phase_is_department": HINT,
    "same_lane": HINT,
    "same_card": HINT,
    "card_old": HINT,
    "map_long": HINT,
}
KINDS = tuple(_CHECKS)


def check(checked: CheckedMap) -> tuple[Finding, ...]:
    """Everything that was found, the weightiest first; kinds without a find are left out."""
    found: dict[str, list[Found]] = {kind: [] for kind in KINDS}
    for part in (_steps, _phases, _lanes, _cards, _whole):
        for kind, one in part(checked):
            found[kind].append(one)
    return tuple(
        Finding(kind, weight, tuple(found[kind])) for kind, weight in _CHECKS.items() if found[kind]
    )


Finds = Iterator[tuple[str, Found]]


def _steps(checked: CheckedMap) -> Finds:
    filled = {step for _lane, step, _card in checked.cards}
    holds_cards = any(not lane.is_derived for lane in checked.lanes)
    for step in checked.steps:
        one = Found(step.name, Place(step=step.id))
        if not step.has_touchpoint:
            yield "step_without_touchpoint", one
        if step.assumed is not None and not step.is_asked:
            yield "emotion_without_evidence", one
        if holds_cards and step.id not in filled:
            yield "step_without_card", one
    for again in _again(checked.steps, lambda step: _folded(step.name)):
        yield "same_step", Found(again.name, Place(step=again.id))


def _phases(checked: CheckedMap) -> Finds:
    for phase in checked.phases:
        one = Found(phase.name, Place(phase=phase.id))
        if not phase.steps:
            yield "phase_empty", one
        if is_department(phase.name):
            yield "phase_is_department", one


def _lanes(checked: CheckedMap) -> Finds:
    for lane in checked.lanes:
        if not lane.is_derived and not any(cards for _step, cards in lane.cells):
            yield "lane_empty", Found(lane.name, Place(lane=lane.id))
        for step, cards in lane.cells:
            for card in _again([c for c in cards if c.text], lambda card: _folded(card.text)):
                yield "same_card", Found(_short(card.text), Place(lane.id, step, card=card.id))
    for lane in _again(checked.lanes, lambda lane: f"{lane.kind}\0{_folded(lane.name)}"):
        yield "same_lane", Found(lane.name, Place(lane=lane.id))


def _cards(checked: CheckedMap) -> Finds:
    for lane, step, card in checked.cards:
        place = Place(lane.id, step, card=card.id)
        for kind, detail in _of_card(card, checked.today):
            yield kind, Found(_short(card.text) or lane.name, place, detail)


def _of_card(card: Card, today: dt.date) -> Iterator[tuple[str, str]]:
    is_done = card.status == "done"
    if card.mark == "pain" and not card.owner.strip() and not is_done:
        yield "pain_without_owner", ""
    if card.due is not None and card.due < today and not is_done:
        yield "measure_overdue", card.due.isoformat()
    if card.evidence == "measured" and not (card.source.strip() and card.n):
        yield "measured_without_source", ""
    if card.on is not None and today - card.on > STALE_AFTER:
        yield "old_evidence", card.on.isoformat()
    elif card.is_old:
        yield "card_old", ""


def _whole(checked: CheckedMap) -> Finds:
    steps = checked.steps
    if len(steps) > LONG:
        yield "map_long", Found(str(len(steps)))
    told = any(lane.kind == "moments" for lane, _step, _card in checked.cards)
    if steps and not told and not any(step.is_moment for step in steps):
        yield "no_moment", Found("")
    if checked.changed_on and checked.today - checked.changed_on > STALE_AFTER:
        yield "map_old", Found("", detail=checked.changed_on.isoformat())


def is_department(name: str) -> bool:
    """Whether a phase is called after one or several departments and nothing else."""
    plain = _FRAME.sub(" ", name.casefold())
    parts = [" ".join(part.split()).strip("-–: ") for part in _PARTS.split(plain)]
    named = [part for part in parts if part]
    return bool(named) and all(part in DEPARTMENTS for part in named)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _again(rows: Iterable[Row], key: Callable[[Row], str]) -> list[Row]:
    """Every row whose key another row has too."""
    listed = list(rows)
    counted = Counter(key(row) for row in listed)
    return [row for row in listed if counted[key(row)] > 1]


def _short(text: str, length: int = 80) -> str:
    """The first line, cut at a length."""
    line = text.strip().splitlines()[0] if text.strip() else ""
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
