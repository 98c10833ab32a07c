"""The answers of a survey per question: page, fragment and file."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from cxm.statistics import Histogram
from surveys.models import Answer, Question, Status
from surveys.results import choice_result, scale_result
from surveys.results_rows import COLUMNS
from tests.factories import QuestionFactory, SurveyFactory, TouchpointFactory, answer


def address(survey: Any, name: str = "results", workspace: str = "firm") -> str:
    return reverse(f"surveys:{name}", kwargs={"workspace": workspace, "survey": survey})


def cells(client: Client, survey: Any) -> list[list[str]]:
    body = client.get(address(survey, "results-csv")).content.decode().removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(body)))


@pytest.fixture
def question(workspace: Any) -> Question:
    with scope(workspace=workspace):
        bar = TouchpointFactory(workspace=workspace, name="Coffee bar")
        asked: Question = QuestionFactory(
            workspace=workspace, key="Q1", text="How was it?", touchpoint=bar
        )
    return asked


def test_a_question_shows_its_figures(
    sign_in: Callable[..., Client], workspace: Any, question: Question
) -> None:
    with scope(workspace=workspace):
        answer(question, 5, 5, 4, 4, 3, 3, Status.NEVER_USED, Status.NO_ANSWER)
    page = sign_in("viewer").get(address(question.survey_id)).content.decode()
    assert "How was it?" in page
    assert "Coffee bar" in page
    assert "mean 4.00 on 1 to 5" in page
    assert "+1.00, 95% interval +0.06 to +1.94" in page
    assert "1: 0%, 2: 0%, 3: 33%, 4: 33%, 5: 33%" in page
    assert "4.0000" in page
    assert ", SE " not in page


def test_few_answers_stay_hidden(
    sign_in: Callable[..., Client], workspace: Any, question: Question
) -> None:
    with scope(workspace=workspace):
        answer(question, 5, 5, 4, 1)
    client = sign_in("analyst")
    page = client.get(address(question.survey_id)).content.decode()
    assert "hidden: fewer than 5 answers" in page
    assert "3.75" not in page
    assert cells(client, question.survey_id)[1:] == [["Q1", *[""] * 9]]


def test_the_threshold_is_the_survey_s_own(
    sign_in: Callable[..., Client], workspace: Any, question: Question
) -> None:
    with scope(workspace=workspace):
        question.survey.min_answers = 9
        question.survey.save()
        answer(question, *[4] * 8)
    page = sign_in("viewer").get(address(question.survey_id)).content.decode()
    assert "hidden: fewer than 9 answers" in page


def test_weights_show_mean_error_and_effective_number(
    sign_in: Callable[..., Client], workspace: Any, question: Question
) -> None:
    with scope(workspace=workspace):
        answer(question, 5, 5, 5, weight=3.0)
        answer(question, 1, 1, 1)
    client = sign_in("analyst")
    page = client.get(address(question.survey_id)).content.decode()
    assert "weighted 4.00, SE" in page
    row = cells(client, question.survey_id)[1]
    assert row[COLUMNS.index("weighted_mean")] == "4.0000"
    assert row[COLUMNS.index("n_eff")] == "4.8"


def test_a_reversed_scale_keeps_its_mean_and_turns_its_emotion() -> None:
    question = Question(scale_min=1, scale_max=5, is_reversed=True)
    row = scale_result(question, Histogram.from_answers([1, 1, 1, 2, 2]), k=5)
    assert row.estimate
    assert row.emotion
    assert row.top_two
    assert row.estimate.mean == pytest.approx(1.4)
    assert row.emotion.mean == pytest.approx(1.6)
    assert row.emotion.ci_low < 1.6 < row.emotion.ci_high
    assert row.top_two.share == 1


def test_indicators_come_with_their_definition(
    sign_in: Callable[..., Client], workspace: Any
) -> None:
    with scope(workspace=workspace):
        survey = SurveyFactory(workspace=workspace)
        for kind, low, high, given in (
            ("nps", 0, 10, (10, 9, 8, 3)),
            ("csat", 1, 5, (5, 4, 3, 1)),
            ("ces", 1, 7, (7, 6, 6, 5)),
        ):
            asked = QuestionFactory(
                workspace=workspace, survey=survey, kind=kind, scale_min=low, scale_max=high
            )
            answer(asked, *given, *given)
    page = sign_in("viewer").get(address(survey.pk)).content.decode()
    assert "<b>+25.00</b> NPS" in page
    assert "share of 9 and 10 minus share of 0 to 6" in page
    assert "<b>50.0%</b> CSAT" in page
    assert "share of the best two answers of five" in page
    assert "<b>6.00</b> CES" in page


def test_rare_choices_are_pooled_so_that_none_follows_from_the_total() -> None:
    question = Question(labels={"1": "Bus", "2": "Train"})
    row = choice_result(question, {"1": 40, "2": 20, "3": 2}, k=5)
    assert [option.label for option in row.options] == ["Bus"]
    assert row.pooled
    assert (row.pooled.hits, row.rare) == (22, 2)
    assert choice_result(question, {"1": 4}, k=5).hidden
    plain = choice_result(question, {"1": 40, "2": 20}, k=5)
    assert plain.pooled is None
    assert plain.options[0].share.share == pytest.approx(2 / 3)
    assert choice_result(question, {"1": 40, "2": 3, "3": 2}, k=5).rare == 2


def test_choices_and_texts_are_counted(sign_in: Callable[..., Client], workspace: Any) -> None:
    with scope(workspace=workspace):
        survey = SurveyFactory(workspace=workspace)
        plain = {"workspace": workspace, "survey": survey, "scale_min": None, "scale_max": None}
        choice = QuestionFactory(**plain, kind="choice", labels={"1": "Bus", "2": "Train"})
        text = QuestionFactory(**plain, kind="text")
        for asked, raw in ((choice, "1"), (text, "Nobody told us.")):
            for response in answer(asked, *[Status.SCORED] * 6):
                Answer.objects.filter(response_id=response.id).update(
                    raw=raw, status=Status.SCORED, score=None
                )
    page = sign_in("viewer").get(address(survey.pk)).content.decode()
    assert "Bus" in page
    assert "100.0%" in page
    assert "6 texts" in page
    assert "Nobody told us." not in page


def test_portal_reviews_are_left_out_and_said_so(
    sign_in: Callable[..., Client], workspace: Any, question: Question
) -> None:
    with scope(workspace=workspace):
        answer(question, *[4] * 6)
        question.survey.source = "portal"
        answer(question, *[1] * 6)
    page = sign_in("viewer").get(address(question.survey_id)).content.decode()
    assert "mean 4.00 on 1 to 5" in page
    assert "6 reviews from portals are left out" in page


def test_a_survey_without_answers_says_so(
    sign_in: Callable[..., Client], question: Question
) -> None:
    page = sign_in("viewer").get(address(question.survey_id)).content.decode()
    assert "No answers yet" in page
    assert "/import/" not in page


def test_the_fragment_puts_the_lowest_first(sign_in: Callable[..., Client], workspace: Any) -> None:
    with scope(workspace=workspace):
        survey = SurveyFactory(workspace=workspace)
        for position, (key, given) in enumerate((("HIGH", 5), ("LOW", 2))):
            asked = QuestionFactory(workspace=workspace, survey=survey, key=key, position=position)
            answer(asked, *[given] * 5)
    client = sign_in("viewer")
    page = client.get(address(survey.pk)).content.decode()
    found = client.get(
        address(survey.pk), {"order": "lowest"}, headers={"hx-request": "true"}
    ).content.decode()
    assert page.index(">HIGH<") < page.index(">LOW<")
    assert found.index(">LOW<") < found.index(">HIGH<")
    assert "<html" not in found


def test_who_may_not(
    sign_in: Callable[..., Client], workspace: Any, other_workspace: Any, question: Question
) -> None:
    with scope(workspace=other_workspace):
        foreign = SurveyFactory(workspace=other_workspace)
    client = sign_in("viewer")
    assert client.get(address(foreign.pk)).status_code == 404
    assert client.get(address(foreign.pk, workspace="rival")).status_code == 404
    assert client.get(address(question.survey_id, "results-csv")).status_code == 403
    assert "results.csv" not in client.get(address(question.survey_id)).content.decode()


def test_an_outsider_finds_nothing(sign_in: Callable[..., Client], question: Question) -> None:
    assert sign_in("outsider").get(address(question.survey_id)).status_code == 404


def test_thirty_questions_ask_as_often_as_three(
    sign_in: Callable[..., Client], workspace: Any
) -> None:
    client, counts = sign_in("viewer"), []
    with scope(workspace=workspace):
        survey = SurveyFactory(workspace=workspace)
    for n in (3, 27):
        with scope(workspace=workspace):
            for _number in range(n):
                bar = TouchpointFactory(workspace=workspace)
                asked = QuestionFactory(workspace=workspace, survey=survey, touchpoint=bar)
                answer(asked, *[4] * 5)
        client.get(address(survey.pk))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(survey.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def golden(shared: Path) -> dict[str, list[str]]:
    """The published figures by question, from the table of the README."""
    lines = (shared / "README.md").read_text().splitlines()
    found = [re.split(r"\s*\|\s*", line.strip("| ")) for line in lines if line.startswith("| ")]
    start = next(number for number, row in enumerate(found) if tuple(row) == COLUMNS)
    return {row[0]: (row[1:] + [""] * 9)[:9] for row in found[start + 1 :]}


def test_the_real_survey_says_what_is_published(
    sign_in: Callable[..., Client], workspace: Any, shared: Path
) -> None:
    call_command("import_touchpoints", "firm", str(shared / "touchpoints.csv"))
    mapping = shared / "survey_2017.toml"
    call_command("import_responses", "firm", str(shared / "survey_2017.csv"), mapping=mapping)
    with scope(workspace=workspace):
        survey = Question.objects.first().survey_id  # type: ignore[union-attr]
    client = sign_in("analyst")
    header, *rows = cells(client, survey)
    assert tuple(header) == COLUMNS
    published = golden(shared)
    assert len(published) == 22
    assert {row[0]: row[1:] for row in rows} == published
    page = client.get(address(survey)).content.decode().replace("\u2212", "-").replace(",", "")
    for key, figures in published.items():
        assert all(f">{figure}<" in page for figure in figures if figure), key
