"""The page of a comparison: what it proves, hides, and to whom."""

import csv
import datetime as dt
import html
import re
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from journeys.compare import pairs_of
from surveys.models import Survey
from tests.factories import QuestionFactory, SurveyFactory, answer

URL = "/w/firm/journeys/compare/"
FIRST, LATER = dt.date(2024, 5, 1), dt.date(2025, 5, 1)


def text_of(response: Any) -> str:
    plain = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(plain))


@pytest.fixture
def two(workspace: Any) -> Any:
    """Guests 2024 and 2025: the room got better, the bar did not change, few saw the sauna."""

    def make(questions: int = 3, **response: Any) -> dict[int, Survey]:
        surveys: dict[int, Any] = {}
        with scope(workspace=workspace):
            for year, day in ((2024, FIRST), (2025, LATER)):
                survey = SurveyFactory(workspace=workspace, name=f"Guests {year}")
                surveys[year] = survey
                room = [1, 2, 2, 3] * 5 if year == 2024 else [4, 4, 5, 5] * 5
                scores = [room, [3, 4] * 10, [3, 4]] + [[2, 3, 4] * 3] * (questions - 3)
                for number, name in enumerate(("room", "bar", "sauna", *range(questions - 3))):
                    question = QuestionFactory(
                        workspace=workspace, survey=survey, text=f"How was the {name}?"
                    )
                    answer(question, *scores[number], day=day, **response)
        return surveys

    return make


def test_a_proven_change_is_said_with_its_steps(sign_in: Any, two: Any) -> None:
    two()
    words = text_of(sign_in("viewer").get(URL))
    assert "“How was the room?” got better from 2024 to 2025, however strictly we ask." in words
    assert "Proven at all four steps" in words
    assert "Corrected for 2 looks" in words
    # Rows that have nothing to do say so.
    assert "No weights are known here" in words
    assert "No clusters are known here" in words
    assert "1 of 2 changed." in words
    assert "hidden: fewer than 5 answers in one of the groups" in words
    assert "n 20 in 2024, 20 in 2025" in words
    assert "compare.csv" not in words


def test_what_is_not_proven_is_said_as_well(sign_in: Any, two: Any) -> None:
    two()
    client = sign_in("viewer")
    words = text_of(client.get(URL, {"question": "how was the BAR?"}))
    assert "No difference is proven for “How was the bar?”." in words
    hidden = text_of(client.get(URL, {"question": "How was the sauna?"}))
    assert "nothing to compare yet" in hidden
    assert "was not asked in both groups" in text_of(client.get(URL, {"question": "Moon?"}))


def test_clusters_and_weights_are_named(sign_in: Any, two: Any, workspace: Any) -> None:
    surveys = two()
    with scope(workspace=workspace):
        for year, survey in surveys.items():
            question = survey.questions.get(text="How was the bar?")
            for run in range(3):
                day = FIRST if year == 2024 else LATER
                answer(question, 3, 4, day=day, cluster=f"run {run}", weight=2.0)
    words = text_of(sign_in("viewer").get(URL, {"question": "How was the bar?"}))
    assert "The survey’s weights" in words
    assert "23 clusters, then 23" in words


def test_one_survey_is_compared_over_time(sign_in: Any, workspace: Any) -> None:
    with scope(workspace=workspace):
        survey: Any = SurveyFactory(workspace=workspace, name="Guests", source="qr")
        question: Any = QuestionFactory(workspace=workspace, survey=survey, text="Your coffee?")
        for day in range(1, 21):
            answer(question, *((1, 2) if day <= 10 else (4, 5)), day=dt.date(2026, 3, day))
    client = sign_in("viewer")
    words = text_of(client.get(URL))
    assert "“Your coffee?” got better since March 11, 2026, however strictly we ask." in words
    assert "n 20 before, 20 since" in words
    later = text_of(client.get(URL, {"survey": survey.pk, "since": "2026-03-02"}))
    assert "nothing to compare yet" in later
    assert "is not a date" in text_of(client.get(URL, {"since": "soon"}))


def test_empty_and_a_single_day(sign_in: Any, workspace: Any) -> None:
    client = sign_in("analyst")
    assert "No surveys yet." in text_of(client.get(URL))
    with scope(workspace=workspace):
        answer(QuestionFactory(workspace=workspace), 4, 5)
    assert "Nothing to compare yet." in text_of(client.get(URL))


def test_reversed_scales_turn_the_words(sign_in: Any, two: Any, workspace: Any) -> None:
    for survey in two().values():
        with scope(workspace=workspace):
            survey.questions.update(is_reversed=True)
    assert "got worse from 2024 to 2025" in text_of(sign_in("viewer").get(URL))


def test_who_may_see_it(sign_in: Any, two: Any, other_workspace: Any) -> None:
    two()
    with scope(workspace=other_workspace):
        theirs: Any = SurveyFactory(workspace=other_workspace)
    assert Client().get(URL).status_code == 302
    client = sign_in("viewer")
    for query in ("a=999", f"b={theirs.pk}", "survey=x"):
        assert client.get(f"{URL}?{query}").status_code == 404
    assert client.get("/w/firm/journeys/compare.csv").status_code == 403
    assert sign_in("outsider").get(URL).status_code == 404


def test_the_file_has_all_steps(sign_in: Any, two: Any) -> None:
    two()
    client = sign_in("analyst")
    assert "/w/firm/journeys/compare.csv?" in client.get(URL).content.decode()
    body = client.get("/w/firm/journeys/compare.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(body)))
    assert [row["method"] for row in rows] == [
        "naive",
        "weighted",
        "clustered",
        "corrected",
    ] * 2 + [""]
    assert float(rows[0]["difference"]) == pytest.approx(2.5)
    assert (rows[-1]["reason"], rows[-1]["n_a"]) == ("too_few", "")


def test_the_same_queries_for_3_and_20_questions(sign_in: Any, two: Any, workspace: Any) -> None:
    client = sign_in("analyst")
    counts = []
    for questions in (3, 20):
        with scope(workspace=workspace):
            Survey.objects.all().delete()
        two(questions)
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 18


def test_the_same_words_on_another_scale_are_another_question(in_scope: Any) -> None:
    survey, other = SurveyFactory(workspace=in_scope), SurveyFactory(workspace=in_scope)
    common = {"workspace": in_scope, "text": "How was it?"}
    old = QuestionFactory(survey=survey, scale_max=5, is_retired=True, position=0, **common)
    new = QuestionFactory(survey=survey, scale_max=7, position=0, **common)
    five = QuestionFactory(survey=other, scale_max=5, **common)
    assert [(p.a, p.b) for p in pairs_of([old, new], [old, new])] == [(new, new)]
    assert [(p.a, p.b) for p in pairs_of([old, new], [five])] == [(old, five)]
    assert pairs_of([new], [five]) == []
