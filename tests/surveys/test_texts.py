"""The page of all texts: out as a file, checked on the way back, stored as a whole."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from surveys.building import add_question, change_question, create_survey
from surveys.models import Question, Survey
from tests.factories import SurveyFactory

Rows = list[dict[str, str]]


@pytest.fixture
def survey(workspace: Any) -> Survey:
    with scope(workspace=workspace):
        made = create_survey(
            workspace=workspace, name="Visit", language="de", languages=["en"], by=None
        )
        add_question(survey=made, kind="faces", texts={"de": "Wie war es?", "en": "How was it?"})
    return made


def at(survey: Survey, name: str = "texts", **more: Any) -> str:
    return reverse(f"surveys:{name}", kwargs={"workspace": "firm", "survey": survey.pk, **more})


def exported(client: Client, survey: Survey) -> Rows:
    body = client.get(at(survey, "texts-export")).content.decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(body)))


def sent(client: Client, survey: Survey, rows: Rows) -> Any:
    target = io.StringIO()
    writer = csv.DictWriter(target, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    file = SimpleUploadedFile("texts.csv", target.getvalue().encode())
    return client.post(at(survey), {"file": file})


def row_of(rows: Rows, key: str) -> dict[str, str]:
    return next(row for row in rows if row["key"] == key)


def test_a_translator_adds_a_language_that_is_read_from_the_right(
    sign_in: Callable[..., Client], workspace: Any, survey: Survey
) -> None:
    client = sign_in("marketer")
    rows = exported(client, survey)
    for row in rows:
        row["fa"] = "چطور بود؟"
    check = sent(client, survey, rows)
    page = client.get(check.url).content.decode()
    assert 'lang="fa" dir="rtl"' in page
    assert "فارسی" in page
    with scope(workspace=workspace):
        assert Survey.objects.get(pk=survey.pk).languages == ["en"]
    done: Any = client.post(check.url + "import/")
    assert done.url == at(survey)
    with scope(workspace=workspace):
        assert Survey.objects.get(pk=survey.pk).languages == ["en", "fa"]
        assert Question.objects.get(survey=survey).texts["fa"] == "چطور بود؟"
    page = client.get(at(survey)).content.decode()
    assert "right to left" in page
    assert client.get(check.url).status_code == 404


def test_a_lost_place_stops_all_of_it(
    sign_in: Callable[..., Client], workspace: Any, survey: Survey
) -> None:
    client = sign_in("marketer")
    with scope(workspace=workspace):
        add_question(survey=survey, kind="text", texts={"de": "Sie sagten {q1}. Warum?"})
    rows = exported(client, survey)
    row_of(rows, "q1/text")["en"] = "And how was it?"
    row_of(rows, "q2/text")["en"] = "Why?"
    check = sent(client, survey, rows)
    page = client.get(check.url).content.decode()
    assert "{q1} was lost" in page
    assert "All of it is stored, or nothing." in page
    assert client.post(check.url + "import/").status_code == 422
    with scope(workspace=workspace):
        assert Question.objects.get(survey=survey, key="q1").texts["en"] == "How was it?"


def test_a_conflict_has_to_be_chosen(
    sign_in: Callable[..., Client], workspace: Any, survey: Survey
) -> None:
    client = sign_in("marketer")
    rows = exported(client, survey)
    row_of(rows, "q1/text")["en"] = "And how was it?"
    with scope(workspace=workspace):
        question = Question.objects.get(survey=survey)
        change_question(question=question, texts={"en": "How did you like it?"})
    check = sent(client, survey, rows)
    page = client.get(check.url)
    assert "Changed here and in the file" in page.content.decode()
    [(_row, name)] = page.context["conflicts"]
    assert client.post(check.url + "import/").status_code == 422
    # Whoever changes it once more is not overwritten by a choice made before.
    with scope(workspace=workspace):
        change_question(question=question, texts={"en": "Did you like it?"})
    assert client.post(check.url + "import/", {name: "file"}).status_code == 422
    [(_row, name)] = client.get(check.url).context["conflicts"]
    assert client.post(check.url + "import/", {name: "file"}).status_code == 302
    question.refresh_from_db()
    assert question.texts["en"] == "And how was it?"


def test_xlsx_comes_back_too(sign_in: Callable[..., Client], survey: Survey) -> None:
    client = sign_in("marketer")
    response = client.get(at(survey, "texts-export"), {"format": "xlsx"})
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    check: Any = client.post(at(survey), {"file": SimpleUploadedFile("texts.xlsx", body)})
    page: Any = client.get(check.url).content.decode()
    assert "The survey says the same as the file already." in page


@pytest.mark.parametrize("body", [b"", b"\x89PNG", b"PK\x03\x04"])
def test_what_is_no_table_is_refused_in_words(
    sign_in: Callable[..., Client], survey: Survey, body: bytes
) -> None:
    response = sign_in("marketer").post(at(survey), {"file": SimpleUploadedFile("x", body)})
    assert response.status_code == 422


def test_a_file_without_keys_says_so(sign_in: Callable[..., Client], survey: Survey) -> None:
    client = sign_in("marketer")
    check = sent(client, survey, [{"question": "x", "text": "y"}])
    assert "There is no column “key”." in client.get(check.url).content.decode()


def test_nobody_else_sees_the_file(
    sign_in: Callable[..., Client], workspace: Any, survey: Survey
) -> None:
    check = sent(sign_in("marketer"), survey, [{"key": "q1/text", "en": "So?"}])
    other = sign_in("admin")
    assert other.get(check.url).status_code == 404
    assert other.post(check.url + "import/").status_code == 404


def test_an_imported_survey_has_no_texts_of_its_own(
    sign_in: Callable[..., Client], workspace: Any
) -> None:
    with scope(workspace=workspace):
        imported = SurveyFactory(workspace=workspace)
    assert sign_in("marketer").get(at(imported)).status_code == 404
