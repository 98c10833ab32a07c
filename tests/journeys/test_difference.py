"""Two maps beside each other: how steps are joined, what is said, what the page shows."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from journeys import beginnings, difference_words, editing, futures
from journeys.board import Board, BoardPhase, BoardStep, load_board
from journeys.models import Journey, Lane, Phase, Step
from journeys.outline import Outline, PhaseOutline, StepOutline
from tests.factories import JourneyFactory, TouchpointFactory
from tests.journeys.test_curve import text_of

PAGE = "/w/firm/journeys/{}/difference/"


def board(phases: dict[str, list[str]], first: int = 1, **origins: int) -> Board:
    """A bare board; steps get ids from ``first``, origins by step name."""
    number = first - 1
    made = []
    for place, (name, steps) in enumerate(phases.items(), first):
        rows = []
        for step in steps:
            number += 1
            rows.append(
                BoardStep(
                    id=number, number=number, name=step, phase_id=place, assumed=None,
                    is_moment=False, opens=None, origin=origins.get(step), touchpoints=(),
                    questions=(), assumptions={},
                )
            )  # fmt: skip
        made.append(BoardPhase(place, name, False, tuple(rows)))
    return Board(
        id=1, slug="b", title="B", seq=1, phases=tuple(made), lanes=(), personas=(), arrows=()
    )


def said(a: Board, b: Board) -> list[tuple[str, tuple[str, ...]]]:
    return [(pair.name, pair.kinds) for pair in futures.compare(a, b).pairs if pair.kinds]


TODAY = {"Before": ["a", "b"], "During": ["c", "d"]}


@pytest.mark.parametrize(
    ("future", "expected"),
    [
        (TODAY, []),
        ({"Before": ["a", "b"], "During": ["c", "x", "d"]}, [("x", ("added",))]),
        ({"Before": ["a"], "During": ["c", "d"]}, [("b", ("removed",))]),
        ({"Before": ["b", "a"], "During": ["c", "d"]}, [("b", ("moved",))]),
        ({"Before": ["a"], "During": ["b", "c", "d"]}, [("b", ("moved",))]),
        ({"Früher": ["A", "b "], "Jetzt": ["c", "d"]}, []),
        ({"All": ["a", "b", "c", "d"]}, []),
        ({"1": ["a"], "2": ["b"], "3": ["c", "d"]}, []),
        ({}, [(n, ("removed",)) for n in "abcd"]),
    ],
)
def test_what_differs_by_name(future: Any, expected: Any) -> None:
    assert said(board(TODAY), board(future, first=50)) == expected


def test_origin_goes_before_the_name() -> None:
    future = board({"Before": ["b", "z"], "During": ["c", "d"]}, first=50, b=1, z=2)
    pairs = futures.compare(board(TODAY), future).pairs
    assert [(p.today.name if p.today else "", p.name) for p in pairs] == [
        ("a", "b"), ("b", "z"), ("c", "c"), ("d", "d"),
    ]  # fmt: skip
    assert [p.kinds for p in pairs] == [("renamed",), ("renamed",), (), ()]


def test_two_futures_of_one_map_are_joined_by_their_common_origin() -> None:
    one = board({"Before": ["x"]}, first=50, x=7)
    two = board({"Before": ["y"]}, first=60, y=7)
    assert futures.matched(one, two) == {60: 50}


def test_each_step_is_used_once() -> None:
    twins = board({"Before": ["a", "a", "a"]}, first=50)
    assert len(futures.matched(board({"Before": ["a", "a"]}), twins)) == 2


def test_every_step_of_both_is_there_once() -> None:
    future = board({"During": ["d", "new"], "After": ["a"]}, first=50)
    pairs = futures.compare(board(TODAY), future).pairs
    assert sorted(p.today.id for p in pairs if p.today) == [1, 2, 3, 4]
    assert [p.future.id for p in pairs if p.future] == [50, 51, 52]


PLAN = Outline(
    "Visit",
    (
        PhaseOutline("Before", (StepOutline("See", assumed=Decimal("0.50")),)),
        PhaseOutline(
            "During", (StepOutline("Order", ("Counter",)), StepOutline("Wait", assumed=Decimal(-1)))
        ),
    ),
)


@pytest.fixture
def both(workspace: Any) -> tuple[Journey, Journey]:
    """A map and its future, in which waiting is gone from the counter and feels better."""
    with scope(workspace=workspace):
        TouchpointFactory(workspace=workspace, name="Counter")
        today = editing.create_journey(workspace=workspace, actor=None, outline=PLAN)
        future = beginnings.future(journey=today, actor=None)
        steps = {
            s.name: s for s in Step.objects.filter(phase__journey=future).select_related("phase")
        }
        editing.rename_step(step=steps["See"], actor=None, name="Notice")
        editing.assume(step=steps["Wait"], actor=None, value=Decimal(1))
        lane = Lane.objects.get(journey=future, kind="action")
        editing.add_card(lane=lane, step=steps["Wait"], actor=None, text="Gets a pager")
        during = Phase.objects.get(journey=future, name="During")
        editing.add_step(phase=during, actor=None, name="Leave", before=None)
        editing.remove_step(step=steps["Order"], actor=None)
        return today, future


def test_all_differences_are_said(in_scope: Any, both: Any) -> None:
    today, future = (load_board(journey) for journey in both)
    wait = next(step.id for step in today.steps if step.name == "Wait")
    compared = futures.compare(today, future, {wait: (-1.25, 40)})
    assert compared.counts == {
        "added": 1, "removed": 1, "moved": 0, "renamed": 1, "felt": 1, "cards": 1,
    }  # fmt: skip
    assert [line.text for line in difference_words.lines(compared)] == [
        "“See” is now called “Notice”.",
        "“Order” is gone.",
        "“Wait”: to become +1.0; customers say −1.25 today (n = 40), +2.3 to go.",
        "“Wait”: cards and touchpoints, 1 new, 0 gone.",
        "“Leave” is new, in During.",
    ]
    assert "1 step added, 1 removed" in difference_words.finding(compared)
    [pair] = compared.of("cards")
    assert [card.text for card in pair.cards_added] == ["Gets a pager"]
    assert (pair.felt, pair.to_go) == (2.0, 2.25)


def test_both_maps_lead_to_the_same_page(sign_in: Any, both: Any) -> None:
    viewer = sign_in("viewer")
    for slug in ("visit", "visit-future"):
        response = viewer.get(PAGE.format(slug))
        words = text_of(response)
        assert response.status_code == 200
        assert "Visit → Visit, future" in words
        assert "“Order” is gone." in words
        assert "both-curves" in response.content.decode()


def test_measured_values_come_from_today_and_small_groups_stay_hidden(
    sign_in: Any, workspace: Any, measured: Callable[..., Journey]
) -> None:
    journey = measured()
    with scope(workspace=workspace):
        beginnings.future(journey=journey, actor=None)
    words = text_of(sign_in("viewer").get(PAGE.format("visit")))
    assert "Both maps say the same." in words
    assert "−1.00" in words
    assert "+1.33" not in words


def test_any_two_maps(sign_in: Any, workspace: Any, both: Any) -> None:
    with scope(workspace=workspace):
        JourneyFactory(workspace=workspace, slug="other", title="Other")
    viewer = sign_in("viewer")
    words = text_of(viewer.get(PAGE.format("other"), {"with": "visit"}))
    assert "Other → Visit, 0 steps in both" in words
    assert "Nothing to compare with yet." in text_of(viewer.get(PAGE.format("other")))
    assert viewer.get(PAGE.format("other"), {"with": ""}).status_code == 200


def test_who_may_not_and_what_is_not_there(
    sign_in: Any, workspace: Any, other_workspace: Any, both: Any
) -> None:
    with scope(workspace=other_workspace):
        JourneyFactory(workspace=other_workspace, slug="theirs")
    assert sign_in("outsider").get(PAGE.format("visit")).status_code == 404
    viewer = sign_in("viewer")
    assert viewer.get(PAGE.format("theirs")).status_code == 404
    assert viewer.get(PAGE.format("visit"), {"with": "theirs"}).status_code == 404
    assert viewer.get(PAGE.format("visit"), {"with": "visit"}).status_code == 404


def test_the_same_questions_for_few_and_many_steps(sign_in: Any, workspace: Any, both: Any) -> None:
    viewer = sign_in("viewer")

    def count(n: int) -> int:
        with scope(workspace=workspace):
            phase = Phase.objects.get(journey=both[1], name="During")
            for number in range(n):
                editing.add_step(phase=phase, actor=None, name=f"{n} {number}", before=None)
        with CaptureQueriesContext(connection) as queries:
            viewer.get(PAGE.format("visit"))
        return len(queries)

    viewer.get(PAGE.format("visit"))
    assert count(3) == count(12)
