"""Where comments stand, in words: also where the step, the lane or the card is gone since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from journeys.models import Card, Comment, Event, Journey, Lane, LaneKind, Step
from journeys.rows import Values


@dataclass(frozen=True)
class Place:
    """Where a thread stands, in words; the ids are None where the place is gone."""

    words: str
    lane: int | None
    step: int | None
    card: int | None
    is_gone: bool


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
        """Where a remark stands: ids of what is still there, words also for what is gone."""
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
