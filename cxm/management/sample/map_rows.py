"""Drawing the lanes and cards of the sample's map."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from cxm.management.sample.cafe_map import ARROWS, MOMENT, TRACKS, Note
from journeys.models import Arrow, Card, Journey, Lane, Step
from journeys.order import STEP


def drawing(*, today: dt.date) -> Callable[[Journey], None]:
    """What draws the lanes into the map while it is made."""

    def draw(journey: Journey) -> None:
        steps = {step.name: step for step in Step.objects.filter(phase__journey=journey)}
        Step.objects.filter(pk=steps[MOMENT].pk).update(is_moment=True)
        _cards(journey, steps, today)

    return draw


def _cards(journey: Journey, steps: dict[str, Step], today: dt.date) -> None:
    ours: dict[str, Any] = {"workspace": journey.workspace}
    lanes = Lane.objects.bulk_create(
        Lane(
            journey=journey, kind=track.kind, name=track.name, note=track.note,
            collapsed=track.collapsed, position=number * STEP, **ours,
        )
        for number, track in enumerate(TRACKS, 1)
    )  # fmt: skip
    notes = [
        (note, lane, steps[name], place)
        for lane, track in zip(lanes, TRACKS, strict=True)
        for name, notes in track.cards.items()
        for place, note in enumerate(notes, 1)
    ]
    cards = Card.objects.bulk_create(
        Card(lane=lane, step=step, position=place * STEP, **_fields(note, today), **ours)
        for note, lane, step, place in notes
    )
    keys = {note[0].key: card for note, card in zip(notes, cards, strict=True) if note[0].key}
    Arrow.objects.bulk_create(
        Arrow(tail=keys[tail], head=keys[head], both_ways=both, **ours)
        for tail, head, both in ARROWS
    )


def _fields(note: Note, today: dt.date) -> dict[str, Any]:
    return {
        "text": note.text,
        "mark": note.mark,
        "owner": note.owner,
        "status": note.status,
        "due": today + dt.timedelta(days=note.due) if note.due else None,
        "evidence": note.evidence,
        "evidence_source": note.source,
        "evidence_n": note.n,
        "evidence_on": today - dt.timedelta(days=note.age) if note.age else None,
        "url": note.url,
    }
