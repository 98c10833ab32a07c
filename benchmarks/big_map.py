"""Maps of any size, and of any number of events, for the benchmarks of the editor."""

from decimal import Decimal
from typing import Any

LANES = (
    "action", "storyboard", "touchpoints", "channels", "emotion", "thoughts", "quotes", "goals",
    "pains", "ideas", "measures", "indicators", "moments", "evidence", "interaction", "frontstage",
    "visibility", "backstage", "internal", "support", "responsible", "dimensions", "links", "text",
    "text",
)  # fmt: skip
WORDS = "The guest looks for a free table by the window while the first barista is busy at the till"


def workspace_of(name: str = "bench") -> Any:
    from cxm.models import Workspace

    return Workspace.objects.create(slug=name, name=name.title())


def people_of(workspace: Any, number: int) -> list[Any]:
    """Members who may edit, with a session each: (user, key of the session)."""
    from django.conf import settings
    from django.test import Client

    from cxm.models import Membership, User

    found = []
    for at in range(number):
        user = User.objects.create_user(f"p{at}@{workspace.slug}.example", name=f"Person {at}")
        Membership.objects.create(workspace=workspace, user=user, role="marketer")
        client = Client()
        client.force_login(user)
        found.append((user, client.cookies[settings.SESSION_COOKIE_NAME].value))
    return found


def make_map(workspace: Any, *, title: str, steps: int, lanes: int, cards: int) -> Any:
    """A map with touchpoints on its steps and cards spread over the lanes that hold cards."""
    from journeys.editing import create_journey
    from journeys.log import changing
    from journeys.models import (
        DERIVED,
        Card,
        Lane,
        Phase,
        Step,
        StepTouchpoint,
    )
    from journeys.outline import Outline
    from touchpoints.models import Touchpoint

    journey = create_journey(workspace=workspace, actor=None, outline=Outline(title, ()))
    touchpoints = Touchpoint.objects.bulk_create(
        Touchpoint(workspace=workspace, name=f"{title} touchpoint {at}") for at in range(20)
    )
    with changing(journey.pk, actor=None, what="imported") as draft:
        draft.remove(Lane.objects.filter(journey=journey))
        phases = [Phase(journey=journey, position=float(at), name=f"Phase {at}") for at in range(6)]
        draft.add_all(phases)
        columns = [
            Step(
                phase=phases[at * 6 // steps], position=float(at), name=f"Step {at}",
                assumed=Decimal(f"{at % 5 - 2}.00"),
            )
            for at in range(steps)
        ]  # fmt: skip
        draft.add_all(columns)
        rows = [Lane(journey=journey, kind=LANES[at], position=float(at)) for at in range(lanes)]
        draft.add_all(rows)
        draft.add_all([
            StepTouchpoint(step=step, touchpoint=touchpoints[(at + n) % 20])
            for at, step in enumerate(columns) for n in range(2)
        ])  # fmt: skip
        places = [(row, step) for row in rows if row.kind not in DERIVED for step in columns]
        draft.add_all([
            Card(
                lane=places[at * 7 % len(places)][0], step=places[at * 7 % len(places)][1],
                position=float(at), text=f"{WORDS[: 20 + at % 60]} {at}", evidence="assumption",
            )
            for at in range(cards)
        ])  # fmt: skip
    journey.refresh_from_db()
    return journey


def write_events(journey: Any, upto: int) -> None:
    """Let the map have ``upto`` events, as if somebody had rewritten its first card that often."""
    from journeys.log import SNAPSHOT_EVERY
    from journeys.models import Card, Event, Snapshot
    from journeys.rows import load_state, stored

    card = Card.objects.filter(lane__journey=journey).order_by("pk").first()
    assert card is not None
    state = load_state(journey.pk)
    events, snapshots, text = [], [], card.text
    for seq in range(journey.last_seq + 1, upto + 1):
        before, text = text, f"Version {seq}"
        change = ["card", card.pk, {"text": before}, {"text": text}]
        events.append(
            Event(
                workspace_id=journey.workspace_id, journey=journey, seq=seq, what="card-written",
                changes=[change],
            )
        )  # fmt: skip
        if seq % SNAPSHOT_EVERY == 0:
            state["card"][card.pk]["text"] = text
            snapshots.append(
                Snapshot(
                    workspace_id=journey.workspace_id, journey=journey, seq=seq,
                    state=stored(state | {"card": {k: dict(v) for k, v in state["card"].items()}}),
                )
            )  # fmt: skip
    Event.objects.bulk_create(events, batch_size=2000)
    Snapshot.objects.bulk_create(snapshots, batch_size=20)
    card.text = text
    card.save(update_fields=["text"])
    journey.last_seq = upto
    journey.save(update_fields=["last_seq"])
