"""A map as pages, pictures and files show it: a grid of lanes and steps with cards in its cells.

Made of a ``State``, so that today's map, a past one, a template and a file are shown by the same
templates and written by the same writers.
"""

import datetime
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from journeys.models import DERIVED, LINES, Evidence, Journey, LaneKind, Persona, Upload
from journeys.rows import State, Values, load_state
from touchpoints.models import Touchpoint

STALE_AFTER = datetime.timedelta(days=365)


@dataclass(frozen=True)
class Chip:
    """A touchpoint on a step; ``channel`` is the channel's name, empty where it has none."""

    id: int
    name: str
    media_type: str
    channel: str


@dataclass(frozen=True)
class BoardStep:
    """One column. ``number`` counts from 1 over the whole map; ``assumed`` is −2 … +2."""

    id: int
    number: int
    name: str
    phase_id: int
    assumed: float | None
    is_moment: bool
    opens: "MapLink | None"
    origin: int | None
    touchpoints: tuple[Chip, ...]
    questions: tuple[int, ...]
    assumptions: Mapping[int, float]


@dataclass(frozen=True)
class MapLink:
    id: int
    slug: str
    title: str


@dataclass(frozen=True)
class BoardPhase:
    id: int
    name: str
    collapsed: bool
    steps: tuple[BoardStep, ...]


@dataclass(frozen=True)
class BoardCard:
    """What one card says. Texts are as typed; dates are dates."""

    id: int
    lane_id: int
    step_id: int
    text: str
    mark: str
    tag: str
    owner: str
    status: str
    due: datetime.date | None
    evidence: str
    evidence_source: str
    evidence_n: int | None
    evidence_on: datetime.date | None
    url: str
    upload: "Picture | None"

    @property
    def is_stale(self) -> bool:
        """Evidence older than a year; undated evidence is not called old."""
        if self.evidence_on is None:
            return False
        return timezone.localdate() - self.evidence_on > STALE_AFTER


@dataclass(frozen=True)
class Picture:
    """An upload without its bytes."""

    id: int
    name: str
    content_type: str
    width: int | None
    height: int | None

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")


@dataclass(frozen=True)
class Cell:
    """Where a lane crosses a step. ``key`` names it in the page and in live updates."""

    key: str
    lane_id: int
    step_id: int
    cards: tuple[BoardCard, ...]


@dataclass(frozen=True)
class BoardLane:
    """One row; lanes that show what steps or answers say have cells without cards."""

    id: int
    kind: str
    name: str
    own_name: str
    note: str
    collapsed: bool
    hidden: bool
    cells: tuple[Cell, ...]

    @property
    def is_line(self) -> bool:
        return self.kind in LINES

    @property
    def holds_cards(self) -> bool:
        return self.kind not in DERIVED


@dataclass(frozen=True)
class Arrow:
    tail: int
    head: int
    both_ways: bool


@dataclass(frozen=True)
class Board:
    """The whole map; ``lanes`` include hidden ones, ``seq`` is the event that it is as of."""

    id: int
    slug: str
    title: str
    seq: int
    phases: tuple[BoardPhase, ...]
    lanes: tuple[BoardLane, ...]
    personas: tuple[Persona, ...]
    arrows: tuple[Arrow, ...]

    @cached_property
    def steps(self) -> tuple[BoardStep, ...]:
        return tuple(step for phase in self.phases for step in phase.steps)

    @cached_property
    def shown_lanes(self) -> tuple[BoardLane, ...]:
        return tuple(lane for lane in self.lanes if not lane.hidden)

    @cached_property
    def cards(self) -> tuple[BoardCard, ...]:
        return tuple(card for lane in self.lanes for cell in lane.cells for card in cell.cards)

    @cached_property
    def evidence(self) -> dict[str, int]:
        """How many cards rest on what."""
        counted = Counter(card.evidence for card in self.cards)
        return {kind: counted[kind] for kind in Evidence.values}

    def lane(self, id: int) -> BoardLane | None:
        return next((lane for lane in self.lanes if lane.id == id), None)

    def step(self, id: int) -> BoardStep | None:
        return next((step for step in self.steps if step.id == id), None)

    def cell(self, lane: int, step: int) -> Cell | None:
        row = self.lane(lane)
        return next((c for c in row.cells if c.step_id == step), None) if row else None


def cell_key(lane: int, step: int) -> str:
    return f"{lane}-{step}"


def load_board(journey: Journey) -> Board:
    """The map as it is now: a constant number of queries."""
    return board_of(journey, load_state(journey.pk), journey.last_seq)


def load_cells(
    journey: Journey, places: Collection[tuple[int, int]]
) -> list[tuple[BoardLane, BoardStep, Cell]]:
    """Some cells (lane, step) alone, for an edit on a large map: two queries where all hold cards.

    Steps are known by their id alone there; lanes that show what steps meet know their chips.
    """
    lanes, steps = {lane for lane, _ in places}, {step for _, step in places}
    narrow = {"lane": Q(pk__in=lanes), "card": Q(lane__in=lanes, step__in=steps)}
    state = load_state(journey.pk, narrow)
    if any(row["kind"] in DERIVED for row in state["lane"].values()):
        of_steps = {"step": Q(pk__in=steps), "touchpoint": Q(step__in=steps)}
        state |= {k: v for k, v in load_state(journey.pk, of_steps).items() if k in of_steps}
    found = _steps(state, _chips(state), {})
    known = {step.id: step for rows in found.values() for step in rows}
    return [
        (lane, known.get(cell.step_id) or _bare_step(cell.step_id), cell)
        for lane in _lanes(state, sorted(steps))
        for cell in lane.cells
        if (lane.id, cell.step_id) in places
    ]


def _bare_step(id: int) -> BoardStep:
    return BoardStep(id, 0, "", 0, None, False, None, None, (), (), {})


def board_of(journey: Journey, state: State, seq: int) -> Board:
    """A state with the names of what it refers to; four more queries, whatever its size."""
    title = next((row["title"] for row in state["journey"].values()), journey.title)
    steps = _steps(state, _chips(state), _opened(state))
    phases = tuple(
        BoardPhase(id, row["name"], row["collapsed"], tuple(steps.get(id, ())))
        for id, row in _in_order(state["phase"])
    )
    order = [step.id for phase in phases for step in phase.steps]
    numbered = {id: number for number, id in enumerate(order, 1)}
    phases = tuple(
        BoardPhase(
            p.id, p.name, p.collapsed,
            tuple(_numbered(step, numbered[step.id]) for step in p.steps),
        )
        for p in phases
    )  # fmt: skip
    arrows = [Arrow(a["tail_id"], a["head_id"], a["both_ways"]) for a in state["arrow"].values()]
    return Board(
        id=journey.pk,
        slug=journey.slug,
        title=title,
        seq=seq,
        phases=phases,
        lanes=_lanes(state, order),
        personas=_personas(state),
        arrows=tuple(arrows),
    )


def _in_order(rows: Mapping[int, Values]) -> list[tuple[int, Values]]:
    return sorted(rows.items(), key=lambda item: (item[1]["position"], item[0]))


def _numbered(step: BoardStep, number: int) -> BoardStep:
    return BoardStep(**{**step.__dict__, "number": number})


def _steps(
    state: State, chips: Mapping[int, list[Chip]], opened: Mapping[int, MapLink]
) -> dict[int, list[BoardStep]]:
    questions: dict[int, list[int]] = {}
    for _id, row in sorted(state["question"].items()):
        questions.setdefault(row["step_id"], []).append(row["question_id"])
    assumptions: dict[int, dict[int, float]] = {}
    for row in state["assumption"].values():
        assumptions.setdefault(row["step_id"], {})[row["persona_id"]] = float(row["value"])
    found: dict[int, list[BoardStep]] = {}
    for id, row in _in_order(state["step"]):
        step = BoardStep(
            id=id,
            number=0,
            name=row["name"],
            phase_id=row["phase_id"],
            assumed=None if row["assumed"] is None else float(row["assumed"]),
            is_moment=row["is_moment"],
            opens=opened.get(row["opens_id"]),
            origin=row["origin"],
            touchpoints=tuple(chips.get(id, ())),
            questions=tuple(questions.get(id, ())),
            assumptions=assumptions.get(id, {}),
        )
        found.setdefault(row["phase_id"], []).append(step)
    return found


def _chips(state: State) -> dict[int, list[Chip]]:
    ids = {row["touchpoint_id"] for row in state["touchpoint"].values()}
    known = {
        t.pk: t for t in Touchpoint.objects.filter(pk__in=ids).select_related("channel")
    } if ids else {}  # fmt: skip
    chips: dict[int, list[Chip]] = {}
    for _id, row in _in_order(state["touchpoint"]):
        touchpoint = known.get(row["touchpoint_id"])
        if touchpoint is not None:
            channel = str(touchpoint.channel or "")
            chip = Chip(touchpoint.pk, touchpoint.name, touchpoint.media_type, channel)
            chips.setdefault(row["step_id"], []).append(chip)
    return chips


def _opened(state: State) -> dict[int, MapLink]:
    ids = {row["opens_id"] for row in state["step"].values() if row["opens_id"]}
    if not ids:
        return {}
    rows = Journey.objects.filter(pk__in=ids).values_list("pk", "slug", "title")
    return {pk: MapLink(pk, slug, title) for pk, slug, title in rows}


def _personas(state: State) -> tuple[Persona, ...]:
    links = [row["persona_id"] for _id, row in _in_order(state["persona"])]
    if not links:
        return ()
    found = {p.pk: p for p in Persona.objects.filter(pk__in=links).select_related("segment")}
    return tuple(found[id] for id in links if id in found)


def _lanes(state: State, steps: list[int]) -> tuple[BoardLane, ...]:
    cards: dict[tuple[int, int], list[BoardCard]] = {}
    uploads = _uploads(state)
    for id, row in _in_order(state["card"]):
        cards.setdefault((row["lane_id"], row["step_id"]), []).append(_card(id, row, uploads))
    return tuple(
        BoardLane(
            id=id,
            kind=row["kind"],
            name=row["name"] or str(LaneKind(row["kind"]).label),
            own_name=row["name"],
            note=row["note"],
            collapsed=row["collapsed"],
            hidden=row["hidden"],
            cells=tuple(
                Cell(cell_key(id, step), id, step, tuple(cards.get((id, step), ())))
                for step in steps
            ),
        )
        for id, row in _in_order(state["lane"])
    )


def _card(id: int, row: Values, uploads: Mapping[int, Picture]) -> BoardCard:
    return BoardCard(
        id=id,
        lane_id=row["lane_id"],
        step_id=row["step_id"],
        text=row["text"],
        mark=row["mark"],
        tag=row["tag"],
        owner=row["owner"],
        status=row["status"],
        due=_date(row["due"]),
        evidence=row["evidence"],
        evidence_source=row["evidence_source"],
        evidence_n=row["evidence_n"],
        evidence_on=_date(row["evidence_on"]),
        url=row["url"],
        upload=uploads.get(row["upload_id"]),
    )


def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _uploads(state: State) -> dict[int, Picture]:
    ids = {row["upload_id"] for row in state["card"].values() if row["upload_id"]}
    if not ids:
        return {}
    names = ("pk", "name", "content_type", "width", "height")
    rows = Upload.objects.filter(pk__in=ids).values_list(*names)
    return {row[0]: Picture(*row) for row in rows}
