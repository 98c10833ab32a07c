"""Pages of a survey ask as many queries with thirty rows as with three."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from surveys import links, publishing
from surveys.mailing import lists
from surveys.mailing.people import Person
from surveys.models import Quota, Rule, Scheme, Source, Survey, Tag
from tests.factories import (
    QuestionFactory,
    SegmentFactory,
    SurveyFactory,
    TouchpointFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(workspace: Any) -> Survey:
    with scope(workspace=workspace):
        made = SurveyFactory(workspace=workspace, name="Visit", language="en", state="draft")
        grow(made, 0, 3)
        publishing.publish(survey=made, by=None)
        made.refresh_from_db()
    return made


def grow(survey: Survey, first: int, last: int) -> None:
    """More of everything that the pages list."""
    of = {"workspace": survey.workspace}
    for n in range(first, last):
        text, touchpoint = f"Question {n}?", TouchpointFactory(**of)
        QuestionFactory(
            **of, survey=survey, key=f"q{n}", position=n, text=text, texts={"en": text},
            touchpoint=touchpoint,
        )  # fmt: skip
        Quota.objects.create(**of, survey=survey, segment=SegmentFactory(**of), limit=9)
        links.create(survey=survey, source=Source.QR, names=[f"Table {n}"], touchpoint=touchpoint)
        people = [Person(1, f"p{n}@x.example", "Anna")]
        lists.create(survey=survey, name=f"Mailing {n}", people=people, by=UserFactory())
        Tag.objects.create(**of, name=f"Tag {n}")
        Rule.objects.create(**of, survey=survey, kind="score", at_most=2)
        Scheme.objects.create(**of, survey=survey, name=f"Scheme {n}")
        SurveyFactory(**of, name=f"Other {n}", state="open")


@pytest.mark.parametrize(
    "page",
    [
        "surveys/",
        "surveys/{}/invite/",
        "surveys/{}/questions/",
        "surveys/{}/results/",
        "surveys/{}/comments/",
        "surveys/{}/held/",
        "surveys/{}/rules/",
        "surveys/{}/weights/",
        "surveys/tags/",
        "surveys/{}/planner/",
        "surveys/{}/texts/",
        "cases/",
    ],
)
def test_the_same_with_thirty(sign_in: Callable[..., Client], survey: Survey, page: str) -> None:
    client, address = sign_in("admin"), "/w/firm/" + page.format(survey.pk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(address)
        assert answer.status_code == 200, answer.status_code
        return len(seen)

    queries()
    few = queries()
    with scope(workspace=survey.workspace):
        grow(survey, 3, 30)
    assert queries() == few
