"""What to ask next: the rule, in words, on a page and as a part of the planner."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from journeys.models import Journey
from tests.factories import (
    JourneyFactory,
    PhaseFactory,
    QuestionFactory,
    StepFactory,
    TouchpointFactory,
    answer,
    meet,
)

PATH = reverse("journeys:next-question", kwargs={"workspace": "firm"})


@pytest.fixture
def journey(workspace: Any) -> Journey:
    """Wait is proven bad, Pay is open, Leave has four answers, Book was never asked about."""
    scores = {"Wait": [1] * 15 + [2] * 5, "Pay": [1, 5, 3, 4, 2, 3], "Leave": [3, 4, 5, 3]}
    with scope(workspace=workspace):
        made: Journey = JourneyFactory(workspace=workspace, title="A visit")
        phase = PhaseFactory(workspace=workspace, journey=made)
        for position, name in enumerate((*scores, "Book")):
            step = StepFactory(
                workspace=workspace, phase=phase, name=name, assumed=1, position=position
            )
            place = TouchpointFactory(workspace=workspace, name=f"{name} desk")
            meet(step, place)
            if name in scores:
                asked = QuestionFactory(workspace=workspace, touchpoint=place)
                answer(asked, *scores[name])
    return made


def order(page: str) -> list[str]:
    return sorted((name for name in ("Wait", "Pay", "Leave", "Book") if f">{name}</a>" in page),
                  key=lambda name: page.index(f">{name}</a>"))  # fmt: skip


def test_steps_without_a_point_come_first(sign_in: Callable[..., Client], journey: Journey) -> None:
    page = sign_in("marketer").get(PATH).content.decode()
    assert order(page) == ["Book", "Leave", "Pay"]
    assert "never asked" in page
    assert "hidden: fewer than 5 answers" in page
    assert "not proven" in page
    assert "more answers" in page
    assert "Steps without a point come first" in page
    assert page.count("/ask/") == 3


def test_a_viewer_is_told_but_cannot_ask(sign_in: Callable[..., Client], journey: Journey) -> None:
    page = sign_in("viewer").get(PATH).content.decode()
    assert order(page) == ["Book", "Leave", "Pay"]
    assert "/ask/" not in page


def test_the_planner_gets_a_part(sign_in: Callable[..., Client], journey: Journey) -> None:
    part = sign_in("viewer").get(PATH, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")
    assert "<html" not in part


def test_another_map_can_be_named_and_none_is_said(
    sign_in: Callable[..., Client], workspace: Any
) -> None:
    client = sign_in("viewer")
    assert "There is no map with steps yet" in client.get(PATH).content.decode()
    with scope(workspace=workspace):
        for title, slug in (("First", "first"), ("Second", "second")):
            JourneyFactory(workspace=workspace, title=title, slug=slug)
    page = client.get(PATH, {"journey": "first"}).content.decode()
    assert "journeys/first/curve" in page
    assert client.get(PATH, {"journey": "nobody's"}).status_code == 200
