"""Reading what people said about a map: threads, and how many there are where."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from cxm.models import User
from journeys.comment_places import Place, read_places
from journeys.mentions import Names, Part, members_of, spoken_name
from journeys.models import Card, Comment, Journey

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
class Thread:
    """A remark with its answers, oldest first."""

    id: int
    place: Place
    remarks: Sequence[Spoken]
    resolved_at: datetime.datetime | None
    resolved_by: str


@dataclass(frozen=True)
class Pins:
    """How many open threads there are: by cell ("lane-step"), step, lane, the map, and all."""

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
