"""Changes of maps: the rows, exactly one event each, undo, and past states read from the log."""

import random
from decimal import Decimal
from typing import Any

import pytest

from journeys import editing
from journeys.log import SNAPSHOT_EVERY, state_at
from journeys.models import Card, Event, Journey, Lane, Phase, Snapshot, Step, StepQuestion
from journeys.outline import Outline, PhaseOutline, StepOutline, outline_of
from journeys.rows import load_state
from journeys.undoing import ClashError
from tests.factories import QuestionFactory, TouchpointFactory, UserFactory

PLAN = Outline(
    "Visit",
    (
        PhaseOutline("Before", (StepOutline("See the sign", assumed=Decimal("0.50")),)),
        PhaseOutline("During", (StepOutline("Order", ("Counter",)), StepOutline("Wait"))),
    ),
)


@pytest.fixture
def actor(db: None) -> Any:
    return UserFactory()


@pytest.fixture
def counter(in_scope: Any) -> Any:
    return TouchpointFactory(workspace=in_scope, name="Counter")


@pytest.fixture
def journey(in_scope: Any, actor: Any, counter: Any) -> Journey:
    return editing.create_journey(workspace=in_scope, actor=actor, outline=PLAN)


def step(name: str) -> Step:
    return Step.objects.select_related("phase").get(name=name)


def lane(kind: str) -> Lane:
    return Lane.objects.get(kind=kind)


def card(text: str) -> Card:
    return Card.objects.select_related("lane", "step").get(text=text)


def events(journey: Journey) -> list[str]:
    return list(Event.objects.filter(journey=journey).values_list("what", flat=True))


def order(journey: Journey) -> list[list[str]]:
    return [[s.name for s in phase.steps] for phase in outline_of(journey).phases]


def cell(kind: str, name: str) -> list[str]:
    rows = Card.objects.filter(lane__kind=kind, step__name=name)
    return list(rows.values_list("text", flat=True))


def put(kind: str, name: str, text: str, actor: Any, **fields: Any) -> Card:
    editing.add_card(lane=lane(kind), step=step(name), actor=actor, text=text, **fields)
    return card(text)


def test_create_writes_the_map_lanes_and_one_event(journey: Journey, actor: Any) -> None:
    assert outline_of(journey) == PLAN
    event: Any = Event.objects.get(journey=journey)
    assert (event.seq, event.what, event.actor) == (1, "journey-created", actor)
    assert [row.kind for row in Lane.objects.all()] == [
        "action", "touchpoints", "emotion", "quotes", "pains",
    ]  # fmt: skip
    assert state_at(journey, 1) == load_state(journey.pk)


def test_addresses_are_free_and_never_a_page(in_scope: Any) -> None:
    titles = ["Visit", "Visit", "Heatmap", "旅"]
    slugs = [
        editing.create_journey(workspace=in_scope, actor=None, outline=Outline(title)).slug
        for title in titles
    ]
    assert slugs == ["visit", "visit-2", "heatmap-2", "journey"]


def test_what_changes_nothing_is_no_event(journey: Journey, actor: Any) -> None:
    assert editing.rename_journey(journey=journey, actor=actor, title="Visit") is None
    assert editing.rename_step(step=step("Wait"), actor=actor, name="Wait") is None
    during = Phase.objects.get(name="During")
    assert editing.place_phase(phase=during, actor=actor, before=None) is None
    order_step = step("Order")
    assert (
        editing.place_step(step=order_step, actor=actor, phase=during, before=step("Wait")) is None
    )
    assert events(journey) == ["journey-created"]


def test_phases_and_steps_move(journey: Journey, actor: Any) -> None:
    before, during = Phase.objects.get(name="Before"), Phase.objects.get(name="During")
    editing.place_step(step=step("Wait"), actor=actor, phase=before, before=step("See the sign"))
    assert order(journey) == [["Wait", "See the sign"], ["Order"]]
    editing.place_phase(phase=during, actor=actor, before=before)
    assert order(journey) == [["Order"], ["Wait", "See the sign"]]
    editing.add_step(phase=before, actor=actor, name="Look", before=step("See the sign"))
    assert order(journey)[1] == ["Wait", "Look", "See the sign"]
    editing.duplicate_phase(phase=before, actor=actor)
    assert order(journey)[2] == ["Wait", "Look", "See the sign"]
    assert len(events(journey)) == 5


def test_a_place_between_neighbours_never_runs_out(journey: Journey, actor: Any) -> None:
    during = Phase.objects.get(name="During")
    for n in range(60):
        second = Step.objects.filter(phase=during)[1]
        editing.add_step(phase=during, actor=actor, name=f"s{n}", before=second)
    names = order(journey)[1]
    assert names == ["Order", *[f"s{n}" for n in reversed(range(60))], "Wait"]
    assert len(set(Step.objects.filter(phase=during).values_list("position", flat=True))) == 62


def test_cards(journey: Journey, actor: Any) -> None:
    first = put("action", "Order", "Looks at the menu", actor)
    second = put("action", "Order", "Asks", actor, before=first)
    assert cell("action", "Order") == ["Asks", "Looks at the menu"]
    editing.place_card(card=second, actor=actor, lane=lane("pains"), step=step("Wait"))
    assert cell("pains", "Wait") == ["Asks"]
    editing.set_card(card=first, actor=actor, owner="Ines", status="open")
    editing.copy_cards(
        cards=[card("Looks at the menu")], lane=lane("action"), step=step("Wait"), actor=actor
    )
    copied = Card.objects.get(step__name="Wait", lane__kind="action")
    assert (copied.text, copied.owner, copied.status) == ("Looks at the menu", "Ines", "open")
    editing.write_card(card=copied, actor=actor, text="One\nTwo")
    editing.split_card(card=card("One\nTwo"), actor=actor, texts=["One", "Two"])
    assert cell("action", "Wait") == ["One", "Two"]
    editing.merge_cards(cards=[card("One"), card("Two")], actor=actor)
    assert cell("action", "Wait") == ["One\nTwo"]
    editing.remove_cards(cards=[card("One\nTwo")], journey=journey, actor=actor)
    assert cell("action", "Wait") == []
    assert state_at(journey, Journey.objects.get().last_seq) == load_state(journey.pk)


def test_a_text_written_meanwhile_is_not_overwritten(journey: Journey, actor: Any) -> None:
    jana = UserFactory()
    mine = put("action", "Order", "Asks", actor)
    editing.write_card(card=mine, actor=jana, text="Asks twice", seen="Asks")
    with pytest.raises(editing.TextConflictError) as caught:
        editing.write_card(card=mine, actor=actor, text="Asks Omar", seen="Asks")
    assert caught.value.card.text == "Asks twice"
    assert caught.value.event is not None
    assert caught.value.event.actor == jana
    # The same text twice is no conflict: a change that is sent again.
    assert editing.write_card(card=mine, actor=actor, text="Asks twice", seen="Asks") is None


def test_a_block_grows_the_map(journey: Journey, actor: Any) -> None:
    put("action", "Wait", "Old", actor)
    editing.paste_block(
        journey=journey, lane=lane("action"), step=step("Wait"), actor=actor,
        block=[["New", "Further"], ["", "“Slow”"], ["Pain", ""], ["More", ""]],
    )  # fmt: skip
    assert cell("action", "Wait") == ["New"]
    assert order(journey)[1] == ["Order", "Wait", "4"]
    assert cell("action", "4") == ["Further"]
    assert cell("quotes", "4") == ["“Slow”"]
    assert cell("pains", "Wait") == ["Pain"]
    assert cell("text", "Wait") == ["More"]
    before = load_state(journey.pk)
    assert editing.undo(journey=journey, actor=actor) is not None
    assert cell("action", "Wait") == ["Old"]
    assert order(journey)[1] == ["Order", "Wait"]
    assert editing.redo(journey=journey, actor=actor) is not None
    assert load_state(journey.pk) == before


def test_undo_brings_a_step_back_with_everything_on_it(
    journey: Journey, actor: Any, counter: Any
) -> None:
    put("action", "Order", "Asks", actor)
    question = QuestionFactory(workspace=journey.workspace)
    editing.bind_question(step=step("Order"), actor=actor, question=question)
    before = load_state(journey.pk)
    editing.remove_step(step=step("Order"), actor=actor)
    assert not StepQuestion.objects.exists()
    event = editing.undo(journey=journey, actor=actor)
    assert event is not None
    assert load_state(journey.pk) == before


def test_undo_and_redo_are_per_person_and_in_order(journey: Journey, actor: Any) -> None:
    jana = UserFactory()
    editing.rename_step(step=step("Wait"), actor=actor, name="Wait a lot")
    editing.rename_step(step=step("Order"), actor=jana, name="Order food")
    editing.rename_phase(phase=Phase.objects.get(name="During"), actor=actor, name="Inside")
    editing.undo(journey=journey, actor=actor)
    editing.undo(journey=journey, actor=actor)
    assert order(journey)[1] == ["Order food", "Wait"]
    assert editing.undo(journey=journey, actor=actor) is None
    editing.redo(journey=journey, actor=actor)
    assert order(journey)[1] == ["Order food", "Wait a lot"]
    editing.add_phase(journey=journey, actor=actor, name="After")
    assert editing.redo(journey=journey, actor=actor) is None


def test_undo_says_when_somebody_has_changed_the_same(journey: Journey, actor: Any) -> None:
    jana = UserFactory()
    editing.rename_step(step=step("Wait"), actor=actor, name="Wait a lot")
    editing.rename_step(step=step("Wait a lot"), actor=jana, name="Queue")
    with pytest.raises(ClashError) as caught:
        editing.undo(journey=journey, actor=actor)
    row = caught.value.rows[0]
    assert row.kind == "step"
    assert row.event is not None
    assert row.event.actor == jana
    assert order(journey)[1] == ["Order", "Queue"]


def test_undo_of_a_new_step_spares_what_others_put_on_it(journey: Journey, actor: Any) -> None:
    jana = UserFactory()
    editing.add_step(phase=Phase.objects.get(name="During"), actor=actor, name="Pay")
    put("action", "Pay", "Pays by card", jana)
    with pytest.raises(ClashError):
        editing.undo(journey=journey, actor=actor)
    assert cell("action", "Pay") == ["Pays by card"]


def test_restore_is_a_new_change(journey: Journey, actor: Any) -> None:
    then = load_state(journey.pk)
    seq = Journey.objects.get().last_seq
    put("action", "Order", "Asks", actor)
    editing.remove_phase(phase=Phase.objects.get(name="Before"), actor=actor)
    editing.restore_journey(journey=journey, actor=actor, seq=seq)
    assert load_state(journey.pk) == then
    assert events(journey)[-1] == "journey-restored"
    editing.undo(journey=journey, actor=actor)
    assert cell("action", "Order") == ["Asks"]


def test_a_copy_has_everything_under_new_ids(journey: Journey, actor: Any, in_scope: Any) -> None:
    put("action", "Order", "Asks", actor)
    tail, head = put("pains", "Order", "Slow", actor), put("pains", "Wait", "Long", actor)
    editing.join_cards(tail=tail, head=head, actor=actor, both_ways=False)
    future = editing.copy_journey(
        workspace=in_scope, actor=actor, title="Visit, better",
        state=load_state(journey.pk), future_of=journey,
    )  # fmt: skip
    assert order(future) == order(journey)
    assert future.future_of == journey
    state = load_state(future.pk)
    assert {row["origin"] for row in state["step"].values()} == set(load_state(journey.pk)["step"])
    assert [len(rows) for rows in state.values()] == [
        len(rows) for rows in load_state(journey.pk).values()
    ]
    assert not state["card"].keys() & load_state(journey.pk)["card"].keys()


def test_import_is_one_event_that_can_be_undone(
    journey: Journey, actor: Any, in_scope: Any
) -> None:
    put("action", "Order", "Asks", actor)
    before = load_state(journey.pk)
    outline = Outline("Visit", (PhaseOutline("During", (StepOutline("Order"),)),))
    _journey, event = editing.import_journey(workspace=in_scope, actor=actor, outline=outline)
    assert event is not None
    assert cell("action", "Order") == ["Asks"]
    assert outline_of(journey) == outline
    editing.undo(journey=journey, actor=actor)
    assert load_state(journey.pk) == before


def random_change(journey: Journey, actor: Any, luck: random.Random) -> Any:
    """Some change of the map as it is now."""
    steps = list(Step.objects.select_related("phase"))
    phases, lanes = list(Phase.objects.all()), list(Lane.objects.all())
    cards = list(Card.objects.select_related("lane", "step"))
    pick = luck.choice
    moves: list[Any] = [
        lambda: editing.add_phase(journey=journey, actor=actor, name="P", before=pick(phases)),
        lambda: editing.add_step(phase=pick(phases), actor=actor, name="S"),
        lambda: editing.add_lane(journey=journey, actor=actor, kind="text", before=pick(lanes)),
        lambda: editing.place_lane(lane=pick(lanes), actor=actor, before=pick(lanes)),
        lambda: editing.place_phase(phase=pick(phases), actor=actor, before=pick(phases)),
        lambda: editing.duplicate_lane(lane=pick(lanes), actor=actor),
    ]
    if steps:
        moves += [
            lambda: editing.place_step(
                step=pick(steps), actor=actor, phase=pick(phases), before=None
            ),
            lambda: editing.assume(step=pick(steps), actor=actor, value=Decimal("1.5")),
            lambda: editing.duplicate_step(step=pick(steps), actor=actor),
            lambda: editing.remove_step(step=pick(steps), actor=actor),
            *[
                lambda: editing.add_card(
                    lane=pick(lanes), step=pick(steps), actor=actor, text=str(luck.random())
                )
            ]
            * 5,
        ]
    if cards:
        moves += [
            lambda: editing.place_card(
                card=pick(cards), actor=actor, lane=pick(lanes), step=pick(steps)
            ),
            lambda: editing.merge_cards(cards=luck.sample(cards, min(2, len(cards))), actor=actor),
            lambda: editing.remove_cards(cards=[pick(cards)], journey=journey, actor=actor),
            lambda: editing.write_card(card=pick(cards), actor=actor, text=str(luck.random())),
        ]
    if len(phases) > 2:
        moves.append(lambda: editing.remove_phase(phase=pick(phases), actor=actor))
    if len(lanes) > 3:
        moves.append(lambda: editing.remove_lane(lane=pick(lanes), actor=actor))
    return pick(moves)()


@pytest.mark.parametrize("seed", range(6))
def test_the_log_tells_every_state_and_takes_every_change_back(
    journey: Journey, actor: Any, seed: int
) -> None:
    luck = random.Random(seed)
    states = [load_state(journey.pk)]
    while len(states) < 40:
        if random_change(journey, actor, luck) is not None:
            states.append(load_state(journey.pk))
    for seq, state in enumerate(states, 1):
        assert state_at(journey, seq) == state
    for state in reversed(states[:-1]):
        assert editing.undo(journey=journey, actor=actor) is not None
        assert load_state(journey.pk) == state
    for state in states[1:]:
        assert editing.redo(journey=journey, actor=actor) is not None
        assert load_state(journey.pk) == state


def test_a_long_history_is_read_from_snapshots(journey: Journey, actor: Any) -> None:
    for n in range(SNAPSHOT_EVERY):
        editing.rename_step(step=Step.objects.all()[0], actor=actor, name=f"s{n}")
    assert list(Snapshot.objects.order_by("seq").values_list("seq", flat=True)) == [
        1, SNAPSHOT_EVERY,
    ]  # fmt: skip
    names = {row["name"] for row in state_at(journey, SNAPSHOT_EVERY)["step"].values()}
    assert f"s{SNAPSHOT_EVERY - 2}" in names
    with pytest.raises(Event.DoesNotExist):
        state_at(journey, SNAPSHOT_EVERY + 2)
