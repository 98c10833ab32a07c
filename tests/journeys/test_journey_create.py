"""New maps: blank, from templates, copies, futures; one's own maps as templates."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from journeys import beginnings, blueprints, editing
from journeys.models import Card, Journey, Lane, Phase, Step, StepTouchpoint
from tests.factories import JourneyFactory, PhaseFactory, StepFactory, TouchpointFactory

PAGE = "/w/firm/journeys/new/"


@pytest.fixture
def visit(workspace: Any) -> Any:
    with scope(workspace=workspace):
        journey: Any = JourneyFactory(workspace=workspace, slug="visit", title="Visit")
        phase = PhaseFactory(workspace=workspace, journey=journey, name="During")
        StepFactory(workspace=workspace, phase=phase, name="Order", assumed=1)
        return journey


def made(response: Any) -> Any:
    assert response.status_code == 302, response.content.decode()
    return Journey.objects.get(slug=response.url.rstrip("/").rsplit("/", 1)[-1])


def phases(journey: Journey) -> list[str]:
    return list(Phase.objects.filter(journey=journey).values_list("name", flat=True))


def test_the_page_offers_every_way_to_begin(sign_in: Any, visit: Any) -> None:
    page = sign_in("marketer").get(PAGE).content.decode()
    for value in ("template-cafe", "blank-loyalty", "copy", "future"):
        assert f'value="{value}"' in page
    assert page.count("mini-curve") == len(blueprints.KEYS)
    assert "A visit to the café" in page


def test_templates_are_offered_in_the_chosen_language(sign_in: Any, workspace: Any) -> None:
    page = sign_in("marketer").get(PAGE, {"language": "de"}).content.decode()
    assert "Ein Besuch im Café" in page
    assert "A visit to the café" not in page
    assert sign_in("marketer").get(PAGE, {"language": "xx"}).status_code == 200


@pytest.mark.parametrize(
    ("start", "names"),
    [
        ("", ["Awareness", "Consideration", "Purchase", "Retention", "Advocacy"]),
        ("blank-decision", ["Awareness", "Consideration", "Decision"]),
        ("blank-visit", ["Before", "During", "After"]),
    ],
)
def test_blank(sign_in: Any, in_scope: Any, start: str, names: list[str]) -> None:
    sent = {"title": "Mine", "start": start, "language": "en"}
    journey = made(sign_in("marketer").post(PAGE, sent))
    assert journey.title == "Mine"
    assert phases(journey) == names
    assert Step.objects.filter(phase__journey=journey).count() == len(names)


def test_a_template_becomes_a_map_that_is_called_like_it(sign_in: Any, in_scope: Any) -> None:
    known = TouchpointFactory(workspace=in_scope, name="shop WINDOW")
    sent = {"title": "", "start": "template-cafe", "language": "en"}
    journey = made(sign_in("marketer").post(PAGE, sent))
    assert journey.title == "A visit to the café"
    assert not journey.is_template
    assert [link.touchpoint for link in StepTouchpoint.objects.all()] == [known]
    missing = Lane.objects.get(journey=journey, name="Touchpoints not in the catalogue yet")
    texts = set(Card.objects.filter(lane=missing).values_list("text", flat=True))
    assert "Poster" in texts
    assert "Shop window" not in texts
    assert set(Card.objects.values_list("evidence", flat=True)) == {"assumption"}


def test_a_template_speaks_the_chosen_language(sign_in: Any, in_scope: Any) -> None:
    sent = {"title": "Haus", "start": "template-cafe", "language": "de"}
    journey = made(sign_in("marketer").post(PAGE, sent))
    assert phases(journey)[0] == "Aufmerksam werden"
    assert journey.title == "Haus"


def test_a_copy_and_a_future(sign_in: Any, in_scope: Any, visit: Any) -> None:
    marketer = sign_in("marketer")
    copy = made(marketer.post(PAGE, {"start": "copy", "copy_of": "visit"}))
    assert (copy.title, copy.future_of) == ("Copy of Visit", None)
    future = made(marketer.post(PAGE, {"start": "future", "future_of": "visit"}))
    assert (future.title, future.future_of) == ("Visit, future", visit)
    order = Step.objects.get(phase__journey=visit)
    assert Step.objects.get(phase__journey=future).origin == order.pk
    assert Step.objects.get(phase__journey=copy).origin is None


def test_ones_own_template(sign_in: Any, in_scope: Any, visit: Any) -> None:
    marketer = sign_in("marketer")
    response = marketer.post("/w/firm/journeys/visit/template/", {"back": "list"})
    assert response.url == "/w/firm/journeys/"
    visit.refresh_from_db()
    assert visit.is_template
    assert f'value="own-{visit.pk}"' in marketer.get(PAGE).content.decode()
    copy = made(marketer.post(PAGE, {"start": f"own-{visit.pk}"}))
    assert (copy.title, copy.is_template) == ("Visit", False)
    marketer.post("/w/firm/journeys/visit/template/", {"is_template": "false"})
    visit.refresh_from_db()
    assert not visit.is_template
    assert marketer.post(PAGE, {"start": f"own-{visit.pk}"}).status_code == 422


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"start": "blank-visit"}, "Give the map a title."),
        ({"start": "copy"}, "Choose a map."),
        ({"start": "future"}, "Choose a map."),
        ({"start": "copy", "copy_of": "theirs"}, "Choose a map"),
        ({"start": "template-moon", "title": "x"}, "valid choice"),
        ({"start": "template-cafe", "title": "x" * 161}, "at most 160"),
        ({"start": "template-cafe", "language": "xx"}, "another look"),
    ],
)
def test_what_is_refused(
    sign_in: Any, in_scope: Any, visit: Any, other_workspace: Any, sent: Any, says: str
) -> None:
    JourneyFactory(workspace=other_workspace, slug="theirs")
    before = Journey.objects.count()
    response = sign_in("marketer").post(PAGE, sent)
    assert response.status_code == 422
    if "copy_of" not in sent:
        assert says in response.content.decode()
    assert Journey.objects.count() == before


def test_who_may_not(sign_in: Any, visit: Any) -> None:
    for path in (PAGE, "/w/firm/journeys/visit/template/", "/w/firm/journeys/visit/copy/"):
        assert sign_in("analyst").post(path, {"title": "x"}).status_code == 403
        assert sign_in("outsider").post(path, {"title": "x"}).status_code == 404


def test_a_long_title_still_fits(in_scope: Any) -> None:
    long = editing.create_journey(
        workspace=in_scope, actor=None, outline=beginnings._blank("x" * 160, "visit", "en")
    )
    assert len(beginnings.copy(journey=long, actor=None).title) == 160
    assert len(beginnings.future(journey=long, actor=None).title) == 160


def test_the_page_asks_the_same_of_three_templates_as_of_thirty(
    sign_in: Any, workspace: Any
) -> None:
    marketer = sign_in("marketer")

    def count(n: int) -> int:
        with scope(workspace=workspace):
            for _ in range(n):
                journey = JourneyFactory(workspace=workspace, is_template=True)
                phase = PhaseFactory(workspace=workspace, journey=journey)
                StepFactory(workspace=workspace, phase=phase)
        with CaptureQueriesContext(connection) as queries:
            marketer.get(PAGE)
        return len(queries)

    marketer.get(PAGE)
    assert count(3) == count(12)
