"""The list of maps, and what can be done with one from there."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from journeys import editing
from journeys.models import Card, Journey, JourneyPersona, Persona, Step
from journeys.outline import Outline, PhaseOutline, StepOutline
from tests.factories import JourneyFactory, PhaseFactory, StepFactory, UserFactory
from tests.journeys.test_curve import text_of

PAGE = "/w/firm/journeys/"
PLAN = Outline("Visit", (PhaseOutline("During", (StepOutline("Order"), StepOutline("Wait"))),))


@pytest.fixture
def visit(workspace: Any) -> Any:
    with scope(workspace=workspace):
        person = UserFactory(name="Jana Peters")
        journey = editing.create_journey(workspace=workspace, actor=person, outline=PLAN)
        persona = Persona.objects.create(workspace=workspace, name="Regular")
        JourneyPersona.objects.create(workspace=workspace, journey=journey, persona=persona)
        return journey


def test_a_line_says_how_large_who_and_when(sign_in: Any, visit: Any) -> None:
    words = text_of(sign_in("marketer").get(PAGE))
    for word in ("Visit", "Jana Peters", "Regular", "Duplicate", "Rename", "Delete", "1 map"):
        assert word in words
    assert "not changed for a year" not in words


def test_an_old_map_says_so(sign_in: Any, workspace: Any, visit: Any) -> None:
    with scope(workspace=workspace):
        long_ago = timezone.now() - dt.timedelta(days=366)
        Journey.objects.filter(pk=visit.pk).update(updated_at=long_ago)
    assert "not changed for a year" in text_of(sign_in("viewer").get(PAGE))


def test_a_viewer_may_read_alone(sign_in: Any, visit: Any) -> None:
    words = text_of(sign_in("viewer").get(PAGE))
    assert "Emotion curve" in words
    assert "Duplicate" not in words
    assert "New map" not in words


@pytest.mark.parametrize(
    ("search", "found"), [("vis", True), ("WAIT", True), ("nothing like it", False), ("%", False)]
)
def test_search_looks_in_titles_and_steps(
    sign_in: Any, visit: Any, search: str, found: bool
) -> None:
    words = text_of(sign_in("viewer").get(PAGE, {"q": search}))
    assert ("Jana Peters" in words) is found
    assert ("No map is called like this." in words) is not found


def test_without_maps_one_begins(sign_in: Any, workspace: Any) -> None:
    assert "No map yet." in text_of(sign_in("marketer").get(PAGE))


def test_outsider(sign_in: Any, visit: Any) -> None:
    assert sign_in("outsider").get(PAGE).status_code == 404


def test_rename(sign_in: Any, visit: Any) -> None:
    marketer = sign_in("marketer")
    page = "/w/firm/journeys/visit/title/"
    assert 'value="Visit"' in marketer.get(page).content.decode()
    assert marketer.post(page, {"title": ""}).status_code == 422
    assert marketer.post(page, {"title": "Stay", "back": "list"}).url == PAGE
    assert marketer.post(page, {"title": "Stay"}).url == "/w/firm/journeys/visit/"
    visit.refresh_from_db()
    assert (visit.title, visit.slug) == ("Stay", "visit")


def test_duplicate_and_future(sign_in: Any, in_scope: Any, visit: Any) -> None:
    marketer = sign_in("marketer")
    assert marketer.post("/w/firm/journeys/visit/copy/").url == "/w/firm/journeys/copy-of-visit/"
    assert marketer.post("/w/firm/journeys/visit/future/").url == "/w/firm/journeys/visit-future/"
    future = Journey.objects.get(slug="visit-future")
    assert future.future_of == visit
    origins = Step.objects.filter(phase__journey=future).values_list("origin", flat=True)
    assert set(origins) == set(
        Step.objects.filter(phase__journey=visit).values_list("pk", flat=True)
    )
    assert "future of Visit" in text_of(marketer.get(PAGE))


def test_deleting_names_and_counts_what_goes(sign_in: Any, in_scope: Any, visit: Any) -> None:
    marketer = sign_in("marketer")
    step = Step.objects.get(name="Order")
    editing.add_card(lane=visit.lanes.get(kind="action"), step=step, actor=None, text="Hello")
    other: Any = JourneyFactory(workspace=in_scope, title="Day")
    phase = PhaseFactory(workspace=in_scope, journey=other)
    StepFactory(workspace=in_scope, phase=phase, opens=visit)
    page = "/w/firm/journeys/visit/removal/"
    words = text_of(marketer.get(page))
    assert "Delete “Visit” for good?" in words
    assert "Cards 1" in words
    assert "open into it and will lead nowhere: Day" in words
    assert Journey.objects.filter(pk=visit.pk).exists()
    assert marketer.post(page).url == PAGE
    assert not Journey.objects.filter(pk=visit.pk).exists()
    assert not Card.objects.exists()


@pytest.mark.parametrize("name", ["title", "removal", "copy", "future", "template"])
def test_who_may_not(sign_in: Any, visit: Any, name: str) -> None:
    page = f"/w/firm/journeys/visit/{name}/"
    assert sign_in("analyst").post(page).status_code == 403
    assert sign_in("outsider").post(page).status_code == 404
    marketer = sign_in("marketer")
    assert marketer.post("/w/firm/journeys/moon/" + name + "/").status_code == 404
    if name in ("copy", "future", "template"):
        assert marketer.get(page).status_code == 405


def test_the_list_asks_the_same_of_three_maps_as_of_thirty(sign_in: Any, workspace: Any) -> None:
    viewer = sign_in("marketer")

    def count(n: int) -> int:
        with scope(workspace=workspace):
            for number in range(n):
                editing.create_journey(
                    workspace=workspace, actor=UserFactory(), outline=Outline(f"M {n} {number}")
                )
        with CaptureQueriesContext(connection) as queries:
            viewer.get(PAGE)
        return len(queries)

    viewer.get(PAGE)
    assert count(3) == count(12)
