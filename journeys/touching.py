"""What of a page is out of date after some events: the cells, the curve, or the whole map."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from journeys.models import Card, Event, Lane, LaneKind
from journeys.rows import KINDS

MANY = 200
"""After more events than this the whole map is asked for again."""

_OF_STEP = (LaneKind.TOUCHPOINTS, LaneKind.CHANNELS)


@dataclass
class Touched:
    """``cells`` are (lane, step); ``board`` means that rows or columns changed.

    ``evidence``: how many cards there are of which evidence.
    """

    cells: set[tuple[int, int]] = field(default_factory=set)
    emotion: bool = False
    arrows: bool = False
    talk: bool = False
    evidence: bool = False
    board: bool = False


def touched(events: Iterable[Event]) -> Touched:
    """At most two queries, whatever happened."""
    found = Touched()
    cards: dict[int, list[dict[str, int]]] = {}
    steps: set[int] = set()
    journeys: set[int] = set()
    for event in events:
        journeys.add(event.journey_id)
        for kind, id, before, after in event.changes:
            sides = (before or {}, after or {})
            fields = {*sides[0], *sides[1]}
            if kind == "card":
                found.evidence |= before is None or after is None or "evidence" in fields
                cards.setdefault(id, []).extend(sides)
            elif kind == "arrow":
                found.arrows = True
            elif kind == "assumption" or (kind == "step" and fields == {"assumed"}):
                found.emotion = True
            elif kind == "touchpoint":
                found.emotion = True
                steps |= {side["step_id"] for side in sides if "step_id" in side}
                found.board |= bool(before and after)
            elif kind in KINDS:
                found.board = True
            else:
                found.talk = True
    if found.board:
        return found
    found.cells |= _cells_of(cards)
    if steps:
        lanes = Lane.objects.filter(journey__in=journeys, kind__in=_OF_STEP)
        for id, kind in lanes.values_list("pk", "kind"):
            # The tracks of channels run through the whole map.
            found.board |= kind == LaneKind.CHANNELS
            found.cells |= {(id, step) for step in steps}
    return found


def _cells_of(cards: dict[int, list[dict[str, int]]]) -> set[tuple[int, int]]:
    """Where the cards are, and where they were: a side names only what changed."""
    rows = Card.objects.filter(pk__in=cards).values_list("pk", "lane_id", "step_id")
    places = {pk: (lane, step) for pk, lane, step in rows} if cards else {}
    found = set(places.values())
    for id, sides in cards.items():
        lanes = {side["lane_id"] for side in sides if "lane_id" in side}
        steps = {side["step_id"] for side in sides if "step_id" in side}
        if id in places:
            lanes.add(places[id][0])
            steps.add(places[id][1])
        found |= {(lane, step) for lane in lanes for step in steps}
    return found
