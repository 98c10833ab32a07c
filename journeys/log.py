"""Writing the log of a map, and reading past states from it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from psycopg.types.json import Json

from cxm.models import User
from journeys.models import Event, Journey, Snapshot
from journeys.rows import (
    KIND_OF,
    KINDS,
    Change,
    State,
    Values,
    apply,
    built,
    load_state,
    plain,
    restored,
    stored,
    typed,
    values_of,
)

SNAPSHOT_EVERY = 250
"""Events from one snapshot to the next: what a past state costs to read, at most."""

CHANNEL = "cxm_journey"
"""Where PostgreSQL announces stored events: the id of the map and the number of the event."""

Row = TypeVar("Row", bound=models.Model)


class Draft:
    """One change while it is made: stores rows and remembers what they were."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.changes: list[Change] = []
        self.event: Event | None = None

    def add(self, row: Row) -> Row:
        """Store a new row; it gets the workspace of the map."""
        self.add_all([row])
        return row

    def add_all(self, rows: Sequence[models.Model]) -> None:
        """Store new rows of one kind in one statement."""
        if not rows:
            return
        for row in rows:
            row.workspace_id = self.journey.workspace_id  # type: ignore[attr-defined]
        type(rows[0])._default_manager.bulk_create(rows)
        name = KIND_OF[type(rows[0])].name
        self.changes += [(name, row.pk, None, values_of(row)) for row in rows]

    def set(self, row: models.Model, **fields: Any) -> None:
        """Change fields (by attribute name, references by id) of a stored row, if they differ."""
        kind = KIND_OF[type(row)]
        fields = {name: typed(kind, name, value) for name, value in fields.items()}
        changed = {n: v for n, v in fields.items() if plain(getattr(row, n)) != plain(v)}
        if not changed:
            return
        before = {name: plain(getattr(row, name)) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        row.save(update_fields=[name.removesuffix("_id") for name in changed])
        self.changes.append((kind.name, row.pk, before, {n: plain(v) for n, v in changed.items()}))

    def remove(self, rows: Iterable[models.Model]) -> None:
        """Remove rows of one kind with everything that hangs on them."""
        rows = list(rows)
        if not rows:
            return
        name = KIND_OF[type(rows[0])].name
        self._remove_children(name, [row.pk for row in rows])
        self.changes += [(name, row.pk, values_of(row), None) for row in rows]
        type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows]).delete()

    def _remove_children(self, parent: str, ids: list[int]) -> None:
        for kind in reversed(KINDS.values()):
            fields = [field for field, name in kind.parents.items() if name == parent]
            if fields:
                hangs = Q(*[(f"{field}__in", ids) for field in fields], _connector=Q.OR)
                self.remove(kind.model._default_manager.filter(hangs).order_by("pk"))

    def note(self, kind: str, id: int, before: Values | None, after: Values | None) -> None:
        """Remember a change of something that is no part of the map's state, such as a comment."""
        self.changes.append((kind, id, before, after))

    def apply(self, changes: Iterable[Change]) -> None:
        """Store what the changes say: additions, then new values, then removals."""
        changes = [change for change in changes if change[0] in KINDS]
        for kind in KINDS.values():
            new = [(id, row) for name, id, old, row in changes if name == kind.name and old is None]
            self.add_all([self._built(kind, id, row or {}) for id, row in new])
        for name, id, before, after in changes:
            if before is not None and after is not None:
                self.set(KINDS[name].model._default_manager.get(pk=id), **after)
        for kind in reversed(KINDS.values()):
            gone = [id for name, id, _old, row in changes if name == kind.name and row is None]
            if gone:
                self.remove(kind.model._default_manager.filter(pk__in=gone).order_by("pk"))

    def _built(self, kind: Any, id: int | None, values: Values) -> models.Model:
        return built(kind, id, values, journey_id=self.journey.pk)


@dataclass(frozen=True)
class _Sent:
    journey: Journey
    key: UUID | None


_sent: ContextVar[_Sent | None] = ContextVar("sent", default=None)


@contextmanager
def sent_change(rows: "models.QuerySet[Journey]", key: UUID | None) -> Iterator[Journey]:
    """Around one change that a browser sent: its map is locked from the start, and known by a key.

    ``rows`` hold the one map. The event gets the key; a second one with it fails with
    IntegrityError. Raises Journey.DoesNotExist.
    """
    with transaction.atomic():
        held = rows.select_for_update(of=("self",)).get()
        token = _sent.set(_Sent(held, key))
        try:
            yield held
        finally:
            _sent.reset(token)


@contextmanager
def changing(
    journey_id: int, *, actor: User | None, what: str, undoes: int | None = None
) -> Iterator[Draft]:
    """One change of a map: what happens to the draft inside becomes exactly one event.

    Holds the map's row until the transaction ends, so that the events of a map have one order.
    ``draft.event`` is the event afterwards, or None where nothing changed.
    """
    sent = _sent.get()
    if sent is not None and sent.journey.pk != journey_id:
        sent = None
    with nullcontext() if sent else transaction.atomic():
        draft = Draft(
            sent.journey if sent else Journey.objects.select_for_update().get(pk=journey_id)
        )
        yield draft
        if draft.changes:
            draft.event = _record(draft, actor, what, undoes, sent.key if sent else None)


def _record(
    draft: Draft, actor: User | None, what: str, undoes: int | None, key: UUID | None
) -> Event:
    journey = draft.journey
    event = Event(
        workspace_id=journey.workspace_id,
        journey=journey,
        seq=journey.last_seq + 1,
        actor=actor,
        what=what,
        changes=[list(change) for change in draft.changes],
        undoes=undoes,
        key=key,
        at=timezone.now(),
    )
    _store(event)
    journey.last_seq, journey.updated_at = event.seq, event.at
    if journey.last_seq % SNAPSHOT_EVERY == 0:
        keep_snapshot(journey)
    return event


def _store(event: Event) -> None:
    """The event, the map's newest number, and the wake-up for streams: one round trip."""
    values: Any = [
        event.workspace_id, event.journey_id, event.seq, event.actor_id, event.what,
        Json(event.changes), event.undoes, event.key, event.at,
        event.seq, event.at, event.journey_id,
        CHANNEL, f"{event.journey_id}:{event.seq}",
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH made AS (INSERT INTO journeys_event (workspace_id, journey_id, seq, actor_id,"
            " what, changes, undoes, key, at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
            " RETURNING id), moved AS (UPDATE journeys_journey SET last_seq = %s, updated_at = %s"
            " WHERE id = %s) SELECT id, pg_notify(%s, %s) FROM made",
            values,
        )
        (event.pk, _notified) = cursor.fetchone()
    event._state.adding = False


def keep_snapshot(journey: Journey) -> None:
    """Store the whole map as it is after its newest event."""
    Snapshot.objects.get_or_create(
        journey=journey,
        seq=journey.last_seq,
        defaults={
            "workspace_id": journey.workspace_id,
            "state": stored(load_state(journey.pk)),
        },
    )


def changes_of(event: Event) -> list[Change]:
    """The changes of a stored event as tuples."""
    return [(kind, id, before, after) for kind, id, before, after in event.changes]


def state_at(journey: Journey, seq: int) -> State:
    """The map as it was after event ``seq``; at most ``SNAPSHOT_EVERY`` events are read.

    Raises Event.DoesNotExist where the log does not reach back that far, or not so far yet.
    """
    snapshot = Snapshot.objects.filter(journey=journey, seq__lte=seq).order_by("-seq").first()
    start = snapshot.seq if snapshot else 0
    state = restored(snapshot.state if snapshot else {})
    events = Event.objects.filter(journey=journey, seq__gt=start, seq__lte=seq).order_by("seq")
    found = list(events)
    if start + len(found) != seq:
        raise Event.DoesNotExist(f"Map {journey.pk} has no state {seq}.")
    for event in found:
        apply(state, changes_of(event))
    return state
