"""Import pages with files of other tools: what was recognised, and saying otherwise."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from surveys import imports
from surveys.models import Answer, Import, Kind, Question, Response, Survey
from tests.surveys.import_steps import at, file, fresh, upload
from tests.surveys.vendors import samples
from tests.surveys.vendors.test_files_of_their_own import interchange, visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]


def brought(client: Client, content: bytes, name: str = "visits.csv") -> Import:
    return upload(client, file=file(content, name))


def page(client: Client, run: Import) -> str:
    response = client.get(at("import-columns", run))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_what_was_recognised_stands_in_words(client_of: Client) -> None:
    words = page(client_of, brought(client_of, samples.QUALTRICS))
    assert "Looks like: Qualtrics" in words
    assert (
        "3 heading lines · 2 previews are left out · 1 answer taken for spam is left out" in words
    )
    # What was asked stands below the name of a column, and with an option its question.
    assert "How likely are you to recommend us?" in words
    assert 'value="What did you have?"' in words


def test_the_page_counts_as_the_check_does(client_of: Client) -> None:
    words = ["Happy", "Sad", "N/A", "I know but never used this", "I don’t know it", ""]
    lines = "".join(f"a{n},2026-03-01 10:00:00,{words[n % 6]},n1\n" for n in range(60))
    head = "#,Submit Date (UTC),How did you feel?,Network ID\n"
    run = brought(
        client_of,
        (head + lines)
        .replace("n1\n", "2026-03-01 09:00:00,n1\n")
        .replace("Network ID", "Start Date (UTC),Network ID")
        .encode(),
    )
    shown = page(client_of, run)
    assert "N/A = never used (10)" in shown
    assert '<dt>Answers</dt><dd class="num"><b>60</b></dd>' in shown
    client_of.post(at("import-columns", run), {"check": "1"})
    check = fresh(run).result["check"]
    assert (check["answers_new"], check["never_used"], check["no_answer"]) == (60, 20, 20)


def test_a_plain_table_offers_the_tools_without_claiming_one(client_of: Client) -> None:
    words = page(client_of, upload(client_of))
    assert "Looks like" not in words
    assert "From another tool?" in words


def test_rows_that_were_left_out_come_back(client_of: Client) -> None:
    run = brought(client_of, samples.QUALTRICS)
    answer = client_of.post(at("import-reading", run), {"vendor": "qualtrics", "out-spam": "on"})
    assert answer.status_code == 302
    assert fresh(run).rows_total == 6
    assert "2 previews are kept" in page(client_of, run)


def test_a_file_can_be_read_as_a_plain_table(client_of: Client) -> None:
    run = brought(client_of, samples.QUALTRICS)
    client_of.post(at("import-reading", run), {"vendor": ""})
    assert fresh(run).result["rule"]["vendor"] == ""
    assert "Looks like" not in page(client_of, run)


def test_a_tool_that_it_is_not_is_refused_and_nothing_changes(client_of: Client) -> None:
    run = brought(client_of, samples.QUALTRICS)
    client_of.post(at("import-reading", run), {"vendor": "typeform"})
    words = page(client_of, run)
    assert "does not look like an export of Typeform" in words
    assert "Looks like: Qualtrics" in words


def test_an_import_under_way_is_not_read_again(client_of: Client) -> None:
    run = brought(client_of, samples.QUALTRICS)
    with scopes_disabled():
        Import.objects.filter(pk=run.pk).update(state=Import.State.RUNNING)
    answer = client_of.post(at("import-reading", run), {"vendor": ""})
    assert answer["Location"] == at("import-run", run)
    assert fresh(run).result["rule"]["vendor"] == "qualtrics"


def test_reading_again_is_an_action_of_the_own_workspace(
    client_of: Client, sign_in: Any, other_workspace: Any
) -> None:
    run = brought(client_of, samples.QUALTRICS)
    assert client_of.get(at("import-reading", run)).status_code == 405
    assert client_of.post(at("import-reading", run, other_workspace.slug)).status_code == 404
    assert sign_in("viewer").post(at("import-reading", run)).status_code == 403


def test_a_person_says_which_day_is_meant(client_of: Client, workspace: Any) -> None:
    run = brought(client_of, samples.GOOGLE_AMBIGUOUS)
    words = page(client_of, run)
    assert "Which day is this?" in words
    assert "Say which days the dates mean" in words
    assert client_of.post(at("import-columns", run), {"check": "1"}).status_code == 422
    client_of.post(at("import-columns", run), {"c0-format": "%d/%m/%Y %H:%M:%S"})
    assert client_of.post(at("import-columns", run), {"check": "1"}).status_code == 302
    with scope(workspace=workspace):
        imports.read_into(fresh(run), dry_run=False)
        days = {str(day) for day in Response.objects.values_list("answered_on", flat=True)}
    assert days == {"2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06"}


def test_the_text_of_a_question_is_written_once_for_all_its_options(client_of: Client) -> None:
    run = brought(client_of, samples.QUALTRICS)
    header = fresh(run).result["profile"]["columns"]
    first = next(n for n, column in enumerate(header) if column["name"] == "Q2_1")
    client_of.post(at("import-columns", run), {f"c{first}-name": "Which did you choose?"})
    draft = imports.draft_in(fresh(run))
    assert {draft.choices[name].name for name in ("Q2_1", "Q2_2", "Q2_3")} == {
        "Which did you choose?"
    }


def test_columns_of_a_plain_table_become_options_by_hand(client_of: Client, workspace: Any) -> None:
    lines = "id,day,tea,cake\n1,2026-03-01,x,\n2,2026-03-02,,x\n3,2026-03-02,x,x\n"
    run = brought(client_of, lines.encode())
    for key in ("c2", "c3"):
        client_of.post(at("import-columns", run), {f"{key}-becomes": "option"})
    assert "Write which question it is an option of" in page(client_of, run)
    both = {"c2-name": "What did you have?", "c3-name": "What did you have?"}
    client_of.post(at("import-columns", run), both)
    assert client_of.post(at("import-columns", run), {"check": "1"}).status_code == 302
    with scope(workspace=workspace):
        imports.read_into(fresh(run), dry_run=False)
        several = Question.objects.get(kind=Kind.SEVERAL)
        assert [part.text for part in several.parts.order_by("position")] == ["tea", "cake"]
        assert Answer.objects.filter(score=1).count() == 4


def test_a_line_without_number_is_known_by_its_content_when_a_person_says_so(
    client_of: Client,
) -> None:
    run = brought(client_of, b"day,Coffee bar\n2026-03-01,4\n2026-03-02,5\n")
    assert "know a line by what stands in it" in page(client_of, run)
    assert client_of.post(at("import-columns", run), {"check": "1"}).status_code == 422
    client_of.post(at("import-columns", run), {"by_content-shown": "1", "by_content": "on"})
    assert client_of.post(at("import-columns", run), {"check": "1"}).status_code == 302
    assert "by_content = true" in fresh(run).mapping


def test_reviews_are_a_survey_of_their_own(client_of: Client, workspace: Any) -> None:
    run = brought(client_of, samples.PORTAL)
    assert "never counted together" in page(client_of, run)
    assert client_of.post(at("import-columns", run), {"check": "1"}).status_code == 302
    with scope(workspace=workspace):
        imports.read_into(fresh(run), dry_run=False)
        assert Survey.objects.get().source == "portal"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (visits(), "visits.sav", "SPSS"),
        (interchange(), "responses.json", "TheyDo"),
        (samples.as_xlsx(samples.MICROSOFT_ROWS), "forms.xlsx", "Microsoft Forms"),
    ],
)
def test_files_of_other_forms_are_shown_by_their_name(
    client_of: Client, content: bytes, name: str, words: str
) -> None:
    run = brought(client_of, content, name)
    assert f"Looks like: {words}" in page(client_of, run)
    assert client_of.post(at("import-columns", run), {"check": "1"}).status_code == 302


def test_a_mapping_of_an_export_is_used_again(client_of: Client) -> None:
    first = brought(client_of, samples.QUALTRICS)
    client_of.post(at("import-columns", first), {"check": "1"})
    toml = client_of.get(at("import-mapping", first)).content
    again = upload(
        client_of, file=file(samples.QUALTRICS, "next.csv"), toml=file(toml, "next.toml")
    )
    assert fresh(again).result["missing"] == []
    assert "Looks like: Qualtrics" in page(client_of, again)
    draft = imports.draft_in(fresh(again))
    assert draft.choices["Q2_1"].becomes == "option"
    assert client_of.post(at("import-columns", again), {"check": "1"}).status_code == 302


def test_the_upload_page_names_the_tools(client_of: Client) -> None:
    address = reverse("surveys:import-upload", kwargs={"workspace": "firm"})
    assert "Qualtrics, LimeSurvey" in client_of.get(address).content.decode()
