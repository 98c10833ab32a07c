"""How maps open into one another: trees, circles, maps that stand alone, the way back."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from journeys import hierarchy
from journeys.hierarchy import Opening, arranged
from journeys.models import Journey
from tests.factories import JourneyFactory, PhaseFactory, StepFactory
from tests.journeys.test_curve import text_of

PAGE = "/w/firm/journeys/overview/"


def maps(*titles: str) -> list[Journey]:
    return [Journey(pk=n, slug=title, title=title) for n, title in enumerate(titles, 1)]


def ways(*pairs: tuple[int, int]) -> list[Opening]:
    return [Opening(100 + n, f"step {n}", a, b) for n, (a, b) in enumerate(pairs)]


def lines(found: hierarchy.Overview) -> list[tuple[str, int, str]]:
    return [(b.journey.title, b.depth, b.seen) for b in found.branches]


def test_a_tree_and_what_stands_alone() -> None:
    found = arranged(maps("a", "b", "c", "d"), ways((1, 2), (2, 3)))
    assert lines(found) == [("a", 0, ""), ("b", 1, ""), ("c", 2, "")]
    assert [journey.title for journey in found.alone] == ["d"]
    assert found.depth == 3
    assert found.branches[1].by == Opening(100, "step 0", 1, 2)
    assert found.branches[1].opener == found.branches[0].journey


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (((1, 1),), [("a", 0, ""), ("a", 1, "loop")]),
        (((1, 2), (2, 1)), [("a", 0, ""), ("b", 1, ""), ("a", 2, "loop")]),
        (
            ((1, 2), (2, 3), (3, 2)),
            [("a", 0, ""), ("b", 1, ""), ("c", 2, ""), ("b", 3, "loop")],
        ),
        (
            ((1, 2), (1, 2), (2, 3)),
            [("a", 0, ""), ("b", 1, ""), ("c", 2, ""), ("b", 1, "above")],
        ),
        (((1, 3), (2, 3)), [("a", 0, ""), ("c", 1, ""), ("b", 0, ""), ("c", 1, "")]),
        (((1, 9), (9, 1)), []),
    ],
)
def test_circles_end_and_nothing_is_told_twice(pairs: Any, expected: Any) -> None:
    assert lines(arranged(maps("a", "b", "c"), ways(*pairs))) == expected


def test_a_very_deep_way_is_walked() -> None:
    journeys = maps(*(f"m{n:04}" for n in range(3000)))
    found = arranged(journeys, ways(*((n, n + 1) for n in range(1, 3000))))
    assert found.depth == 3000


@pytest.fixture
def nested(workspace: Any) -> Any:
    with scope(workspace=workspace):
        day: Any = JourneyFactory(workspace=workspace, slug="day", title="The day")
        visit: Any = JourneyFactory(workspace=workspace, slug="visit", title="The visit")
        JourneyFactory(workspace=workspace, title="Lonely")
        phase = PhaseFactory(workspace=workspace, journey=day)
        StepFactory(workspace=workspace, phase=phase, name="Have a break", opens=visit)
        return visit


def test_the_page(sign_in: Any, nested: Any) -> None:
    words = text_of(sign_in("viewer").get(PAGE))
    assert "2 levels" in words
    assert "Have a break" in words
    assert "Maps that stand alone" in words
    assert "Lonely" in words


def test_the_way_back(in_scope: Any, nested: Any) -> None:
    [opener] = hierarchy.path_to(nested)
    assert (opener.slug, opener.name) == ("day", "Have a break")
    assert hierarchy.path_to(Journey.objects.get(slug="day")) == []


def test_future_links(in_scope: Any, nested: Any) -> None:
    future: Any = JourneyFactory(workspace=in_scope, title="Better", future_of=nested)
    assert hierarchy.future_links(nested).futures == (future,)
    assert hierarchy.future_links(future).today == nested


def test_who_may_look_and_an_empty_workspace(sign_in: Any, workspace: Any) -> None:
    assert "No map yet." in text_of(sign_in("viewer").get(PAGE))
    assert sign_in("outsider").get(PAGE).status_code == 404


def test_the_same_questions_for_few_and_many(sign_in: Any, workspace: Any) -> None:
    viewer = sign_in("viewer")

    def count(n: int) -> int:
        with scope(workspace=workspace):
            for _ in range(n):
                a: Any = JourneyFactory(workspace=workspace)
                phase = PhaseFactory(workspace=workspace, journey=a)
                opens = JourneyFactory(workspace=workspace)
                StepFactory(workspace=workspace, phase=phase, opens=opens)
        with CaptureQueriesContext(connection) as queries:
            viewer.get(PAGE)
        return len(queries)

    viewer.get(PAGE)
    assert count(3) == count(12)


def test_the_map_leads_into_and_out_of_the_other(sign_in: Any, nested: Any) -> None:
    viewer = sign_in("viewer")
    assert "/w/firm/journeys/visit/" in viewer.get("/w/firm/journeys/day/").content.decode()
    words = text_of(viewer.get("/w/firm/journeys/visit/"))
    assert "opened by “Have a break” of The day" in words
