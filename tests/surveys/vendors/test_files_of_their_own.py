"""Files that are no tables: SPSS, and the interchange JSON of TheyDo."""

import contextlib
import datetime as dt
import io
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope
from hypothesis import given, settings
from hypothesis import strategies as st

from cxm.models import Workspace
from cxm.tabular import TableError
from surveys import imports, vendors
from surveys.mapping import FileRule
from surveys.models import Kind, Question, Response, Status, Survey
from tests.factories import TouchpointFactory
from tests.surveys.vendors.sav_file import DAY, TEXT, Variable, sav
from tests.surveys.vendors.test_storing import answers, stored, upload

# SPSS counts seconds from the beginning of the Gregorian calendar.
FIRST_OF_MARCH = (dt.date(2026, 3, 1) - dt.date(1582, 10, 14)).days * 86400.0
WORDS = {1.0: "Very poor", 2.0: "Poor", 3.0: "Fair", 4.0: "Good", 5.0: "Very good"}


@pytest.fixture
def firm(workspace: Workspace, settings: Any, tmp_path: Path) -> Iterator[Workspace]:
    settings.MEDIA_ROOT = tmp_path
    with scope(workspace=workspace):
        TouchpointFactory(workspace=workspace, name="Coffee bar")
        yield workspace


def visits() -> bytes:
    return sav(
        [
            Variable("respondent_id", "Number of the answer"),
            Variable("visited", "Day", DAY),
            Variable("coffee", "How was it? – Coffee bar",
                     values=WORDS | {8.0: "Never used", 9.0: "Prefer not to say"},
                     missing=(8.0, 9.0), measure=2),
            Variable("came_by", "How did you come?", values={1.0: "On foot", 2.0: "By bike"},
                     measure=1),
            Variable("use_1", "What did you use? – Terrace"),
            Variable("use_2", "What did you use? – Wi-Fi"),
            Variable("words", "Anything else?", TEXT),
            Variable("weight", "Weight"),
        ],
        [
            [1.0, FIRST_OF_MARCH, 5.0, 1.0, 1.0, 0.0, "Schön hier", 0.5],
            [2.0, FIRST_OF_MARCH + 86400, 8.0, 2.0, 1.0, 1.0, "", 1.25],
            [3.0, FIRST_OF_MARCH + 86400, 9.0, None, 0.0, 0.0, "", 1.25],
            [4.0, FIRST_OF_MARCH + 86400, None, 2.0, None, None, "", 1.0],
        ],
    )  # fmt: skip


def test_an_spss_file_from_the_upload_to_the_answers(firm: Workspace) -> None:
    result = stored(firm, visits(), "visits.sav")
    assert (result.responses_new, result.errors_total) == (4, 0)
    first = Response.objects.get(external_id="1")
    assert (str(first.answered_on), first.weight) == ("2026-03-01", 0.5)
    coffee = Question.objects.get(key="coffee")
    assert (coffee.text, coffee.scale_min, coffee.scale_max) == ("How was it? – Coffee bar", 1, 5)
    assert coffee.labels == {
        "1": "Very poor",
        "2": "Poor",
        "3": "Fair",
        "4": "Good",
        "5": "Very good",
    }
    assert coffee.touchpoint is not None
    found = {number: answers(number) for number in "1234"}
    assert found["1"]["coffee"] == (Status.SCORED, 5, "5")
    # Declared missing is not all one: who never used it said so.
    assert found["2"]["coffee"][0] == Status.NEVER_USED
    assert found["3"]["coffee"][0] == Status.NO_ANSWER
    assert found["4"]["coffee"][0] == Status.NO_ANSWER
    assert found["1"]["words"] == (Status.SCORED, None, "Schön hier")
    choice = Question.objects.get(key="came_by")
    assert (choice.kind, choice.labels) == (Kind.CHOICE, {"1": "On foot", "2": "By bike"})


def test_variables_of_one_question_are_one_question(firm: Workspace) -> None:
    stored(firm, visits(), "visits.sav")
    several = Question.objects.get(kind=Kind.SEVERAL)
    assert several.text == "What did you use?"
    assert list(several.parts.values_list("text", flat=True)) == ["Terrace", "Wi-Fi"]
    assert (answers("1")["use_1"][1], answers("1")["use_2"][1]) == (1, 0)
    # Who said no to all of them answered; who said nothing did not.
    assert answers("3")["use_1"] == (Status.SCORED, 0, "")
    assert answers("4")["use_1"][0] == Status.NO_ANSWER


def test_an_spss_file_twice_is_stored_once(firm: Workspace) -> None:
    stored(firm, visits(), "visits.sav")
    assert stored(firm, visits(), "visits.sav").responses_new == 0


@pytest.mark.parametrize("kept", [5, 100, 400, 900])
def test_a_cut_spss_file_is_refused_with_words(firm: Workspace, kept: int) -> None:
    with pytest.raises(TableError, match=r"visits\.sav is damaged"):
        upload(firm, visits()[:kept], "visits.sav")


def test_a_damaged_spss_file_never_ends_the_application(firm: Workspace) -> None:
    dice, whole = random.Random(4), visits()
    for _try in range(6):
        broken = bytearray(whole)
        for _byte in range(20):
            broken[dice.randrange(4, len(broken))] = dice.randrange(256)
        with contextlib.suppress(TableError):
            upload(firm, bytes(broken), "visits.sav")


def test_an_spss_file_cannot_be_read_as_another_tool(firm: Workspace) -> None:
    run = upload(firm, visits(), "visits.sav")
    imports.read_again(run, FileRule(vendor="google"))
    assert imports.rule_of(run).vendor == "spss"


def interchange(**changes: Any) -> bytes:
    fields = [
        {"fieldId": "f1", "fieldName": "How was the coffee?", "fieldType": "TEXT"},
        {"fieldId": "f2", "fieldName": "Anything else?"},
        {"fieldId": "f3", "fieldName": "Who", "fieldType": "PERSONA"},
    ]
    responses = [
        {
            "responseId": f"r{n}",
            "responseDateTime": f"2026-03-0{n}T10:00:00Z",
            "responseFields": [
                {"fieldId": "f1", "textValue": score},
                {"fieldId": "f2", "textValue": words},
                {"fieldId": "f3", "textValue": "Ann"},
            ],
        }
        for n, (score, words) in enumerate([("5", "Nice"), ("4", ""), ("2", "Slow; loud")], 1)
    ]
    content = {
        "format": "THEYDO_SURVEY_RESPONSES_V1",
        "surveyMetadata": {"surveyId": "s1", "surveyName": "Visits", "surveyFields": fields},
        "responses": responses,
    }
    return json.dumps(content | changes).encode()


def test_interchange_of_theydo_is_a_table(firm: Workspace) -> None:
    result = stored(firm, interchange(), "responses.json")
    assert (result.responses_new, result.errors_total) == (3, 0)
    assert Survey.objects.get().name == "Visits"
    found = answers("r3")
    assert found["How was the coffee?"] == (Status.SCORED, 2, "2")
    assert found["Anything else?"] == (Status.SCORED, None, "Slow; loud")
    assert "Who" not in found


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (interchange()[:-9], "is no valid JSON"),
        (interchange(format="THEYDO_METRICS_V1"), "only responses can be read"),
        (interchange(surveyMetadata={}), "names no fields"),
        (interchange(responses=7), "names no fields or no responses"),
        (interchange(responses=[{"responseId": "x"}]), "Response 1 cannot be read"),
        (interchange(responses=[{"responseFields": [{"fieldId": "f9"}]}]), "is not declared"),
    ],
)
def test_broken_interchange_is_refused_with_words(
    firm: Workspace, content: bytes, words: str
) -> None:
    with pytest.raises(TableError, match=words):
        upload(firm, content, "responses.json")


def test_signs_that_no_text_may_hold_are_replaced(firm: Workspace) -> None:
    content = interchange().replace(b'"Nice"', b'"Ni\\u0000ce \\ud83d"')
    content = content.replace(b'"Visits"', b'"Vis\\u0000its\\udc00"')
    stored(firm, content, "responses.json")
    assert answers("r1")["Anything else?"][2] == "Nice ?"
    assert Survey.objects.get().name == "Visits?"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["fieldId", "fieldName", "responseFields", "responseId", "surveyFields"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(VALUES, VALUES)
@settings(max_examples=100, deadline=None)
def test_any_interchange_is_read_or_refused(metadata: Any, responses: Any) -> None:
    content = interchange(surveyMetadata=metadata, responses=responses)
    other = interchange(responses=responses if isinstance(responses, list) else [responses])
    for data in (content, other):
        with contextlib.suppress(TableError):
            found = vendors.read(io.BytesIO(data), name="f", rule=FileRule(vendor="theydo"))
            list(found.table.rows)
