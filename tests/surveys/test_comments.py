"""What people wrote, newest first, and never a list of a few."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from surveys.models import Answer, Question, Status
from tests.factories import QuestionFactory, answer


@pytest.fixture
def question(workspace: Any) -> Question:
    with scope(workspace=workspace):
        asked: Question = QuestionFactory(
            workspace=workspace, kind="text", scale_min=None, scale_max=None, text="What else?"
        )
    return asked


def write(question: Question, *texts: str) -> None:
    with scope(workspace=question.workspace):
        for number, text in enumerate(texts):
            day = dt.date(2026, 3, 1) + dt.timedelta(days=number)
            (response,) = answer(question, Status.SCORED, day=day)
            Answer.objects.filter(response_id=response.id).update(
                raw=text, status=Status.SCORED, score=None
            )


def address(question: Question) -> str:
    return reverse("surveys:comments", kwargs={"workspace": "firm", "survey": question.survey_id})


def test_the_newest_comes_first(sign_in: Callable[..., Client], question: Question) -> None:
    write(question, *[f"Comment {number}" for number in range(60)])
    client = sign_in("analyst")
    page = client.get(address(question)).content.decode()
    assert page.index("Comment 59") < page.index("Comment 58")
    assert "Comment 9”" not in page
    assert "Comment 9”" in client.get(address(question), {"page": 2}).content.decode()


def test_a_few_comments_stay_hidden(sign_in: Callable[..., Client], question: Question) -> None:
    write(question, *["The soup was cold."] * 7)
    page = sign_in("analyst").get(address(question)).content.decode()
    assert "hidden: fewer than 8 comments" in page
    assert "soup" not in page
    found = sign_in("analyst").get(address(question), {"q": "soup"}).content.decode()
    assert "was cold" not in found


def test_search_narrows_the_list(sign_in: Callable[..., Client], question: Question) -> None:
    write(question, *["The soup was cold."] * 8, "Lovely <b>cake</b>")
    client = sign_in("analyst")
    page = client.get(address(question), {"q": "CAKE\0"}).content.decode()
    assert "1 comment<" in page
    assert "Lovely &lt;b&gt;cake" in page
    assert "soup" not in page
    nothing = client.get(address(question), {"q": "tea"}).content.decode()
    assert "No comment has these words." in nothing


def test_without_comments_the_page_says_so(
    sign_in: Callable[..., Client], question: Question
) -> None:
    page = sign_in("analyst").get(address(question)).content.decode()
    assert "Nobody has written a comment yet." in page


def test_who_may_not(sign_in: Callable[..., Client], question: Question) -> None:
    assert sign_in("viewer").get(address(question)).status_code == 403
    assert sign_in("outsider").get(address(question)).status_code == 404


def test_results_link_to_comments_for_those_who_may(
    sign_in: Callable[..., Client], question: Question
) -> None:
    write(question, *["Fine."] * 8)
    results = reverse("surveys:results", kwargs={"workspace": "firm", "survey": question.survey_id})
    assert address(question) in sign_in("analyst").get(results).content.decode()
    assert address(question) not in sign_in("viewer").get(results).content.decode()
