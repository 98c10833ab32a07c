"""Reading what people said about a map: threads, where they stand, and how many there are."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from cxm.models import User
from journeys.mentions import Names, Part, members_of, spoken_name
from journeys.models import Card, Comment, Event, Journey, Lane, LaneKind, Step
from journeys.rows import Values

SHOWN = 100
"""Threads that a list shows at most, the latest first."""

FILTERS = ("open", "resolved", "mine", "mentions")


@dataclass(frozen=True)
class Spoken:
    """One remark as a page shows it."""

    id: int
    author: str
    seed: int | None
    at: datetime.datetime
    when: str
    text: str
    parts: Sequence[Part]
    is_mine: bool
    is_removable: bool


@dataclass(frozen=True)
class Place:
    """Where a thread stands, in words; the ids are None where the place is gone."""

    words: str
    lane: int | None
    step: int | None
    card: int | None
    is_gone: bool


@dataclass(frozen=True)
class Thread:
    """A remark with its answers, oldest first."""

    id: int
    place: Place
    remarks: Sequence[Spoken]
    resolved_at: datetime.datetime | None
    resolved_by: str


@dataclass(frozen=True)
class Pins:
    """How many open threads there are: by cell ("lane-step"), step, lane, on the map, altogether."""

    cells: Mapping[str, int]
    steps: Mapping[int, int]
    lanes: Mapping[int, int]
    on_map: int
    total: int


def chosen_threads(journey: Journey, user: User, show: str) -> QuerySet[Comment]:
    """The first remarks of the threads that a filter shows, the latest talk first."""
    threads = Comment.objects.filter(journey=journey, thread__isnull=True)
    if show == "resolved":
        threads = threads.filter(resolved_at__isnull=False)
    elif show == "mine":
        said = Comment.objects.filter(journey=journey, author=user)
        threads = threads.filter(Q(pk__in=said.values("pk")) | Q(pk__in=said.values("thread")))
    elif show == "mentions":
        named = Comment.objects.filter(journey=journey, pk__in=_naming(journey, user))
        threads = threads.filter(Q(pk__in=named.values("pk")) | Q(pk__in=named.values("thread")))
    else:
        threads = threads.filter(resolved_at__isnull=True)
    return threads.annotate(latest=Coalesce(Max("answers__id"), "id")).order_by("-latest")


def _naming(journey: Journey, user: User) -> list[int]:
    first = spoken_name(user).split()[0]
    likely = Comment.objects.filter(journey=journey, text__icontains=f"@{first}")
    names = Names(members_of(journey.workspace_id))
    texts = likely.values_list("pk", "text")
    return [pk for pk, text in texts if user.pk in names.meant(text)]


def read_threads(
    journey: Journey, user: User, show: str = "open", at: Q | None = None
) -> list[Thread]:
    """The threads of a map by a filter of ``FILTERS``, or those at a place (any state: open)."""
    found = chosen_threads(journey, user, show)
    if at is not None:
        found = found.filter(at)
    return _told(journey, user, list(found.select_related("resolved_by")[:SHOWN]))


def read_thread(root: Comment, user: User) -> Thread:
    """One thread with everything said in it."""
    return _told(root.journey, user, [root])[0]


def _told(journey: Journey, user: User, roots: Sequence[Comment]) -> list[Thread]:
    if not roots:
        return []
    ids = [root.pk for root in roots]
    names = Names(members_of(journey.workspace_id))
    said: dict[int, list[Spoken]] = {id: [] for id in ids}
    rows = Comment.objects.filter(Q(pk__in=ids) | Q(thread__in=ids)).select_related("author")
    rows = rows.annotate(answered=Count("answers")).order_by("id")
    for row in rows:
        said[row.thread_id or row.pk].append(_spoken(row, user, names, row.answered))
    places = read_places(journey, roots)
    return [
        Thread(
            id=root.pk,
            place=places[root.pk],
            remarks=said[root.pk],
            resolved_at=root.resolved_at,
            resolved_by=spoken_name(root.resolved_by) if root.resolved_by else "",
        )
        for root in roots
    ]


def _spoken(row: Comment, user: User, names: Names, answers: int) -> Spoken:
    is_mine = row.author_id == user.pk
    return Spoken(
        id=row.pk,
        author=spoken_name(row.author) if row.author else _("Somebody who left"),
        seed=row.author_id,
        at=row.at,
        when=when_words(row.at),
        text=row.text,
        parts=names.parts(row.text),
        is_mine=is_mine,
        is_removable=is_mine and not answers,
    )


def when_words(at: datetime.datetime) -> str:
    """The time of day for today, else the day."""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate():
        return time_format(local, "TIME_FORMAT")
    return date_format(local, "SHORT_DATE_FORMAT")


# ---------- places ----------


@dataclass(frozen=True)
class _Places:
    """What the remarks refer to, as it is now and, where it is gone, as the log last knew it."""

    lanes: Mapping[int, str]
    steps: Mapping[int, str]
    cards: Mapping[int, tuple[str, int, int]]
    gone: Mapping[tuple[str, int], Values]

    def lane(self, id: int | None) -> str:
        if id is None or id in self.lanes:
            return self.lanes.get(id or 0, "")
        row = self.gone.get(("lane", id))
        return _lane_words(row["kind"], row["name"]) if row else _("a removed lane")

    def step(self, id: int | None) -> str:
        if id is None or id in self.steps:
            return self.steps.get(id or 0, "")
        row = self.gone.get(("step", id))
        return str(row["name"]) if row else _("a removed step")

    def place(self, row: Comment) -> Place:
        lane, step, card = row.lane_ref, row.step_ref, row.card_ref
        quote = ""
        if card is not None and card in self.cards:
            # A card that was moved takes its remarks along.
            quote, lane, step = self.cards[card]
        elif card is not None:
            gone = self.gone.get(("card", card))
            quote = str(gone["text"]) if gone else ""
        words = [w for w in (self.step(step), self.lane(lane)) if w]
        if quote.strip():
            words.append(f"“{' '.join(quote.split())[:60]}”")
        is_gone = (
            (lane is not None and lane not in self.lanes)
            or (step is not None and step not in self.steps)
            or (card is not None and card not in self.cards)
        )
        return Place(
            words=" · ".join(words) or _("The whole map"),
            lane=lane if lane in self.lanes else None,
            step=step if step in self.steps else None,
            card=card if card in self.cards else None,
            is_gone=is_gone,
        )


def read_places(journey: Journey, roots: Iterable[Comment]) -> dict[int, Place]:
    """Where threads stand, by id: three queries, one more where something is gone."""
    roots = list(roots)
    cards = {
        pk: (text, lane, step)
        for pk, text, lane, step in Card.objects.filter(
            lane__journey=journey, pk__in={r.card_ref for r in roots if r.card_ref}
        ).values_list("pk", "text", "lane_id", "step_id")
    }
    lanes = {
        pk: _lane_words(kind, name)
        for pk, kind, name in Lane.objects.filter(journey=journey).values_list("pk", "kind", "name")
    }
    steps = dict(Step.objects.filter(phase__journey=journey).values_list("pk", "name"))
    wanted = {("card", r.card_ref) for r in roots if r.card_ref and r.card_ref not in cards}
    wanted |= {("lane", r.lane_ref) for r in roots if r.lane_ref and r.lane_ref not in lanes}
    wanted |= {("step", r.step_ref) for r in roots if r.step_ref and r.step_ref not in steps}
    places = _Places(lanes, steps, cards, _gone(journey, wanted))
    return {root.pk: places.place(root) for root in roots}


def _lane_words(kind: str, name: str) -> str:
    return name or str(LaneKind(kind).label)


def _gone(journey: Journey, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Values]:
    """What the log says of removed rows: all fields as they were before the removal."""
    if not wanted:
        return {}
    touching = Q(*[Q(changes__contains=[[kind, id]]) for kind, id in wanted], _connector=Q.OR)
    found: dict[tuple[str, int], Values] = {}
    events = Event.objects.filter(touching, journey=journey).order_by("seq")
    for changes in events.values_list("changes", flat=True):
        for kind, id, before, after in changes:
            if (kind, id) in wanted and before and after is None:
                found[(kind, id)] = before
    return found


def read_place(journey: Journey, *, lane: int | None, step: int | None, card: int | None) -> Place:
    """A place that a new remark is to stand at; what is not on the map is left out."""
    probe = Comment(journey=journey, lane_ref=lane, step_ref=step, card_ref=card)
    return read_places(journey, [probe])[probe.pk]


def at_place(place: Place) -> Q:
    """The threads at a place: at a cell also those on the cards that lie in it."""
    if place.lane is not None and place.step is not None:
        inside = Card.objects.filter(lane=place.lane, step=place.step).values("pk")
        return Q(lane_ref=place.lane, step_ref=place.step, card_ref__isnull=True) | Q(
            card_ref__in=inside
        )
    if place.step is not None:
        return Q(step_ref=place.step, lane_ref__isnull=True)
    if place.lane is not None:
        return Q(lane_ref=place.lane, step_ref__isnull=True)
    return Q(step_ref__isnull=True, lane_ref__isnull=True)


def read_pins(journey: Journey) -> Pins:
    """Open threads by place: two queries. What stood on a removed cell counts in the total only."""
    open_ones = Comment.objects.filter(
        journey=journey, thread__isnull=True, resolved_at__isnull=True
    )
    rows = list(open_ones.values_list("lane_ref", "step_ref", "card_ref"))
    cards = {
        pk: (lane, step)
        for pk, lane, step in Card.objects.filter(
            lane__journey=journey, pk__in={card for _l, _s, card in rows if card}
        ).values_list("pk", "lane_id", "step_id")
    }
    cells: dict[str, int] = {}
    steps: dict[int, int] = {}
    lanes: dict[int, int] = {}
    on_map = 0
    for lane, step, card in rows:
        lane, step = cards.get(card or 0, (lane, step))
        if lane is not None and step is not None:
            cells[f"{lane}-{step}"] = cells.get(f"{lane}-{step}", 0) + 1
        elif step is not None:
            steps[step] = steps.get(step, 0) + 1
        elif lane is not None:
            lanes[lane] = lanes.get(lane, 0) + 1
        else:
            on_map += 1
    return Pins(cells, steps, lanes, on_map, len(rows))
