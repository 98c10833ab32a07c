"""The list of surveys and one survey."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from surveys.models import Status
from tests.factories import QuestionFactory, SurveyFactory, TouchpointFactory, answer

LIST = "/w/firm/surveys/"


def test_an_empty_list_offers_the_import(sign_in: Callable[..., Client]) -> None:
    assert "Import answers" in sign_in("analyst").get(LIST).content.decode()


def test_a_viewer_sees_no_import(sign_in: Callable[..., Client]) -> None:
    page = sign_in("viewer").get(LIST).content.decode()
    assert "No answers yet" in page
    assert "/import/" not in page


def test_surveys_are_listed_with_responses_by_source(
    sign_in: Callable[..., Client], workspace: Any
) -> None:
    with scope(workspace=workspace):
        question = QuestionFactory(workspace=workspace, survey__name="Guests 2026")
        answer(question, 1, 2, 3)
        question.survey.source = "qr"
        answer(question, 4)
    page = sign_in("viewer").get(LIST).content.decode()
    assert "Guests 2026" in page
    assert 'Interview <span class="num">3</span>' in page
    assert 'QR code <span class="num">1</span>' in page


def test_a_survey_shows_questions_and_counts(
    sign_in: Callable[..., Client], workspace: Any
) -> None:
    with scope(workspace=workspace):
        touchpoint = TouchpointFactory(workspace=workspace, name="Coffee bar")
        question = QuestionFactory(workspace=workspace, text="Coffee?", touchpoint=touchpoint)
        answer(question, 1, 2, Status.NEVER_USED, Status.NO_ANSWER)
    address = reverse("surveys:survey", kwargs={"workspace": "firm", "survey": question.survey_id})
    page = sign_in("viewer").get(address).content.decode()
    assert "4 responses" in page
    assert "Coffee bar" in page
    assert '<td class="r num">2</td><td class="r num">1</td><td class="r num">1</td>' in page


def test_a_survey_of_another_workspace_does_not_exist(
    sign_in: Callable[..., Client], other_workspace: Any
) -> None:
    with scope(workspace=other_workspace):
        foreign = SurveyFactory(workspace=other_workspace)
    client = sign_in("admin")
    assert client.get(f"{LIST}{foreign.pk}/").status_code == 404
    assert client.get(f"/w/rival/surveys/{foreign.pk}/").status_code == 404


@pytest.mark.parametrize("path", ["", "import/"])
def test_an_outsider_finds_nothing(sign_in: Callable[..., Client], path: str) -> None:
    assert sign_in("outsider").get(LIST + path).status_code == 404


def test_the_list_asks_as_often_for_thirty_as_for_three(
    sign_in: Callable[..., Client], workspace: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in("viewer")
    counts = []
    for n in (3, 27):
        with scope(workspace=workspace):
            for _number in range(n):
                answer(QuestionFactory(workspace=workspace), 5)
        client.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
