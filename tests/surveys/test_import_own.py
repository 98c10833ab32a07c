"""Our own exports come back through the pages: with their mapping, and as SPSS by themselves."""

import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from surveys import imports
from surveys.exporting import load_book
from surveys.exporting.spss import write_sav
from surveys.mapping import write_mapping
from surveys.models import Answer, Question, Response, Survey
from surveys.results_selection import Selection
from tests.surveys.import_steps import at, file, fresh, upload
from tests.surveys.test_exporting import ask, csv_file, store, stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]

PEOPLE: list[dict[str, Any]] = [
    {"face": (0, 5, "5"), "nps": (0, 9, "9"), "way": (0, 2, "2"), "used_1": (0, 1, "1"),
     "used_0": (0, 1, "Soup"), "rank_1": (0, 2, "2"), "rank_2": (0, 1, "1"),
     "part": (1, None, "never"), "words": (0, None, "=1+1"), "again": (0, 1, "1")},
    {"face": (1, None, "never"), "nps": (2, None, "unknown"), "way": (0, 0, "other=Tram"),
     "words": (0, None, "never")},
    {"face": (2, None, ""), "nps": (0, 0, "0"), "used_1": (0, 0, "0"), "used_0": (0, 0, "0")},
]  # fmt: skip


def test_an_export_comes_back_through_the_pages_with_its_mapping(
    client_of: Client, workspace: Any
) -> None:
    with scope(workspace=workspace):
        survey = store(ask(workspace), PEOPLE)
        before = stored(survey)
        content, mapping = csv_file(survey)
        toml = write_mapping(mapping).replace('"Your visit"', '"Again"')
    run = upload(client_of, file=file(content.read(), "again.csv"), toml=file(toml, "again.toml"))
    page = client_of.get(at("import-columns", run)).content.decode()
    assert "As it was exported" in page
    # A change of a column elsewhere keeps how the others are read.
    client_of.post(at("import-columns", run), {"language": "de"})
    assert client_of.post(at("import-columns", run), {"check": "1"}).status_code == 302
    with scope(workspace=workspace):
        result = imports.read_into(fresh(run), dry_run=False)
        assert result.errors_total == 0
        again = Survey.objects.get(name="Again")
        assert stored(again) == before
        kinds = dict(survey.questions.values_list("key", "kind"))
        assert dict(again.questions.values_list("key", "kind")) == kinds
        parents = {q.key: q.parent and q.parent.key for q in again.questions.all()}
        assert (parents["used_1"], parents["part"], parents["face"]) == ("used", "grid", None)


def test_a_column_of_an_export_can_be_left_out_and_taken_back(client_of: Client) -> None:
    from tests.factories import WorkspaceFactory

    other = WorkspaceFactory(slug="elsewhere")
    with scope(workspace=other):
        content, mapping = csv_file(store(ask(other), PEOPLE))
    run = upload(
        client_of,
        file=file(content.read(), "again.csv"),
        toml=file(write_mapping(mapping), "again.toml"),
    )
    names = [column["name"] for column in fresh(run).result["profile"]["columns"]]
    key = f"c{names.index('nps')}-becomes"
    client_of.post(at("import-columns", run), {key: "out"})
    assert imports.draft_in(fresh(run)).choices["nps"].becomes == "out"
    client_of.post(at("import-columns", run), {key: "own"})
    assert imports.draft_in(fresh(run)).choices["nps"].becomes == "own"
    # A column that was not exported here cannot be read so.
    plain = upload(client_of)
    client_of.post(at("import-columns", plain), {"c2-becomes": "own"})
    assert imports.draft_in(fresh(plain)).choices["Coffee bar"].becomes != "own"


def test_an_spss_export_comes_back_with_labels_and_reasons(
    client_of: Client, workspace: Any
) -> None:
    with scope(workspace=workspace):
        survey = store(ask(workspace), PEOPLE)
        target = io.BytesIO()
        write_sav(target, load_book(survey, Selection()))
    run = upload(client_of, file=file(target.getvalue(), "again.sav"))
    assert client_of.post(at("import-columns", run), {"check": "1"}).status_code == 302
    with scope(workspace=workspace):
        result = imports.read_into(fresh(run), dry_run=False)
        assert (result.responses_new, result.errors_total) == (len(PEOPLE), 0)
        again = Survey.objects.get(name="again")
        first = Response.objects.get(survey_id=again.pk, external_id="r1")
        assert (first.answered_on, first.source, first.weight) == (dt.date(2026, 6, 2), "qr", 1.5)
        faces = again.questions.get(key="face")
        assert (faces.scale_min, faces.scale_max) == (1, 5)
        statuses = {
            Response.objects.get(id=answer.response_id).external_id: (answer.status, answer.score)
            for answer in Answer.objects.filter(question_id=faces.pk)
        }
        # Never used and not answered stay two things.
        assert statuses == {"r0": (0, 5), "r1": (1, None), "r2": (2, None)}
        assert Question.objects.filter(survey=again, kind="several").exists()
