"""Two steps become one: what stands on either of them, and its answers, count for the one."""

from decimal import Decimal
from typing import Any

import pytest

from journeys import editing, selection
from journeys.curve import read_curve
from journeys.log import state_at
from journeys.models import Assumption, Card, Event, Journey, Lane, Persona, Step, StepQuestion
from journeys.naming import steps_named
from journeys.outline import Outline, PhaseOutline, StepOutline
from journeys.rows import load_state
from surveys.importing.plan import plan
from surveys.mapping import parse_mapping
from surveys.models import Question
from tests.factories import QuestionFactory, TouchpointFactory, UserFactory, answer
from tests.surveys.guests import HEADER, MAPPING
from touchpoints.catalogue import keep_touchpoint

PLAN = Outline(
    "Visit",
    (
        PhaseOutline(
            "During",
            (StepOutline("Order", ("Counter", "Card")), StepOutline("Wait", ("Counter", "Seat"))),
        ),
    ),
)


@pytest.fixture
def journey(in_scope: Any) -> Journey:
    for name in ("Counter", "Card", "Seat"):
        TouchpointFactory(workspace=in_scope, name=name)
    return editing.create_journey(workspace=in_scope, actor=None, outline=PLAN)


def step(name: str) -> Step:
    return Step.objects.select_related("phase").get(name=name)


def test_everything_follows_and_one_event_says_so(journey: Journey, in_scope: Any) -> None:
    order, wait = step("Order"), step("Wait")
    lane = Lane.objects.get(kind="action")
    for row, text in ((order, "asks"), (wait, "sits"), (wait, "reads")):
        editing.add_card(lane=lane, step=row, actor=None, text=text)
    persona = Persona.objects.create(workspace=in_scope, name="Amara")
    editing.assume(step=wait, actor=None, value=Decimal("-1.00"), persona=persona)
    editing.assume(step=wait, actor=None, value=Decimal("-0.50"))
    editing.set_moment(step=wait, actor=None, is_moment=True)
    asked = [QuestionFactory(workspace=in_scope) for _n in range(2)]
    editing.bind_question(step=order, actor=None, question=asked[0])
    for question in asked:
        editing.bind_question(step=wait, actor=None, question=question)
        answer(question, 5, 4, 3)
    actor = UserFactory()
    event = editing.merge_steps(step=wait, actor=actor, into=order)
    assert event is not None
    assert (event.what, event.actor) == ("step-merged", actor)
    order.refresh_from_db()
    assert not Step.objects.filter(pk=wait.pk).exists()
    assert [card.text for card in Card.objects.filter(step=order)] == ["asks", "sits", "reads"]
    assert [link.touchpoint.name for link in order.touchpoint_links.all()] == [
        "Counter", "Card", "Seat",
    ]  # fmt: skip
    assert set(StepQuestion.objects.values_list("step", "question")) == {
        (order.pk, question.pk) for question in asked
    }
    assert Assumption.objects.get().step_id == order.pk
    assert (order.assumed, order.is_moment) == (Decimal("-0.50"), True)
    journey.refresh_from_db()
    assert state_at(journey, journey.last_seq) == load_state(journey.pk)
    reading = read_curve(
        workspace=in_scope, journey=journey, selected=selection.Selection(),
        choices=selection.load_choices(in_scope),
    )  # fmt: skip
    assert [point.n for point in reading.curve.points] == [6]


def test_it_is_taken_back_whole(journey: Journey, in_scope: Any) -> None:
    question = QuestionFactory(workspace=in_scope)
    editing.bind_question(step=step("Wait"), actor=None, question=question)
    before = load_state(journey.pk)
    actor = UserFactory()
    editing.merge_steps(step=step("Wait"), actor=actor, into=step("Order"))
    editing.undo(journey=journey, actor=actor)
    assert load_state(journey.pk) == before


def test_only_steps_of_one_map(journey: Journey, in_scope: Any) -> None:
    other = editing.create_journey(
        workspace=in_scope, actor=None,
        outline=Outline("Other", (PhaseOutline("One", (StepOutline("Far"),)),)),
    )  # fmt: skip
    with pytest.raises(ValueError, match="joins"):
        editing.merge_steps(step=step("Far"), actor=None, into=step("Order"))
    with pytest.raises(ValueError, match="joins"):
        editing.merge_steps(step=step("Order"), actor=None, into=step("Order"))
    assert Event.objects.filter(journey=other).count() == 1


def test_old_names_lead_to_the_step_of_today(journey: Journey, in_scope: Any) -> None:
    order, wait = step("Order"), step("Wait")
    editing.rename_step(step=order, actor=None, name="Ordering")
    editing.rename_step(step=order, actor=None, name="Choose")
    for name in ("choose", "Ordering", "Order", "visit / Order"):
        assert steps_named(name) == [order], name
    editing.merge_steps(step=wait, actor=None, into=order)
    assert steps_named("Wait") == [order]
    assert steps_named("Never") == []
    # A name of today comes before an old one.
    editing.add_step(phase=order.phase, actor=None, name="Order")
    assert steps_named("Order") == [step("Order")]


def test_a_file_that_names_an_old_touchpoint_finds_it(in_scope: Any) -> None:
    bar = TouchpointFactory(workspace=in_scope, name="Coffee bar")
    bar.name = "Espresso bar"
    keep_touchpoint(workspace=in_scope, touchpoint=bar, channel="")
    found = plan(
        workspace=in_scope, mapping=parse_mapping(MAPPING.encode()), header=HEADER.split(",")
    )
    asked = Question.objects.filter(pk__in=found.questions.values(), touchpoint=bar)
    assert asked.count() == 1
