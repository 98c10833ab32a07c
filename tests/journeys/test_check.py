"""The map check: what it finds, how it says so, and where each find leads."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from journeys import check_words, checking, editing
from journeys.insights import check as checks
from journeys.insights.check import Card, CheckedMap, Lane, Phase, Step, check, is_department
from journeys.models import Event, Journey, Snapshot
from journeys.models import Lane as LaneRow
from journeys.models import Step as StepRow
from journeys.outline import Outline, PhaseOutline, StepOutline
from tests.factories import QuestionFactory, TouchpointFactory
from tests.journeys.test_curve import text_of

PAGE = "/w/firm/journeys/visit/check/"
TODAY = dt.date(2026, 3, 1)
GOOD = Step(1, "Order", True, 0.5, True, True)


def a_map(
    *cards: Card, steps: tuple[Step, ...] = (GOOD,), phase: str = "During", **fields: Any
) -> CheckedMap:
    lane = Lane(10, "pains", "Pain points", cells=((steps[0].id, cards),))
    values = {"phases": (Phase(5, phase, steps),), "lanes": (lane,), "today": TODAY}
    return CheckedMap(**{**values, **fields})


def kinds(checked: CheckedMap) -> set[str]:
    return {finding.kind for finding in check(checked)}


FINE = Card(100, "Slow", owner="Lea", mark="pain")


def test_a_good_map_has_no_finding() -> None:
    assert check(a_map(FINE)) == ()


@pytest.mark.parametrize(
    ("card", "kind"),
    [
        (Card(1, "Slow", mark="pain"), "pain_without_owner"),
        (Card(1, "Slow", mark="pain", owner=" "), "pain_without_owner"),
        (Card(1, "New till", due=TODAY - dt.timedelta(days=1)), "measure_overdue"),
        (Card(1, "4.2", evidence="measured", n=12), "measured_without_source"),
        (Card(1, "4.2", evidence="measured", source="Survey"), "measured_without_source"),
        (Card(1, "Said so", on=TODAY - dt.timedelta(days=366)), "old_evidence"),
        (Card(1, "Said so", is_old=True), "card_old"),
    ],
)
def test_cards(card: Card, kind: str) -> None:
    assert kinds(a_map(card)) == {kind}
    [finding] = check(a_map(card))
    assert check_words.focus(finding.found[0].place) == "10-1"


@pytest.mark.parametrize(
    "card",
    [
        Card(1, "Slow", mark="pain", status="done"),
        Card(1, "New till", due=TODAY),
        Card(1, "New till", due=dt.date(2020, 1, 1), status="done"),
        Card(1, "4.2", evidence="measured", source="Survey", n=12),
        Card(1, "Said so", on=TODAY - dt.timedelta(days=365)),
    ],
)
def test_cards_that_are_fine(card: Card) -> None:
    assert kinds(a_map(card)) == set()


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (Step(1, "Order", False, 0.5, True, True), "step_without_touchpoint"),
        (Step(1, "Order", True, 0.5, False, True), "emotion_without_evidence"),
        (Step(1, "Order", True, 0.5, True, False), "no_moment"),
    ],
)
def test_steps(step: Step, kind: str) -> None:
    assert kinds(a_map(FINE, steps=(step,))) == {kind}


def test_what_nobody_assumes_needs_no_evidence() -> None:
    assert kinds(a_map(FINE, steps=(Step(1, "Order", True, None, False, True),))) == set()


def test_twins_are_found_on_both_sides() -> None:
    twins = (GOOD, Step(2, " order ", True, 0.5, True))
    found = {f.kind: f.found for f in check(a_map(FINE, steps=twins))}
    assert [one.place.step for one in found["same_step"]] == [1, 2]
    assert [one.place.step for one in found["step_without_card"]] == [2]
    lane = Lane(
        10,
        "text",
        "Notes",
        cells=(
            (
                1,
                (FINE, Card(101, "slow ")),
            ),
        ),
    )
    other = Lane(11, "text", "notes", cells=((1, (FINE,)),))
    names = kinds(a_map(lanes=(lane, other)))
    assert names == {"same_lane", "same_card"}
    assert "same_lane" not in kinds(a_map(lanes=(lane, Lane(11, "goals", "Notes"))))


def test_empty_lanes_and_phases() -> None:
    lanes = (Lane(1, "pains", "Pains", cells=((1, (FINE,)),)), Lane(2, "ideas", "Ideas"))
    phases = (Phase(5, "During", (GOOD,)), Phase(6, "After"))
    assert kinds(a_map(lanes=lanes, phases=phases)) == {"lane_empty", "phase_empty"}
    derived = (lanes[0], Lane(2, "emotion", "Emotion", True))
    assert kinds(a_map(lanes=derived)) == set()


def test_a_long_map_and_an_old_one() -> None:
    steps = tuple(Step(n, f"s{n}", True, None, True, True) for n in range(1, checks.LONG + 2))
    assert "map_long" in kinds(a_map(FINE, steps=steps))
    assert "map_long" not in kinds(a_map(FINE, steps=steps[:-1]))
    old = a_map(FINE, changed_on=TODAY - dt.timedelta(days=366))
    assert kinds(old) == {"map_old"}


@pytest.mark.parametrize(
    "name",
    ["Marketing", "VERTRIEB", "Sales & Marketing", "Abteilung Einkauf", "HR", "IT-", "IT/HR",
     "Customer Service", "Vertrieb und Versand", "Sales department"],
)  # fmt: skip
def test_departments(name: str) -> None:
    assert is_department(name)


@pytest.mark.parametrize("name", ["Purchase", "Kauf", "It works", "Nutzen", "", "Marketing lesen"])
def test_phases_of_customers(name: str) -> None:
    assert not is_department(name)


def test_every_kind_has_words() -> None:
    assert set(check_words._WORDS) == set(checks.KINDS)


PLAN = Outline("Visit", (PhaseOutline("Vertrieb", (StepOutline("Order"), StepOutline("Wait"))),))


@pytest.fixture
def visit(workspace: Any) -> Any:
    with scope(workspace=workspace):
        return editing.create_journey(workspace=workspace, actor=None, outline=PLAN)


def put(kind: str, text: str, **fields: Any) -> None:
    lane, step = LaneRow.objects.get(kind=kind), StepRow.objects.get(name="Order")
    editing.add_card(lane=lane, step=step, actor=None, text=text, **fields)


def test_the_page_says_what_why_and_where(sign_in: Any, workspace: Any, visit: Any) -> None:
    with scope(workspace=workspace):
        put("pains", "Queue to the door")
        lane, step = LaneRow.objects.get(kind="pains"), StepRow.objects.get(name="Order")
    response = sign_in("viewer").get(PAGE)
    words = text_of(response)
    assert "Phase named after a department" in words
    assert "What belongs to nobody is repaired by nobody." in words
    assert f"/w/firm/journeys/visit/?focus={lane.pk}-{step.pk}" in response.content.decode()
    assert "Steps without a touchpoint" in words


def test_a_question_about_the_touchpoint_or_the_step_is_evidence(in_scope: Any, visit: Any) -> None:
    def unproven() -> list[str]:
        found = checking.check_map(workspace=in_scope, journey=visit)
        return [o.name for f in found if f.kind == "emotion_without_evidence" for o in f.found]

    for step in StepRow.objects.select_related("phase"):
        editing.assume(step=step, actor=None, value=Decimal(1))
    assert unproven() == ["Order", "Wait"]
    order, wait = StepRow.objects.select_related("phase").order_by("name")
    touchpoint: Any = TouchpointFactory(workspace=in_scope)
    question: Any = QuestionFactory(workspace=in_scope, touchpoint=touchpoint)
    editing.add_touchpoint(step=order, actor=None, touchpoint=touchpoint)
    assert unproven() == ["Wait"]
    editing.bind_question(step=wait, actor=None, question=question)
    assert unproven() == []


def test_cards_as_they_were_a_year_ago(in_scope: Any, visit: Any) -> None:
    put("pains", "Old")
    put("action", "Rewritten")
    before = timezone.now() - dt.timedelta(days=400)
    Event.objects.update(at=before)
    put("pains", "New")
    rewritten = LaneRow.objects.get(kind="action").cards.get()
    editing.write_card(card=rewritten, actor=None, text="Rewritten today")
    old = LaneRow.objects.get(kind="pains").cards.get(text="Old")
    assert checking.untouched_cards(visit) == {old.pk}
    Event.objects.all().delete()
    Snapshot.objects.all().delete()
    assert checking.untouched_cards(visit) == set()


def test_who_may_look(sign_in: Any, visit: Any) -> None:
    assert sign_in("outsider").get(PAGE).status_code == 404
    assert sign_in("viewer").get("/w/firm/journeys/moon/check/").status_code == 404


def test_a_map_without_findings_says_so(sign_in: Any, workspace: Any) -> None:
    with scope(workspace=workspace):
        Journey.objects.create(workspace=workspace, slug="visit", title="Visit")
    assert "Nothing found." in text_of(sign_in("viewer").get(PAGE))


def test_the_same_questions_for_few_and_many(sign_in: Any, workspace: Any, visit: Any) -> None:
    viewer = sign_in("viewer")

    def count(n: int) -> int:
        with scope(workspace=workspace):
            for number in range(n):
                put("pains", f"{n} {number}")
        with CaptureQueriesContext(connection) as queries:
            viewer.get(PAGE)
        return len(queries)

    viewer.get(PAGE)
    assert count(3) == count(20)
