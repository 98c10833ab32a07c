"""Maps that come with the application: one TOML per template and language, read into a State.

What a file holds is a proposal in words of its own: all of it is assumption until somebody asks.
The ids of the State are local; ``editing.copy_journey`` gives every row a fresh one.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from journeys.models import LaneKind, Mark
from journeys.order import STEP
from journeys.rows import KINDS, State, Values

KEYS = (
    "cafe", "retail", "shop", "software", "bank", "hospital", "office", "airport", "event",
    "service",
)  # fmt: skip
LANGUAGES = ("en", "de")
FOLDER = Path(__file__).parent

ASK, MISSING = "ask", "missing"
# Lanes of notes that are called in the language of the template, not in that of the reader.
NOTES = {
    "en": {ASK: "Questions worth asking", MISSING: "Touchpoints not in the catalogue yet"},
    "de": {ASK: "Fragen, die sich lohnen", MISSING: "Kontaktpunkte, die im Katalog fehlen"},
}
_MARKS = {LaneKind.PAINS.value: Mark.PAIN.value, LaneKind.IDEAS.value: Mark.IDEA.value}
_OF_STEP = {"name", "assumed", "moment", "touchpoints", "arrows"}


@dataclass(frozen=True)
class CardPlan:
    text: str
    mark: str = ""


@dataclass(frozen=True)
class StepPlan:
    """One step: cards by lane, touchpoints by name, arrows between lanes' first cards."""

    name: str
    assumed: Decimal | None
    is_moment: bool
    touchpoints: tuple[str, ...]
    cards: Mapping[str, tuple[CardPlan, ...]]
    arrows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PhasePlan:
    name: str
    steps: tuple[StepPlan, ...]


@dataclass(frozen=True)
class Blueprint:
    key: str
    language: str
    title: str
    summary: str
    lanes: tuple[str, ...]
    phases: tuple[PhasePlan, ...]

    @property
    def steps(self) -> tuple[StepPlan, ...]:
        return tuple(step for phase in self.phases for step in phase.steps)


@cache
def blueprint(key: str, language: str) -> Blueprint:
    """The template of that key in a language. Raises KeyError where there is none."""
    if key not in KEYS or language not in LANGUAGES:
        raise KeyError(key, language)
    with (FOLDER / f"{key}.{language}.toml").open("rb") as file:
        table = tomllib.load(file, parse_float=Decimal)
    return Blueprint(
        key=key,
        language=language,
        title=table["title"],
        summary=table["summary"],
        lanes=tuple(table["lanes"]),
        phases=tuple(
            PhasePlan(phase["name"], tuple(_step(step) for step in phase["step"]))
            for phase in table["phase"]
        ),
    )


def blueprints(language: str) -> list[Blueprint]:
    """All templates in a language, in the order in which they are offered."""
    return [blueprint(key, language) for key in KEYS]


def _step(table: Mapping[str, Any]) -> StepPlan:
    assumed = table.get("assumed")
    return StepPlan(
        name=table["name"],
        assumed=None if assumed is None else Decimal(assumed).quantize(Decimal("0.01")),
        is_moment=table.get("moment", False),
        touchpoints=tuple(table.get("touchpoints", ())),
        cards={
            lane: tuple(_card(lane, card) for card in (said if isinstance(said, list) else [said]))
            for lane, said in table.items()
            if lane not in _OF_STEP
        },
        arrows=tuple((tail, head) for tail, head in table.get("arrows", ())),
    )


def _card(lane: str, said: Any) -> CardPlan:
    if isinstance(said, str):
        return CardPlan(said, _MARKS.get(lane, ""))
    return CardPlan(said["text"], said.get("mark", _MARKS.get(lane, "")))


def state_of(plan: Blueprint, catalogue: Mapping[str, int]) -> State:
    """The template as rows. ``catalogue``: names of touchpoints in lower case → id.

    A touchpoint that the catalogue does not have becomes a card in a lane of its own: the map
    doesn't pretend that it is there, and nobody's catalogue grows by itself.
    """
    draft = _Draft(plan, catalogue)
    for phase in plan.phases:
        draft.phase(phase)
    return draft.state


@dataclass
class _Draft:
    plan: Blueprint
    catalogue: Mapping[str, int]
    state: State = field(default_factory=lambda: {name: {} for name in KINDS})
    lanes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        values = {"title": self.plan.title, "is_template": False, "future_of_id": None}
        self._row("journey", values)
        for name in self._lane_names():
            note = NOTES[self.plan.language].get(name, "")
            self.lanes[name] = self._row("lane", {
                "kind": LaneKind.TEXT.value if note else name, "name": note, "note": "",
                "position": (len(self.lanes) + 1) * STEP, "collapsed": False, "hidden": False,
            })  # fmt: skip

    def _lane_names(self) -> list[str]:
        named = {name for step in self.plan.steps for name in step.touchpoints}
        missing = any(name.casefold() not in self.catalogue for name in named)
        return [*self.plan.lanes, *([MISSING] if missing else [])]

    def _row(self, kind: str, values: Values) -> int:
        id = len(self.state[kind]) + 1
        self.state[kind][id] = values
        return id

    def phase(self, phase: PhasePlan) -> None:
        position = (len(self.state["phase"]) + 1) * STEP
        values = {"position": position, "name": phase.name, "collapsed": False}
        id = self._row("phase", values)
        for number, step in enumerate(phase.steps, 1):
            self._step(id, number * STEP, step)

    def _step(self, phase: int, position: float, plan: StepPlan) -> None:
        step = self._row("step", {
            "phase_id": phase, "position": position, "name": plan.name,
            "assumed": None if plan.assumed is None else f"{plan.assumed:.2f}",
            "is_moment": plan.is_moment, "opens_id": None, "origin": None,
        })  # fmt: skip
        first: dict[str, int] = {}
        for lane, cards in plan.cards.items():
            first[lane] = self._cards(lane, step, cards)
        missing = []
        met: set[int] = set()
        for name in plan.touchpoints:
            known = self.catalogue.get(name.casefold())
            if known is None:
                missing.append(CardPlan(name))
            elif known not in met:
                met.add(known)
                place = (len(self.state["touchpoint"]) + 1) * STEP
                values = {"step_id": step, "touchpoint_id": known, "position": place}
                self._row("touchpoint", values)
        self._cards(MISSING, step, missing)
        for tail, head in plan.arrows:
            ends = {"tail_id": first[tail], "head_id": first[head], "both_ways": False}
            self._row("arrow", ends)

    def _cards(self, lane: str, step: int, cards: Sequence[CardPlan]) -> int:
        """Put cards in a cell; the id of the first."""
        first = len(self.state["card"]) + 1
        for number, card in enumerate(cards, 1):
            self._row("card", {
                "lane_id": self.lanes[lane], "step_id": step, "position": number * STEP,
                "text": card.text, "mark": card.mark, "tag": "", "owner": "", "status": "",
                "due": None, "evidence": "assumption", "evidence_source": "", "evidence_n": None,
                "evidence_on": None, "url": "", "upload_id": None,
            })  # fmt: skip
        return first
