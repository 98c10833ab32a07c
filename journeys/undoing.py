"""What a person can take back, and whether somebody has changed it since. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from cxm.models import User
from journeys.models import Event, Journey
from journeys.rows import KINDS, Change, values_of

MERGED = "touchpoint-merged"
REACH = 200
"""How many of a person's last events undo and redo look at."""


@dataclass(frozen=True)
class ClashingRow:
    """A row that is not as the change left it. ``event`` is who changed it since, if known."""

    kind: str
    id: int
    event: Event | None


class ClashError(Exception):
    """A change cannot be taken back without overwriting what somebody did since."""

    def __init__(self, event: Event | None, rows: Sequence[ClashingRow]) -> None:
        super().__init__("changed since")
        self.event = event
        self.rows = tuple(rows)


def next_undo(journey: Journey, actor: User) -> Event | None:
    """The change that this person would take back next."""
    done, _undone = _stacks(journey, actor)
    return done[-1] if done else None


def next_redo(journey: Journey, actor: User) -> Event | None:
    """What this person would bring back next."""
    _done, undone = _stacks(journey, actor)
    return undone[-1] if undone else None


def _stacks(journey: Journey, actor: User) -> tuple[list[Event], list[Event]]:
    """The person's changes that hold, and those taken back, each oldest first."""
    newest = Event.objects.filter(journey=journey, actor=actor).order_by("-seq")[:REACH]
    done: list[Event] = []
    undone: list[Event] = []
    for event in reversed(newest):
        if event.undoes is None:
            if _is_of_the_map(event):
                done.append(event)
                undone = []
        elif done and event.undoes == done[-1].seq:
            done.pop()
            undone.append(event)
        elif undone and event.undoes == undone[-1].seq:
            undone.pop()
            done.append(event)
    return done, undone


def _is_of_the_map(event: Event) -> bool:
    """Remarks and the creation of a map are not taken back with the map; nor are mergers, which
    concern all maps and the catalogue."""
    return (
        event.what != MERGED
        and bool(event.changes)
        and all(change[0] in KINDS for change in event.changes)
    )


def clashes(journey: Journey, changes: Sequence[Change], since: Event) -> list[ClashingRow]:
    """Rows that are not as the event ``since`` left them; ``changes`` are what would undo it."""
    found = [(c[0], c[1]) for c in changes if not _fits(journey, c)]
    found += _new_children(changes)
    if not found:
        return []
    later = list(
        Event.objects.filter(journey=journey, seq__gt=since.seq)
        .select_related("actor")
        .order_by("-seq")[:1000]
    )
    return [ClashingRow(kind, id, _last_touch(later, kind, id)) for kind, id in found]


def _fits(journey: Journey, change: Change) -> bool:
    name, id, expected, wanted = change
    kind = KINDS[name]
    row = kind.model._default_manager.filter(pk=id, **{kind.of_map: journey.pk}).first()
    if expected is None:
        return row is None and wanted is not None
    if row is None:
        return False
    now = values_of(row)
    return all(now[field] == value for field, value in expected.items() if field in now)


def _new_children(changes: Sequence[Change]) -> list[tuple[str, int]]:
    """What was put on rows that would vanish: it would vanish with them."""
    gone: dict[str, set[int]] = {}
    for name, id, _before, after in changes:
        if after is None:
            gone.setdefault(name, set()).add(id)
    found: list[tuple[str, int]] = []
    for kind in KINDS.values():
        hangs = [(f"{f}__in", gone[p]) for f, p in kind.parents.items() if p in gone]
        if hangs:
            query = Q(*hangs, _connector=Q.OR) & ~Q(pk__in=gone.get(kind.name, set()))
            rows = kind.model._default_manager.filter(query).values_list("pk", flat=True)
            found += [(kind.name, id) for id in rows]
    return found


def _last_touch(later: Sequence[Event], kind: str, id: int) -> Event | None:
    return next((e for e in later if any(c[0] == kind and c[1] == id for c in e.changes)), None)
