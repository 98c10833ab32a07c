"""Changes of the rows of a map."""

from cxm.models import User
from journeys import order
from journeys.editing.doubling import double
from journeys.log import changing
from journeys.models import Event, Journey, Lane


def add_lane(
    *,
    journey: Journey,
    actor: User | None,
    kind: str,
    name: str = "",
    note: str = "",
    before: Lane | None = None,
) -> Event | None:
    """A lane above another, or at the bottom. Without a name it is called like its kind."""
    with changing(journey.pk, actor=actor, what="lane-added") as draft:
        position = order.place(draft, _lanes(journey.pk), before)
        draft.add(Lane(journey=draft.journey, kind=kind, name=name, note=note, position=position))
    return draft.event


def rename_lane(
    *, lane: Lane, actor: User | None, name: str, note: str | None = None
) -> Event | None:
    """Name and note of a lane; an empty name calls it like its kind."""
    with changing(lane.journey_id, actor=actor, what="lane-renamed") as draft:
        row = Lane.objects.get(pk=lane.pk)
        draft.set(row, name=name, note=row.note if note is None else note)
    return draft.event


def place_lane(*, lane: Lane, actor: User | None, before: Lane | None) -> Event | None:
    """Move a lane above another, or to the bottom."""
    with changing(lane.journey_id, actor=actor, what="lane-moved") as draft:
        rows = _lanes(lane.journey_id)
        row = next(r for r in rows if r.pk == lane.pk)
        at = rows.index(row)
        following = rows[at + 1] if at + 1 < len(rows) else None
        if before != row and before != following:
            draft.set(row, position=order.place(draft, rows, before, row))
    return draft.event


def fold_lane(*, lane: Lane, actor: User | None, collapsed: bool) -> Event | None:
    """Show a lane as one thin line, or open it."""
    with changing(lane.journey_id, actor=actor, what="lane-collapsed") as draft:
        draft.set(Lane.objects.get(pk=lane.pk), collapsed=collapsed)
    return draft.event


def hide_lane(*, lane: Lane, actor: User | None, hidden: bool) -> Event | None:
    """Leave a lane out of the map, of links and of exports, or show it again."""
    with changing(lane.journey_id, actor=actor, what="lane-hidden") as draft:
        draft.set(Lane.objects.get(pk=lane.pk), hidden=hidden)
    return draft.event


def duplicate_lane(*, lane: Lane, actor: User | None) -> Event | None:
    """The lane again below itself, with its cards."""
    with changing(lane.journey_id, actor=actor, what="lane-duplicated") as draft:
        rows = _lanes(lane.journey_id)
        at = next(n for n, row in enumerate(rows) if row.pk == lane.pk)
        before = rows[at + 1] if at + 1 < len(rows) else None
        double(draft, "lane", lane.pk, position=order.place(draft, rows, before))
    return draft.event


def remove_lane(*, lane: Lane, actor: User | None) -> Event | None:
    """Remove a lane with its cards."""
    with changing(lane.journey_id, actor=actor, what="lane-removed") as draft:
        draft.remove(Lane.objects.filter(pk=lane.pk))
    return draft.event


def _lanes(journey_id: int) -> list[Lane]:
    return list(Lane.objects.filter(journey=journey_id))
