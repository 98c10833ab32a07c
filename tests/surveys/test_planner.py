"""The planner of a survey: says what it assumes, never invents a pace, works without scripts."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from surveys import planner, planning
from surveys.models import Question, Survey
from surveys.planner_picture import picture
from tests.factories import QuestionFactory, SurveyFactory, answer


@pytest.fixture
def question(workspace: Any) -> Question:
    with scope(workspace=workspace):
        survey = SurveyFactory(workspace=workspace, state=Survey.State.OPEN)
        made: Question = QuestionFactory(workspace=workspace, survey=survey)
    return made


def page(client: Client, survey: Any, **query: Any) -> str:
    path = reverse("surveys:planner", kwargs={"workspace": "firm", "survey": survey})
    response = client.get(path, query)
    assert response.status_code == 200
    return str(response.content.decode())


def test_nothing_answered_is_an_assumption_and_said(
    sign_in: Callable[..., Client], question: Question
) -> None:
    shown = page(sign_in("viewer"), question.survey_id, width="0.3")
    wanted = planning.for_mean(0.3, planning.ASSUMED_SPREAD)
    assert f'<b class="num">{wanted}</b> answers give <b class="num">± 0.30</b>' in shown
    assert "nothing was answered yet" in shown
    assert "no date can be given" in shown


def test_the_spread_is_that_of_the_survey(
    sign_in: Callable[..., Client], workspace: Any, question: Question
) -> None:
    with scope(workspace=workspace):
        answer(question, *[2, 3, 4, 5] * 6)
        asked = planner.read(question.survey, today=timezone.localdate())
    assert asked.origin == "survey"
    assert asked.spread.n == 24
    assert asked.spread.value == pytest.approx((30 / 23) ** 0.5)
    assert "this survey has shown so far (n = 24)" in page(sign_in("viewer"), question.survey_id)


def test_else_that_of_the_other_surveys(workspace: Any, question: Question) -> None:
    with scope(workspace=workspace):
        other = QuestionFactory(workspace=workspace)
        answer(other, *[1, 5] * 15)
        asked = planner.read(question.survey, today=timezone.localdate())
    assert asked.origin == "workspace"
    assert asked.spread.n == 30


def test_the_pace_is_that_of_the_last_weeks(workspace: Any, question: Question) -> None:
    today = dt.date(2026, 3, 10)
    with scope(workspace=workspace):
        answer(question, *[3] * 10, day=today - dt.timedelta(days=90))
        answer(question, *[4] * 10, day=today - dt.timedelta(days=8))
        asked = planner.read(question.survey, today=today)
    assert asked.progress == ((20, 10),)
    assert asked.days == 30
    reached = planner.reached(asked, 40)
    assert (reached.done, reached.of, reached.days) == (0, 1, 60)
    assert planner.reached(asked, 20).done == 1


def test_a_survey_that_is_closed_or_stands_still_gets_no_date(
    workspace: Any, question: Question
) -> None:
    today = dt.date(2026, 3, 10)
    with scope(workspace=workspace):
        answer(question, *[3] * 10, day=today - dt.timedelta(days=90))
        still = planner.reached(planner.read(question.survey, today=today), 40)
        answer(question, *[3] * 10, day=today)
        question.survey.state = Survey.State.CLOSED
        closed = planner.reached(planner.read(question.survey, today=today), 40)
    assert still.days is None
    assert still.stands_still
    assert closed.days is None


@pytest.mark.parametrize("query", [{"width": "x"}, {"width": "-1", "gap": "99"}, {"nps": "1e99"}])
def test_what_cannot_be_is_answered_with_the_usual(
    sign_in: Callable[..., Client], question: Question, query: dict[str, str]
) -> None:
    assert "± 0.30" in page(sign_in("viewer"), question.survey_id, **query)


def test_the_builder_gets_a_part_of_the_page(
    sign_in: Callable[..., Client], question: Question
) -> None:
    path = reverse("surveys:planner", kwargs={"workspace": "firm", "survey": question.survey_id})
    part = sign_in("viewer").get(path, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<section class="plan"')
    assert "<html" not in part


def test_the_picture_holds_the_chosen_point() -> None:
    for answers in (2, 5, 41, 200, 5000):
        drawn = picture(answers=answers, width=planning.half_width(answers, 0.95), spread=0.95)
        assert 34 <= drawn.x <= 270
        assert 8 <= drawn.y <= 70
        assert drawn.path.startswith("M34.0 ")
        assert len(drawn.ticks) >= 2
