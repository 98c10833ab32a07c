"""What customers say about one touchpoint: page and part of the catalogue."""

import datetime as dt
import html
import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from journeys.measures import read_measures
from journeys.models import Journey
from surveys.models import Survey
from tests.factories import (
    JourneyFactory,
    PhaseFactory,
    QuestionFactory,
    StepFactory,
    SurveyFactory,
    TouchpointFactory,
    answer,
    meet,
)
from touchpoints.models import Touchpoint


def text_of(response: Any) -> str:
    plain = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(plain))


def url(touchpoint: Any) -> str:
    return f"/w/firm/journeys/touchpoints/{touchpoint.pk}/measures/"


def place(workspace: Any, steps: int = 1) -> Any:
    touchpoint: Any = TouchpointFactory(workspace=workspace, name="Counter")
    journey: Any = JourneyFactory(workspace=workspace, slug="visit", title="Visit")
    phase: Any = PhaseFactory(workspace=workspace, journey=journey)
    for number in range(steps):
        step: Any = StepFactory(workspace=workspace, phase=phase, name=f"Order {number}")
        meet(step, touchpoint)
    return touchpoint


def waves(workspace: Any, touchpoint: Any, years: int = 3) -> None:
    for number in range(years):
        survey = SurveyFactory(workspace=workspace, name=f"Guests {2020 + number}")
        question: Any = QuestionFactory(
            workspace=workspace, survey=survey, touchpoint=touchpoint, text="How was the counter?"
        )
        scores = [1, 2, 2, 3] if number < years - 1 else [4, 4, 5, 5]
        answer(question, *scores * 4, day=dt.date(2020 + number, 5, 1))


def test_waves_with_a_proven_change(sign_in: Any, workspace: Any) -> None:
    with scope(workspace=workspace):
        touchpoint = place(workspace)
        waves(workspace, touchpoint)
    response = sign_in("viewer").get(url(touchpoint))
    words = text_of(response)
    assert "Up 2.50 since 2021." in words
    assert "proven" in words
    assert "+1.50" in words
    assert "16 Guests 2022" in words
    assert "“How was the counter?”" in words
    assert "Met in 1 step" in words
    body = response.content.decode()
    assert 'aria-label="Score from 2020 to 2022"' in body
    assert "/w/firm/journeys/visit/curve/?step=" in body
    link = re.search(r'href="(/w/firm/journeys/compare/[^"]+)"', body)
    assert link
    compared = sign_in("viewer").get(html.unescape(link[1]))
    assert "got better from 2021 to 2022" in text_of(compared)


def test_one_survey_by_month_and_its_halves(sign_in: Any, workspace: Any) -> None:
    with scope(workspace=workspace):
        touchpoint = place(workspace)
        question: Any = QuestionFactory(workspace=workspace, touchpoint=touchpoint)
        for month in range(1, 7):
            answer(question, *[3, 4] * 4, day=dt.date(2026, month, 5))
    response = sign_in("viewer").get(url(touchpoint))
    assert "No change is proven since April 2026." in text_of(response)
    assert "since=2026-04-01" in response.content.decode()


def test_few_answers_stay_hidden(sign_in: Any, workspace: Any) -> None:
    with scope(workspace=workspace):
        touchpoint = place(workspace)
        question: Any = QuestionFactory(workspace=workspace, touchpoint=touchpoint)
        answer(question, 4, 5, 5, 5)
    words = text_of(sign_in("viewer").get(url(touchpoint)))
    assert "hidden: fewer than 5 answers" in words
    assert "+1.50" not in words
    assert "interval" not in words.lower()


def test_a_small_month_breaks_the_line(in_scope: Any) -> None:
    touchpoint = place(in_scope)
    question: Any = QuestionFactory(workspace=in_scope, touchpoint=touchpoint)
    for month, n in ((1, 8), (2, 2), (3, 9), (4, 10)):
        answer(question, *([3, 4] * 5)[:n], day=dt.date(2026, month, 5))
    measures = read_measures(workspace=in_scope, touchpoint=touchpoint)
    # A neighbour goes with February, or its 2 answers could be had by subtraction.
    assert sum(value is None for value in measures.values) == 2
    assert measures.values[1] is None
    assert measures.n == 29


def test_a_month_without_answers_breaks_the_line(in_scope: Any) -> None:
    touchpoint = place(in_scope)
    question: Any = QuestionFactory(workspace=in_scope, touchpoint=touchpoint)
    for day in (dt.date(2025, 11, 5), dt.date(2026, 2, 5)):
        answer(question, *[3, 4] * 5, day=day)
    measures = read_measures(workspace=in_scope, touchpoint=touchpoint)
    assert measures.values == [0.5, None, None, 0.5]
    assert measures.change is not None


def test_halves_give_no_small_month_away(in_scope: Any) -> None:
    touchpoint = place(in_scope)
    question: Any = QuestionFactory(workspace=in_scope, touchpoint=touchpoint)
    for month, n in ((1, 8), (2, 2), (3, 5), (4, 10)):
        answer(question, *([3, 4] * 5)[:n], day=dt.date(2026, month, 5))
    measures = read_measures(workspace=in_scope, touchpoint=touchpoint)
    # The first half less January would be the two answers of February.
    assert [value is None for value in measures.values] == [False, True, True, False]
    assert measures.change is None


def test_never_asked_and_never_answered(sign_in: Any, workspace: Any) -> None:
    with scope(workspace=workspace):
        touchpoint: Any = TouchpointFactory(workspace=workspace)
    client = sign_in("viewer")
    words = text_of(client.get(url(touchpoint)))
    assert "never asked" in words
    assert "Met in no journey yet." in words
    with scope(workspace=workspace):
        QuestionFactory(workspace=workspace, touchpoint=touchpoint)
    assert "Asked, and not answered yet." in text_of(client.get(url(touchpoint)))


def test_portals_speak_only_where_nobody_is_asked(sign_in: Any, workspace: Any) -> None:
    with scope(workspace=workspace):
        touchpoint = place(workspace)
        portal: Any = SurveyFactory(workspace=workspace, name="Reviews", source="portal")
        question: Any = QuestionFactory(workspace=workspace, survey=portal, touchpoint=touchpoint)
        answer(question, *[5] * 8)
    client = sign_in("viewer")
    assert "over-report the extremes" in text_of(client.get(url(touchpoint)))
    with scope(workspace=workspace):
        waves(workspace, touchpoint, 1)
    assert "over-report" not in text_of(client.get(url(touchpoint)))


def test_a_part_of_the_catalogue(sign_in: Any, workspace: Any) -> None:
    with scope(workspace=workspace):
        touchpoint = place(workspace)
        waves(workspace, touchpoint)
    client = sign_in("viewer")
    page = client.get(url(touchpoint)).content.decode()
    part = client.get(url(touchpoint), headers={"HX-Request": "true"}).content.decode()
    assert "<html" in page
    assert "<html" not in part
    assert part.strip() in page


def test_who_may_see_it(sign_in: Any, workspace: Any, other_workspace: Any) -> None:
    with scope(workspace=workspace):
        touchpoint = place(workspace)
    with scope(workspace=other_workspace):
        theirs: Any = TouchpointFactory(workspace=other_workspace)
    assert Client().get(url(touchpoint)).status_code == 302
    assert sign_in("viewer").get(url(theirs)).status_code == 404
    assert sign_in("outsider").get(url(touchpoint)).status_code == 404


def test_the_same_queries_for_little_and_much(sign_in: Any, workspace: Any) -> None:
    client = sign_in("viewer")
    counts = []
    for size in (2, 12):
        with scope(workspace=workspace):
            for model in (Touchpoint, Survey, Journey):
                model.objects.all().delete()
            touchpoint = place(workspace, steps=size)
            waves(workspace, touchpoint, size)
        client.get(url(touchpoint))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(touchpoint)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 14
