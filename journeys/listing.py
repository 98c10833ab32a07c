"""The list of maps: how large each is, who goes through it, who changed it last and when."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from journeys.board import STALE_AFTER
from journeys.models import (
    Card,
    Comment,
    Event,
    Journey,
    JourneyPersona,
    Lane,
    ShareLink,
    Step,
    Version,
)


@dataclass(frozen=True)
class MapRow:
    """One line of the list. ``actor`` is empty where no person made the last change."""

    journey: Journey
    phases: int
    steps: int
    lanes: int
    personas: tuple[str, ...]
    actor: str

    @property
    def is_stale(self) -> bool:
        """Nobody has changed the map for a year."""
        age: datetime.timedelta = timezone.now() - self.journey.updated_at
        return age > STALE_AFTER


def list_maps(search: str = "") -> list[MapRow]:
    """The maps of the workspace whose title or steps contain the words: three queries."""
    found = list(_matching(search.strip()).select_related("future_of").order_by("title", "id"))
    personas: dict[int, list[str]] = {}
    links = JourneyPersona.objects.filter(journey__in=found).select_related("persona")
    for link in links.order_by("position", "id"):
        personas.setdefault(link.journey_id, []).append(link.persona.name)
    newest = Event.objects.filter(journey__in=found, seq=F("journey__last_seq"))
    actors = {event.journey_id: str(event.actor or "") for event in newest.select_related("actor")}
    return [
        MapRow(
            journey=journey,
            phases=journey.phase_count,  # type: ignore[attr-defined]
            steps=journey.step_count or 0,  # type: ignore[attr-defined]
            lanes=journey.lane_count or 0,  # type: ignore[attr-defined]
            personas=tuple(personas.get(journey.pk, ())),
            actor=actors.get(journey.pk, ""),
        )
        for journey in found
    ]


def _matching(search: str) -> QuerySet[Journey]:
    maps = Journey.objects.annotate(
        phase_count=Count("phases", distinct=True),
        step_count=_count(Step.objects.filter(phase__journey=OuterRef("pk")), "phase__journey"),
        lane_count=_count(Lane.objects.filter(journey=OuterRef("pk")), "journey"),
    )
    if not search:
        return maps
    named = Step.objects.filter(phase__journey=OuterRef("pk"), name__icontains=search)
    return maps.filter(Q(title__icontains=search) | Exists(named))


def _count(rows: QuerySet[Step] | QuerySet[Lane], of: str) -> Subquery:
    grouped = rows.order_by().values(of).annotate(n=Count("pk")).values("n")
    return Subquery(grouped, output_field=IntegerField())


@dataclass(frozen=True)
class Losses:
    """What is destroyed with a map, and which maps lose a link to it."""

    phases: int
    steps: int
    cards: int
    comments: int
    versions: int
    links: int
    changes: int
    opened_by: tuple[str, ...]
    futures: tuple[str, ...]


def losses(journey: Journey) -> Losses:
    opened_by = Step.objects.filter(opens=journey).values_list("phase__journey__title", flat=True)
    return Losses(
        phases=journey.phases.count(),
        steps=Step.objects.filter(phase__journey=journey).count(),
        cards=Card.objects.filter(lane__journey=journey).count(),
        comments=Comment.objects.filter(journey=journey).count(),
        versions=Version.objects.filter(journey=journey).count(),
        links=ShareLink.objects.filter(journey=journey).count(),
        changes=journey.last_seq,
        opened_by=tuple(dict.fromkeys(opened_by)),
        futures=tuple(journey.futures.values_list("title", flat=True)),
    )
