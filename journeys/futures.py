"""Two maps beside each other: which steps belong together, and what differs between them.

Pure: takes two boards. A step belongs to the one it was copied from; where neither remembers the
other, to the one of the same name, in a phase of the same name first.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from journeys.board import Board, BoardStep

ADDED, REMOVED, MOVED, RENAMED, FELT, CARDS = (
    "added", "removed", "moved", "renamed", "felt", "cards",
)  # fmt: skip


@dataclass(frozen=True)
class CardChange:
    """A text that only one of the maps has at this step; ``lane`` is the lane's name."""

    lane: str
    text: str


@dataclass(frozen=True)
class Pair:
    """A step of today, of the future, or both. ``measured`` is today's value, −2 … +2, of n."""

    today: BoardStep | None
    future: BoardStep | None
    phase_today: str
    phase_future: str
    kinds: tuple[str, ...]
    measured: float | None
    n: int | None = None
    cards_added: tuple[CardChange, ...] = ()
    cards_removed: tuple[CardChange, ...] = ()
    cards_kept: tuple[CardChange, ...] = ()

    @property
    def name(self) -> str:
        step = self.future or self.today
        return step.name if step else ""

    @property
    def assumed_today(self) -> float | None:
        return self.today.assumed if self.today else None

    @property
    def assumed_future(self) -> float | None:
        return self.future.assumed if self.future else None

    @property
    def felt(self) -> float | None:
        """What the team expects to change: assumed in the future − assumed today."""
        return _minus(self.assumed_future, self.assumed_today)

    @property
    def to_go(self) -> float | None:
        """What is left to do: assumed in the future − measured today."""
        return _minus(self.assumed_future, self.measured)


def _minus(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else round(a - b, 4)


@dataclass(frozen=True)
class MapDifference:
    """All pairs: the steps of the future in order, each removed one behind its predecessor."""

    pairs: tuple[Pair, ...]

    def of(self, kind: str) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if kind in pair.kinds)

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(kind for pair in self.pairs for kind in pair.kinds)
        return {kind: counted[kind] for kind in (ADDED, REMOVED, MOVED, RENAMED, FELT, CARDS)}

    @property
    def is_same(self) -> bool:
        return not any(pair.kinds for pair in self.pairs)

    @property
    def joined(self) -> int:
        """How many steps both maps have."""
        return sum(1 for pair in self.pairs if pair.today and pair.future)


def compare(
    today: Board, future: Board, measured: Mapping[int, tuple[float, int]] | None = None
) -> MapDifference:
    """What turns one map into the other. ``measured``: value and n by step of today."""
    partner = matched(today, future)
    moved = _moved(today, future, partner)
    phases = {s.id: p.name for board in (today, future) for p in board.phases for s in p.steps}
    texts = {**_texts(today), **_texts(future)}
    old = {step.id: step for step in today.steps}

    known = measured or {}

    def pair(a: BoardStep | None, b: BoardStep | None) -> Pair:
        gone, new = texts.get(a.id, ()) if a else (), texts.get(b.id, ()) if b else ()
        added, removed = _beyond(new, gone), _beyond(gone, new)
        return Pair(
            today=a,
            future=b,
            phase_today=phases[a.id] if a else "",
            phase_future=phases[b.id] if b else "",
            kinds=_kinds(a, b, bool(b and b.id in moved), bool(added or removed)),
            measured=known[a.id][0] if a and a.id in known else None,
            n=known[a.id][1] if a and a.id in known else None,
            cards_added=added if a else (),
            cards_removed=removed if b else (),
            # Of a step that only one map has, nothing is new or gone: all of it is.
            cards_kept=tuple((Counter(gone) & Counter(new)).elements()) if a and b else new or gone,
        )

    ordered = [pair(old.get(partner.get(step.id, -1)), step) for step in future.steps]
    return MapDifference(tuple(_with_removed(ordered, today, set(partner.values()), pair)))


def _with_removed(
    ordered: list[Pair],
    today: Board,
    kept: set[int],
    pair: Callable[[BoardStep | None, BoardStep | None], Pair],
) -> list[Pair]:
    """Put each removed step behind the one it followed."""
    result = list(ordered)
    previous = None
    for step in today.steps:
        if step.id not in kept:
            ids = [p.today.id if p.today else None for p in result]
            result.insert(0 if previous is None else ids.index(previous) + 1, pair(step, None))
        previous = step.id
    return result


def matched(today: Board, future: Board) -> dict[int, int]:
    """Step of the future → step of today; each step is used once."""
    old = {step.id: step for step in today.steps}
    by_origin: dict[int, int] = {}
    for step in today.steps:
        by_origin[step.id] = step.id
        if step.origin is not None:
            by_origin.setdefault(step.origin, step.id)
    found: dict[int, int] = {}
    free = set(old)
    for step in future.steps:
        for key in (step.origin, step.id):
            there = by_origin.get(key) if key is not None else None
            if there in free:
                found[step.id] = there
                free.discard(there)
                break
    _by_name(today, future, found, free)
    return found


def _by_name(today: Board, future: Board, found: dict[int, int], free: set[int]) -> None:
    phase = {s.id: _folded(p.name) for b in (today, future) for p in b.phases for s in p.steps}
    for same_phase in (True, False):
        for step in future.steps:
            if step.id in found:
                continue
            there = next(
                (
                    s.id
                    for s in today.steps
                    if s.id in free
                    and _folded(s.name) == _folded(step.name)
                    and (not same_phase or phase[s.id] == phase[step.id])
                ),
                None,
            )
            if there is not None:
                found[step.id] = there
                free.discard(there)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _moved(today: Board, future: Board, partner: Mapping[int, int]) -> set[int]:
    """Steps of the future in another phase or order than today; as few as explain the order."""
    place = {step.id: number for number, step in enumerate(today.steps)}
    kept = [step.id for step in future.steps if step.id in partner]
    stay = _longest_rising([place[partner[id]] for id in kept])
    turned = {id for number, id in enumerate(kept) if number not in stay}
    return turned | _in_another_phase(today, future, partner)


def _in_another_phase(today: Board, future: Board, partner: Mapping[int, int]) -> set[int]:
    """A phase goes on as the one that most of its steps are in; the others have moved.

    Phases that were parted or joined moved nobody.
    """
    was = {step.id: step.phase_id for step in today.steps}
    comes_from: dict[int, int] = {}
    for phase in future.phases:
        counted = Counter(was[partner[s.id]] for s in phase.steps if s.id in partner)
        if counted:
            comes_from[phase.id] = counted.most_common(1)[0][0]
    going_on = set(comes_from.values())
    return {
        step.id
        for step in future.steps
        if step.id in partner
        and was[partner[step.id]] != comes_from[step.phase_id]
        and was[partner[step.id]] in going_on
    }


def _longest_rising(values: Sequence[int]) -> set[int]:
    """The positions of a longest rising subsequence (patience sorting, Fredman 1975)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, value in enumerate(values):
        at = bisect_left(tails, value)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [value]
        ends[at : at + 1] = [number]
    found: set[int] = set()
    number = ends[-1] if ends else -1
    while number >= 0:
        found.add(number)
        number = before[number]
    return found


def _kinds(a: BoardStep | None, b: BoardStep | None, moved: bool, cards: bool) -> tuple[str, ...]:
    if a is None or b is None:
        return (ADDED,) if a is None else (REMOVED,)
    kinds = {
        MOVED: moved,
        RENAMED: _folded(a.name) != _folded(b.name),
        FELT: a.assumed != b.assumed,
        CARDS: cards,
    }
    return tuple(kind for kind, is_so in kinds.items() if is_so)


def _texts(board: Board) -> dict[int, tuple[CardChange, ...]]:
    """Texts by step; touchpoints count as texts of their lane."""
    found: dict[int, list[CardChange]] = {step.id: [] for step in board.steps}
    for lane in board.lanes:
        for cell in lane.cells:
            texts = [CardChange(lane.name, card.text) for card in cell.cards if card.text]
            found[cell.step_id] += texts
    for step in board.steps:
        found[step.id] += [CardChange("", chip.name) for chip in step.touchpoints]
    return {id: tuple(texts) for id, texts in found.items()}


def _beyond(here: Sequence[CardChange], there: Sequence[CardChange]) -> tuple[CardChange, ...]:
    """What is here more often than there."""
    return tuple((Counter(here) - Counter(there)).elements())
