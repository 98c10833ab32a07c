"""Fixtures of answering; models can be imported only when Django is set up."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def no_limits() -> None:
    from surveys import answer_views

    answer_views.STARTS.clear()
    answer_views.TRIES.clear()


@pytest.fixture
def make(workspace: Any) -> Callable[..., Any]:
    from tests.surveys.answering.cafe import Cafe

    return lambda **survey: Cafe(workspace, **survey)


@pytest.fixture
def cafe(make: Callable[..., Any]) -> Any:
    """q1 faces, q2 text if q1 ≤ 2, q3 choice, q4 NPS."""
    from surveys.models import Kind
    from tests.surveys.answering.cafe import choices

    made = make()
    first = made.ask("q1", Kind.FACES, is_required=True)
    made.ask(
        "q2", Kind.TEXT, show_if=[[{"question": first.pk, "is": "at_most", "to": [2]}]],
        texts={"en": "You gave {q1}. What happened?"},
    )  # fmt: skip
    made.ask("q3", Kind.CHOICE, options=choices("Cake", "Soup"), has_other=True)
    made.ask("q4", Kind.NPS, offers_unknown=True)
    return made.open()


@pytest.fixture
def person(client: Client, cafe: Any) -> Any:
    from tests.surveys.answering.cafe import Person

    return Person(client, cafe.path)
