"""Changes of the cards in the cells of a map."""

from collections.abc import Sequence
from typing import Any

from cxm.models import User
from journeys import order
from journeys.log import Draft, changing
from journeys.models import DERIVED, Arrow, Card, Event, Journey, Lane, LaneKind, Mark, Step

NO_CARDS = frozenset(kind.value for kind in DERIVED)

_MARK_OF = {
    LaneKind.PAINS: Mark.PAIN,
    LaneKind.IDEAS: Mark.IDEA,
    LaneKind.MEASURES: Mark.MEASURE,
}


class TextConflictError(Exception):
    """Somebody has written a card since this person saw it. ``card`` is as it is now."""

    def __init__(self, card: Card, event: Event | None) -> None:
        super().__init__("written since")
        self.card = card
        self.event = event


def add_card(
    *,
    lane: Lane,
    step: Step,
    actor: User | None,
    text: str,
    before: Card | None = None,
    **fields: Any,
) -> Event | None:
    """A card in a cell, in front of another or as its last; ``fields`` as in ``set_card``."""
    fields.setdefault("mark", _MARK_OF.get(LaneKind(lane.kind), Mark.NONE))
    with changing(lane.journey_id, actor=actor, what="card-added") as draft:
        position = order.place(draft, _cell(lane.pk, step.pk), before)
        draft.add(Card(lane=lane, step=step, position=position, text=text, **fields))
    return draft.event


def write_card(
    *, card: Card, actor: User | None, text: str, seen: str | None = None
) -> Event | None:
    """Set the text. ``seen`` is the text this person started from.

    Raises TextConflictError where it has become another one meanwhile; neither text is lost then.
    """
    journey_id = card.lane.journey_id
    with changing(journey_id, actor=actor, what="card-written") as draft:
        row = Card.objects.get(pk=card.pk)
        if seen is not None and row.text not in (seen, text):
            raise TextConflictError(row, _last_writing(journey_id, row.pk))
        draft.set(row, text=text)
    return draft.event


def _last_writing(journey_id: int, card: int) -> Event | None:
    events = Event.objects.filter(journey=journey_id, changes__contains=[["card", card]])
    return events.select_related("actor").order_by("-seq").first()


def set_card(*, card: Card, actor: User | None, **fields: Any) -> Event | None:
    """Change anything but text and place: mark, tag, owner, status, due, evidence, link, file."""
    with changing(card.lane.journey_id, actor=actor, what="card-set") as draft:
        draft.set(Card.objects.get(pk=card.pk), **fields)
    return draft.event


def set_evidence(
    *,
    cards: Sequence[Card],
    journey: Journey,
    actor: User | None,
    **fields: Any,
) -> Event | None:
    """The same evidence for several cards of a map, as one change."""
    with changing(journey.pk, actor=actor, what="card-evidence") as draft:
        for row in Card.objects.filter(pk__in=[c.pk for c in cards], lane__journey=journey):
            draft.set(row, **fields)
    return draft.event


def place_card(
    *, card: Card, actor: User | None, lane: Lane, step: Step, before: Card | None = None
) -> Event | None:
    """Move a card to a cell of the same map, in front of another or as its last."""
    with changing(lane.journey_id, actor=actor, what="card-moved") as draft:
        row = Card.objects.get(pk=card.pk)
        there = _cell(lane.pk, step.pk)
        if (row.lane_id, row.step_id) == (lane.pk, step.pk) and _stands(there, row, before):
            return None
        position = order.place(draft, there, before, row)
        draft.set(row, lane_id=lane.pk, step_id=step.pk, position=position)
    return draft.event


def _stands(rows: Sequence[Card], row: Card, before: Card | None) -> bool:
    at = next(n for n, other in enumerate(rows) if other.pk == row.pk)
    following = rows[at + 1] if at + 1 < len(rows) else None
    return before in (row, following)


def copy_cards(
    *, cards: Sequence[Card], lane: Lane, step: Step, actor: User | None
) -> Event | None:
    """Cards of this or another map again in a cell; marks, evidence and files come along."""
    with changing(lane.journey_id, actor=actor, what="card-copied") as draft:
        position = order.after_last(_cell(lane.pk, step.pk))
        new = [_again(card, lane, step, position + n * order.STEP) for n, card in enumerate(cards)]
        draft.add_all(new)
    return draft.event


def split_card(*, card: Card, actor: User | None, texts: Sequence[str]) -> Event | None:
    """One card becomes several in the same cell; the first keeps its identity."""
    with changing(card.lane.journey_id, actor=actor, what="card-split") as draft:
        row = Card.objects.get(pk=card.pk)
        rows = _cell(row.lane_id, row.step_id)
        at = next(n for n, other in enumerate(rows) if other.pk == row.pk)
        following = rows[at + 1] if at + 1 < len(rows) else None
        draft.set(row, text=texts[0])
        for text in texts[1:]:
            position = order.place(draft, _cell(row.lane_id, row.step_id), following)
            new = _again(row, row.lane, row.step, position)
            new.text = text
            draft.add(new)
    return draft.event


def merge_cards(*, cards: Sequence[Card], actor: User | None) -> Event | None:
    """Several cards become the first of them, their texts one per line."""
    first, *rest = cards
    with changing(first.lane.journey_id, actor=actor, what="card-merged") as draft:
        rows = {row.pk: row for row in Card.objects.filter(pk__in=[card.pk for card in cards])}
        texts = [rows[card.pk].text for card in cards if card.pk in rows]
        draft.set(rows[first.pk], text="\n".join(text for text in texts if text)[:4000])
        draft.remove([rows[card.pk] for card in rest if card.pk in rows])
    return draft.event


def remove_cards(*, cards: Sequence[Card], journey: Journey, actor: User | None) -> Event | None:
    """Remove cards of a map: one, or all of some cells."""
    with changing(journey.pk, actor=actor, what="card-removed") as draft:
        ids = [card.pk for card in cards]
        draft.remove(Card.objects.filter(pk__in=ids, lane__journey=journey).order_by("pk"))
    return draft.event


def paste_block(
    *,
    journey: Journey,
    lane: Lane | None,
    step: Step,
    actor: User | None,
    block: Sequence[Sequence[str]],
    lane_name: str = "",
) -> Event | None:
    """Texts of a table into cells from a lane and a step on, as one change.

    Rows go to the lanes that hold cards and are shown, columns to steps; the map grows where the
    block is larger. Without a lane all rows go to new lanes. A text replaces the first card of
    its cell; an empty one leaves the cell as it is.
    """
    with changing(journey.pk, actor=actor, what="block-pasted") as draft:
        lanes = _lanes_for(draft, lane, len(block), lane_name)
        steps = _steps_for(draft, step, max(len(row) for row in block))
        held: dict[tuple[int, int], Card] = {}
        for card in reversed(Card.objects.filter(lane__in=lanes, step__in=steps)):
            held[card.lane_id, card.step_id] = card
        new: list[Card] = []
        for row_lane, row in zip(lanes, block, strict=True):
            for column, text in zip(steps, row, strict=False):
                there = held.get((row_lane.pk, column.pk))
                if text and there is not None:
                    draft.set(there, text=text)
                elif text:
                    mark = _MARK_OF.get(LaneKind(row_lane.kind), Mark.NONE)
                    new.append(
                        Card(lane=row_lane, step=column, position=order.STEP, text=text, mark=mark)
                    )
        draft.add_all(new)
    return draft.event


def _lanes_for(draft: Draft, lane: Lane | None, count: int, name: str) -> list[Lane]:
    rows = list(Lane.objects.filter(journey=draft.journey))
    last = order.after_last(rows)
    lanes: list[Lane] = []
    if lane is not None:
        follow = rows[next(n for n, row in enumerate(rows) if row.pk == lane.pk) :]
        lanes = [row for row in follow if row.kind not in NO_CARDS and not row.hidden][:count]
    missing = [
        Lane(journey=draft.journey, kind=LaneKind.TEXT, name=name, position=last + n * order.STEP)
        for n in range(count - len(lanes))
    ]
    draft.add_all(missing)
    return [*lanes, *missing]


def _steps_for(draft: Draft, step: Step, count: int) -> list[Step]:
    rows = list(
        Step.objects.filter(phase__journey=draft.journey).order_by(
            "phase__position", "phase_id", "position", "id"
        )
    )
    follow = rows[next(n for n, row in enumerate(rows) if row.pk == step.pk) :][:count]
    last = rows[-1]
    missing = [
        Step(
            phase_id=last.phase_id,
            name=str(len(rows) + n),
            position=last.position + n * order.STEP,
        )
        for n in range(1, count - len(follow) + 1)
    ]
    draft.add_all(missing)
    return [*follow, *missing]


def join_cards(*, tail: Card, head: Card, actor: User | None, both_ways: bool) -> Event | None:
    """An arrow from one card of a map to another; the same arrow again changes its direction."""
    with changing(tail.lane.journey_id, actor=actor, what="arrow-set") as draft:
        row = Arrow.objects.filter(tail=tail, head=head).first()
        if row is not None:
            draft.set(row, both_ways=both_ways)
        else:
            draft.add(Arrow(tail=tail, head=head, both_ways=both_ways))
    return draft.event


def part_cards(*, tail: Card, head: Card, actor: User | None) -> Event | None:
    """Take the arrow between two cards away."""
    with changing(tail.lane.journey_id, actor=actor, what="arrow-removed") as draft:
        draft.remove(Arrow.objects.filter(tail=tail, head=head))
    return draft.event


def _cell(lane: int, step: int) -> list[Card]:
    return list(Card.objects.filter(lane=lane, step=step))


def _again(card: Card, lane: Lane, step: Step, position: float) -> Card:
    names = [
        "text", "mark", "tag", "owner", "status", "due", "evidence", "evidence_source",
        "evidence_n", "evidence_on", "url", "upload_id",
    ]  # fmt: skip
    values = {name: getattr(card, name) for name in names}
    return Card(lane=lane, step=step, position=position, **values)
