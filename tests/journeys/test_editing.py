"""Changes of a map: the rows, exactly one event each, and their order."""

from decimal import Decimal
from typing import Any

import pytest
from django_scopes import scope

from journeys import editing
from journeys.models import Event, Journey, Phase, Step, StepQuestion
from journeys.outline import Outline, PhaseOutline, StepOutline, outline_of
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


def events(journey: Journey) -> list[str]:
    return list(Event.objects.filter(journey=journey).values_list("what", flat=True))


def order(journey: Journey) -> list[list[str]]:
    return [[s.name for s in phase.steps] for phase in outline_of(journey).phases]


def test_create_writes_the_map_and_one_event(journey: Journey, actor: Any) -> None:
    assert outline_of(journey) == PLAN
    event: Any = Event.objects.get(journey=journey)
    assert (event.seq, event.what, event.actor) == (1, "journey-created", actor)
    assert event.after["phases"][1]["steps"][0]["name"] == "Order"
    assert Journey.objects.get().last_seq == 1


def test_addresses_are_free_and_never_a_page(in_scope: Any) -> None:
    titles = ["Visit", "Visit", "Heatmap", "旅"]
    slugs = [
        editing.create_journey(workspace=in_scope, actor=None, outline=Outline(title)).slug
        for title in titles
    ]
    assert slugs == ["visit", "visit-2", "heatmap-2", "journey"]


def test_rename_keeps_the_address(journey: Journey, actor: Any) -> None:
    event = editing.rename_journey(journey=journey, actor=actor, title="A visit")
    assert event is not None
    assert (event.before, event.after) == ({"title": "Visit"}, {"title": "A visit"})
    assert Journey.objects.get().slug == "visit"
    assert editing.rename_journey(journey=journey, actor=actor, title="A visit") is None


def test_phases(journey: Journey, actor: Any) -> None:
    after = editing.add_phase(journey=journey, actor=actor, name="After")
    assert after.position == 2
    assert editing.move_phase(phase=after, actor=actor, by=-1) is not None
    assert [p.name for p in Phase.objects.all()] == ["Before", "After", "During"]
    assert editing.rename_phase(phase=after, actor=actor, name="Later") is not None
    assert editing.rename_phase(phase=after, actor=actor, name="Later") is None
    first = Phase.objects.get(name="Before")
    assert editing.move_phase(phase=first, actor=actor, by=-1) is None
    gone: Any = editing.remove_phase(phase=first, actor=actor)
    assert gone.before["steps"][0]["name"] == "See the sign"
    assert [(p.name, p.position) for p in Phase.objects.all()] == [("Later", 0), ("During", 1)]
    assert events(journey) == [
        "journey-created", "phase-added", "phase-moved", "phase-renamed", "phase-removed",
    ]  # fmt: skip


def test_add_edit_and_remove_a_step(journey: Journey, actor: Any, counter: Any) -> None:
    phase = Phase.objects.get(name="During")
    pay = editing.add_step(
        phase=phase, actor=actor, name="Pay", assumed=Decimal("1"), touchpoints=[counter]
    )
    assert pay.position == 2
    door = TouchpointFactory(workspace_id=journey.workspace_id, name="Door")
    event: Any = editing.edit_step(
        step=pay, actor=actor, name="Pay up", assumed=None, touchpoints=[door, counter]
    )
    assert event is not None
    assert event.before["touchpoints"] == [counter.pk]
    assert event.after["touchpoints"] == [door.pk, counter.pk]
    same = editing.edit_step(
        step=pay, actor=actor, name="Pay up", assumed=None, touchpoints=[door, counter]
    )
    assert same is None
    editing.remove_step(step=step("Order"), actor=actor)
    assert order(journey) == [["See the sign"], ["Wait", "Pay up"]]
    assert [s.position for s in phase.steps.all()] == [0, 1]
    assert Event.objects.count() == 4


def test_move_within_and_across_phases(journey: Journey, actor: Any) -> None:
    editing.move_step(step=step("Wait"), actor=actor, by=-1)
    assert order(journey) == [["See the sign"], ["Wait", "Order"]]
    editing.move_step(step=step("Wait"), actor=actor, by=-1)
    assert order(journey) == [["See the sign", "Wait"], ["Order"]]
    assert editing.move_step(step=step("Order"), actor=actor, by=1) is None
    editing.move_step(step=step("Wait"), actor=actor, by=1)
    assert order(journey) == [["See the sign"], ["Wait", "Order"]]
    assert editing.move_step(step=step("See the sign"), actor=actor, by=-1) is None
    assert len(events(journey)) == 4


def test_a_question_is_bound_once(journey: Journey, actor: Any, in_scope: Any) -> None:
    question = QuestionFactory(workspace=in_scope)
    bind: dict[str, Any] = {"step": step("Wait"), "actor": actor, "question": question}
    assert editing.bind_question(**bind) is not None
    assert editing.bind_question(**bind) is None
    assert editing.unbind_question(**bind) is not None
    assert editing.unbind_question(**bind) is None
    assert len(events(journey)) == 3


def test_import_twice_changes_nothing(journey: Journey, in_scope: Any) -> None:
    again, event = editing.import_journey(workspace=in_scope, actor=None, outline=PLAN)
    assert (again, event) == (journey, None)
    assert len(events(journey)) == 1


def test_import_replaces_but_keeps_steps_of_the_same_name(journey: Journey, in_scope: Any) -> None:
    wait = step("Wait")
    StepQuestion.objects.create(
        workspace=in_scope, step=wait, question=QuestionFactory(workspace=in_scope)
    )
    plan = Outline("Visit", (PhaseOutline("All of it", (StepOutline("Wait"), StepOutline("Eat"))),))
    same, event = editing.import_journey(workspace=in_scope, actor=None, outline=plan)
    assert same == journey
    assert event is not None
    assert event.what == "journey-replaced"
    assert outline_of(journey) == plan
    assert step("Wait").pk == wait.pk
    assert StepQuestion.objects.filter(step=wait).exists()
    assert Step.objects.count() == 2
    assert Phase.objects.count() == 1


def test_delete_takes_the_map_alone(journey: Journey, counter: Any) -> None:
    editing.delete_journey(journey=journey)
    assert not Journey.objects.exists()
    assert not Event.objects.exists()
    counter.refresh_from_db()


def test_another_workspace_is_out_of_reach(journey: Journey, other_workspace: Any) -> None:
    with scope(workspace=other_workspace), pytest.raises(Journey.DoesNotExist):
        editing.rename_journey(journey=journey, actor=None, title="Ours now")
