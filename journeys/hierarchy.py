"""How maps open into one another: the tree of all maps, and the way back from one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from journeys.models import Journey, Step


@dataclass(frozen=True)
class Opening:
    """A step of one map that opens into another."""

    step: int
    name: str
    journey: int
    opens: int


@dataclass(frozen=True)
class Branch:
    """One line of the overview.

    ``depth`` counts from 0; ``by`` is the step of ``opener`` that opens the map here, None at the
    top.
    ``seen`` says why its own maps are not shown again: "loop" where it opens into itself by
    way of others, "above" where it is shown further up, "" where nothing is left out.
    """

    journey: Journey
    depth: int
    by: Opening | None
    opener: Journey | None
    seen: str


@dataclass(frozen=True)
class Overview:
    """All maps: trees of maps that open into others, and the maps that stand alone."""

    branches: tuple[Branch, ...]
    alone: tuple[Journey, ...]

    @property
    def depth(self) -> int:
        """How many maps deep the deepest way goes."""
        return max((branch.depth + 1 for branch in self.branches), default=0)


def overview() -> Overview:
    """The hierarchy of the workspace in scope: two queries."""
    journeys = list(Journey.objects.order_by("title", "id"))
    return arranged(journeys, _openings(Q(opens__isnull=False)))


def _openings(which: Q) -> list[Opening]:
    rows = (
        Step.objects.filter(which)
        .order_by("phase__position", "phase_id", "position", "id")
        .values_list("pk", "name", "phase__journey_id", "opens_id")
    )
    return [Opening(pk, name, journey, opens) for pk, name, journey, opens in rows if opens]


def arranged(journeys: Sequence[Journey], openings: Sequence[Opening]) -> Overview:
    """Trees from maps that nothing opens; of a circle of maps the first by title is the top."""
    known = {journey.pk: journey for journey in journeys}
    below: dict[int, list[Opening]] = {}
    for opening in openings:
        if opening.opens in known and opening.journey in known:
            below.setdefault(opening.journey, []).append(opening)
    opened = {o.opens for found in below.values() for o in found if o.opens != o.journey}
    tops = [j for j in journeys if j.pk in below and j.pk not in opened]
    tree = _Tree(known, below)
    for journey in [*tops, *(j for j in journeys if j.pk in below)]:
        if journey.pk not in tree.shown:
            tree.grow(journey)
    alone = tuple(j for j in journeys if j.pk not in below and j.pk not in opened)
    return Overview(tuple(tree.branches), alone)


class _Tree:
    def __init__(
        self, known: Mapping[int, Journey], below: Mapping[int, Sequence[Opening]]
    ) -> None:
        self.known, self.below = known, below
        self.branches: list[Branch] = []
        self.shown: set[int] = set()

    def grow(self, top: Journey) -> None:
        """Add the tree of one map, without recursion: maps may be nested as deep as one likes."""
        waiting: list[tuple[int, Opening | None, tuple[int, ...]]] = [(top.pk, None, ())]
        while waiting:
            id, by, path = waiting.pop()
            seen = "loop" if id in path else "above" if id in self.shown else ""
            if seen == "above" and id not in self.below:
                seen = ""
            self.branches.append(self._branch(id, by, len(path), seen))
            if seen:
                continue
            self.shown.add(id)
            waiting += [(o.opens, o, (*path, id)) for o in reversed(self.below.get(id, ()))]

    def _branch(self, id: int, by: Opening | None, depth: int, seen: str) -> Branch:
        return Branch(self.known[id], depth, by, self.known[by.journey] if by else None, seen)


@dataclass(frozen=True)
class Opener:
    """A step that opens into the map that is looked at."""

    slug: str
    title: str
    step: int
    name: str


def path_to(journey: Journey) -> list[Opener]:
    """The steps of other maps that open into this one, by title: one query."""
    rows = (
        Step.objects.filter(opens=journey)
        .exclude(phase__journey=journey)
        .order_by("phase__journey__title", "phase__position", "position", "id")
        .values_list("phase__journey__slug", "phase__journey__title", "pk", "name")
    )
    return [Opener(*row) for row in rows]


@dataclass(frozen=True)
class FutureLinks:
    """The map of today that this one is the future of, and the futures of this one."""

    today: Journey | None
    futures: tuple[Journey, ...]


def future_links(journey: Journey) -> FutureLinks:
    """At most two queries."""
    return FutureLinks(journey.future_of, tuple(journey.futures.order_by("title", "id")))
