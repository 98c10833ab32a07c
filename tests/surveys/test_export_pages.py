"""Files of answers: who may, what is in them, and the way back in through the pages."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from surveys.models import Answer, Import, Link, Response, Survey
from tests.factories import SegmentFactory
from tests.surveys.test_exporting import Row, ask, store, stored

NAMES = ("export-answers", "export-responses", "export-xlsx", "export-sav", "export-mapping")
PEOPLE: list[dict[str, Row]] = [
    {"face": (0, 4, "4"), "words": (0, None, "=1+1"), "way": (0, 0, "other=Tea, „hot“")},
    {"face": (1, None, "never"), "words": (2, None, ""), "used_1": (0, 1, "1")},
    {"face": (2, None, "unknown"), "nps": (0, 10, "10"), "again": (0, 1, "ana@guest.example")},
    {"face": (0, 1, "1"), "words": (0, None, "Zeile\nzwei 🥐"), "rank_1": (0, 2, "2")},
    {"face": (2, None, ""), "part": (1, None, "never")},
]


@pytest.fixture
def survey(workspace: Any) -> Survey:
    with scope(workspace=workspace):
        return store(ask(workspace), PEOPLE)


def address(survey: Survey, name: str, workspace: str = "firm") -> str:
    return reverse(f"surveys:{name}", kwargs={"workspace": workspace, "survey": survey.pk})


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def lines(response: Any) -> list[dict[str, str]]:
    text = body(response).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("name", NAMES)
def test_who_may(
    sign_in: Callable[..., Client], other_workspace: Any, survey: Survey, name: str
) -> None:
    assert sign_in("viewer").get(address(survey, name)).status_code == 403
    assert sign_in("outsider").get(address(survey, name)).status_code == 404
    analyst = sign_in("analyst")
    assert analyst.get(address(survey, name)).status_code == 200
    assert analyst.get(address(survey, name, "rival")).status_code == 404


@pytest.mark.parametrize("name", NAMES[:-1])
def test_a_few_responses_do_not_leave(
    sign_in: Callable[..., Client], survey: Survey, name: str
) -> None:
    response = sign_in("analyst").get(address(survey, name), {"source": "email"})
    assert response.status_code == 422
    assert "Fewer than 5 responses" in response.content.decode()


def test_one_row_per_answer(sign_in: Callable[..., Client], survey: Survey) -> None:
    rows = lines(sign_in("analyst").get(address(survey, "export-answers")))
    assert len(rows) == sum(len(person) for person in PEOPLE)
    first = {row["question"]: row for row in rows if row["response"] == "r0"}
    assert first["face"]["score"] == "4"
    assert first["words"]["answer"] == "'=1+1"
    assert first["way"]["label"] == "Tea, „hot“"
    said = {row["question"]: row for row in rows if row["response"] == "r2"}
    assert (said["face"]["status"], said["face"]["answer"]) == ("no answer", "unknown")
    assert said["again"]["answer"] == "1"
    assert "guest.example" not in str(rows)


def test_filters_hold_in_files(
    sign_in: Callable[..., Client], workspace: Any, survey: Survey
) -> None:
    with scope(workspace=workspace):
        Response.objects.filter(external_id="r0").update(language="en")
        survey.min_answers = 3
        survey.save()
    client = sign_in("analyst")
    rows = lines(client.get(address(survey, "export-responses"), {"language": "de"}))
    assert [row["response"] for row in rows] == ["r1", "r2", "r3", "r4"]


def test_a_workbook_has_answers_and_codes(sign_in: Callable[..., Client], survey: Survey) -> None:
    response = sign_in("analyst").get(address(survey, "export-xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(body(response)), read_only=True)
    answers, codes = (list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    at = answers[0].index("face")
    assert [row[at] for row in answers[1:]] == [4, "never", "unknown", 1, "skipped"]
    assert answers[1][answers[0].index("words")] == "=1+1"
    described = {row[0]: row for row in codes}
    assert "2 = Weg 2" in described["way"][5]
    assert described["used_1"][1].startswith("Frage „used“?: ")


def test_out_and_in_again_through_the_pages(
    sign_in: Callable[..., Client],
    workspace: Any,
    other_workspace: Any,
    survey: Survey,
    uploads: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    out = sign_in("analyst")
    file = SimpleUploadedFile("out.csv", body(out.get(address(survey, "export-responses"))))
    toml = SimpleUploadedFile("out.toml", body(out.get(address(survey, "export-mapping"))))
    client = sign_in("analyst", to=other_workspace)
    upload = reverse("surveys:import-upload", kwargs={"workspace": "rival"})
    response = client.post(upload, {"file": file, "toml": toml}, follow=True)
    page = response.content.decode()
    assert "Every cell can be read" in page
    with scope(workspace=other_workspace):
        run = Import.objects.get()
    columns = reverse("surveys:import-columns", kwargs={"workspace": "rival", "run": run.pk})
    assert "As it was exported" in client.get(columns).content.decode()
    from surveys.imports import read_into

    with scope(workspace=other_workspace):
        read_into(run, dry_run=False)
        again = Survey.objects.get()
        found = stored(again)
    with scope(workspace=workspace):
        before = stored(survey) | {("r2", "again"): (0, 1, "1")}
    assert found == before


def test_one_command_each_way(
    workspace: Any, other_workspace: Any, survey: Survey, tmp_path: Path
) -> None:
    call_command("export_answers", "firm", "Your visit", str(tmp_path))
    name = tmp_path / "your-visit"
    call_command("import_responses", "rival", f"{name}.csv", mapping=name.with_suffix(".toml"))
    with scope(workspace=other_workspace):
        assert Answer.objects.count() == sum(len(person) for person in PEOPLE)


def test_few_who_came_one_way_to_an_anonymous_survey_are_not_named(
    sign_in: Callable[..., Client], workspace: Any, survey: Survey
) -> None:
    with scope(workspace=workspace):
        rare, usual = (SegmentFactory(workspace=workspace, name=name) for name in ("Few", "Many"))
        letter, table = (
            Link.objects.create(workspace=workspace, survey=survey, name=name)
            for name in ("Letter", "Table")
        )
        first, *others = Response.objects.values_list("id", flat=True)
        Response.objects.filter(id=first).update(link_id=letter.pk, segments=[rare.pk])
        Response.objects.filter(id__in=others).update(link_id=table.pk, segments=[usual.pk])
        survey.state, survey.min_answers = Survey.State.CLOSED, 4
    for anonymous, places, names in (
        (True, {"", "Table"}, {"", "Many"}),
        (False, {"Letter", "Table"}, {"Few", "Many"}),
    ):
        survey.is_anonymous = anonymous
        with scope(workspace=workspace):
            survey.save()
        rows = lines(sign_in("analyst").get(address(survey, "export-answers")))
        assert {row["place"] for row in rows} == places
        assert {row["segments"] for row in rows} == names
