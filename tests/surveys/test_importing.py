"""Importing answers: all of a file or nothing of it, once."""

import csv
import io
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django_scopes import scope, scopes_disabled

from cxm.models import Workspace
from cxm.tabular import TableError, read_table
from journeys.models import StepQuestion
from surveys import histograms
from surveys.importing import (
    ImportRefusedError,
    ImportStoppedError,
    Result,
    action,
    import_responses,
)
from surveys.mapping import parse_mapping
from surveys.models import Answer, DirtyDay, Question, Response, Status, Survey
from tests.factories import PhaseFactory, StepFactory, TouchpointFactory, WorkspaceFactory
from touchpoints.models import Customer, Segment

MAPPING = """
[survey]
name = "Guests"
language = "en"
source = "interview"
[response]
id = "id"
answered_on = { column = "day", format = "%Y-%m-%d" }
weight = "w"
cluster = "run"
customer = "who"
language = { column = "lang", values = { 1 = "en", 2 = "de" } }
source = { column = "from", values = { q = "qr" } }
[[segment]]
name = "Purpose"
column = "why"
values = { 1 = "Business", 2 = "Holiday" }
[[question]]
column = "coffee"
text = "How was the coffee?"
kind = "rating"
scale = [1, 5]
never_used = [6]
no_answer = [0, ""]
touchpoint = "coffee BAR"
[[question]]
column = "again"
text = "Would you come again?"
kind = "nps"
[[question]]
column = "words"
text = "Anything else?"
kind = "text"
"""
HEADER = "id,day,w,run,who,lang,from,why,coffee,again,words,left"
ROW = "1,2026-03-01,0.5,run 1,anna,2,q,1,5,9,=lovely,secret"


@pytest.fixture
def firm(workspace: Workspace) -> Iterator[Workspace]:
    with scope(workspace=workspace):
        TouchpointFactory(workspace=workspace, name="Coffee bar")
        yield workspace


def bring(
    workspace: Workspace, *rows: str, mapping: str = MAPPING, header: str = HEADER, **options: Any
) -> Result:
    content = "\n".join([header, *rows]).encode()
    return import_responses(
        workspace=workspace,
        table=read_table(io.BytesIO(content)),
        mapping=parse_mapping(mapping),
        **options,
    )


def test_a_row_becomes_a_response_with_answers(firm: Workspace) -> None:
    result = bring(firm, ROW)
    assert (result.responses_new, result.answers_new, result.errors_total) == (1, 3, 0)
    response = Response.objects.get()
    assert (response.external_id, response.weight, response.cluster) == ("1", 0.5, "run 1")
    assert (response.language, response.source) == ("de", "qr")
    assert response.segments == [Segment.objects.get(name="Business").pk]
    assert response.customer_id == Customer.objects.get(external_id="anna").id
    answers = {answer.question_id: answer for answer in Answer.objects.all()}
    keys = {question.key: question for question in Question.objects.all()}
    assert answers[keys["coffee"].pk].score == 5
    assert answers[keys["words"].pk].raw == "=lovely"
    assert answers[keys["words"].pk].score is None
    assert keys["coffee"].touchpoint is not None
    assert DirtyDay.objects.count() == 1


def test_columns_left_out_are_stored_nowhere(firm: Workspace) -> None:
    bring(firm, ROW)
    assert not Answer.objects.filter(raw__contains="secret").exists()


@pytest.mark.parametrize(
    ("cell", "status", "score"),
    [
        ("5", Status.SCORED, 5),
        (" 5.0 ", Status.SCORED, 5),
        ("6", Status.NEVER_USED, None),
        ("0", Status.NO_ANSWER, None),
        ("", Status.NO_ANSWER, None),
    ],
)
def test_codes_are_kept_apart(
    firm: Workspace, cell: str, status: Status, score: int | None
) -> None:
    bring(firm, f"1,2026-03-01,,,,,,,{cell},,")
    answer = Answer.objects.get()
    assert (answer.status, answer.score, answer.raw) == (status, score, cell)


@pytest.mark.parametrize("cell", ["7", "4/5", "-1", "5.5", "1e0", "five", "9" * 30])
def test_a_cell_outside_the_scale_is_reported_and_the_rest_is_stored(
    firm: Workspace, cell: str
) -> None:
    result = bring(firm, ROW, f"2,2026-03-01,,,,,,,{cell},10,")
    assert [(error.line, error.column, error.value) for error in result.errors] == [
        (3, "coffee", cell)
    ]
    assert Response.objects.count() == 2
    assert Answer.objects.count() == 4


def test_odd_weights_sources_and_lengths_are_reported(firm: Workspace) -> None:
    result = bring(
        firm, f"1,2026-03-01,heavy,{'r' * 201},,,x,,5,,", '2,2026-03-01,"0,944",,,,,,5,,'
    )
    assert {error.column for error in result.errors} == {"w", "run", "from"}
    weights = dict(Response.objects.values_list("external_id", "weight"))
    assert weights == {"1": 1.0, "2": 0.944}


def test_the_same_file_twice_changes_nothing(firm: Workspace) -> None:
    bring(firm, ROW)
    again = bring(firm, ROW, "2,2026-03-02,,,anna,,,,4,,")
    assert (again.responses_known, again.responses_new, again.answers_new) == (1, 1, 1)
    assert Response.objects.count() == 2
    assert Survey.objects.count() == Customer.objects.count() == 1


def test_an_id_that_stands_twice_is_reported(firm: Workspace, monkeypatch: Any) -> None:
    monkeypatch.setattr(action, "_BATCH", 2)
    rows = [f"{number},2026-03-01,,,,,,,5,," for number in (1, 1, 2, 1)]
    result = bring(firm, *rows, ",2026-03-01,,,,,,,5,,")
    assert [(error.line, error.column) for error in result.errors] == [
        (3, "id"), (5, "id"), (6, "id"),
    ]  # fmt: skip
    assert "line 2" in result.errors[0].problem
    assert result.rows_left_out == 3
    assert Response.objects.count() == 2


def test_a_dry_run_counts_the_same_and_stores_nothing(firm: Workspace) -> None:
    dry = bring(firm, ROW, dry_run=True)
    assert not Response.objects.exists()
    assert not Survey.objects.exists()
    assert not Segment.objects.exists()
    wet = bring(firm, ROW)
    assert (dry.responses_new, dry.answers_new) == (wet.responses_new, wet.answers_new)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('column = "coffee"', 'column = "cofee"', "no column “cofee”. Is “coffee” meant?"),
        ("coffee BAR", "Coffe bar", "no touchpoint “Coffe bar” (column coffee). Is “coffee bar”"),
        ('"%Y-%m-%d"', '"%d.%m.%Y"', "1 date cannot be read"),
    ],
)
def test_what_cannot_be_resolved_is_refused(
    firm: Workspace, old: str, new: str, words: str
) -> None:
    with pytest.raises(ImportRefusedError) as caught:
        bring(firm, ROW, mapping=MAPPING.replace(old, new))
    assert words in str(caught.value)
    assert not Response.objects.exists()
    assert not Survey.objects.exists()


def test_one_unreadable_date_among_many_stores_nothing(firm: Workspace) -> None:
    with pytest.raises(ImportRefusedError) as caught:
        bring(firm, ROW, "2,2026-02-30,,,,,,,7,,", "3,,,,,,,,7,,")
    assert caught.value.result.dates_unread == 2
    assert "line 3, day" in str(caught.value)
    assert not Response.objects.exists()


def test_a_changed_scale_is_refused(firm: Workspace) -> None:
    bring(firm, ROW)
    with pytest.raises(ImportRefusedError, match="scale 1 to 5"):
        bring(firm, ROW, mapping=MAPPING.replace("[1, 5]", "[1, 7]"))


def test_a_file_without_lines_is_refused(firm: Workspace) -> None:
    with pytest.raises(ImportRefusedError, match="no lines"):
        bring(firm)


def test_a_file_that_breaks_in_the_middle_stores_nothing(firm: Workspace, monkeypatch: Any) -> None:
    monkeypatch.setattr(action, "_BATCH", 1)
    with pytest.raises(TableError):
        bring(firm, ROW, ROW.replace("1", "2", 1) + ",,surplus")
    assert not Response.objects.exists()


def test_a_stop_in_the_middle_stores_nothing_and_can_be_repeated(
    firm: Workspace, monkeypatch: Any
) -> None:
    monkeypatch.setattr(action, "_BATCH", 1)

    def stop(rows: int) -> None:
        if rows == 2:
            raise ImportStoppedError

    rows = [f"{number},2026-03-01,,,,,,,5,," for number in range(4)]
    with pytest.raises(ImportStoppedError):
        bring(firm, *rows, progress=stop)
    assert not Response.objects.exists()
    assert not DirtyDay.objects.exists()
    assert bring(firm, *rows).responses_new == 4


def test_another_workspace_has_its_own_answers(firm: Workspace, other_workspace: Workspace) -> None:
    bring(firm, ROW)
    with pytest.raises(ImportRefusedError, match="no touchpoint"):
        bring(other_workspace, ROW)


def test_every_error_reaches_the_sink_while_few_are_kept(firm: Workspace) -> None:
    seen: list[object] = []
    rows = [f"{number},2026-03-01,,,,,,,9,," for number in range(300)]
    result = bring(firm, *rows, on_error=seen.append)
    assert (len(seen), result.errors_total, len(result.errors)) == (300, 300, 200)


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_store_every_response_once() -> None:
    workspace = WorkspaceFactory()
    mapping = MAPPING.replace('touchpoint = "coffee BAR"\n', "")
    rows = [f"{number},2026-03-01,,,c{number % 7},,,,5,," for number in range(2500)]
    results: list[Result] = []

    def run() -> None:
        try:
            results.append(bring(workspace, *rows, mapping=mapping))
            histograms.fold(workspace_id=workspace.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result.responses_new for result in results) == [0, 0, 2500]
    with scope(workspace=workspace):
        assert Response.objects.count() == Answer.objects.filter(score=5).count() == 2500
        assert Customer.objects.count() == 7
        assert not DirtyDay.objects.exists()


def airport(workspace: Workspace, shared: Path, *years: int) -> None:
    with (shared / "touchpoints.csv").open(encoding="utf-8") as file, scope(workspace=workspace):
        for row in csv.DictReader(file):
            TouchpointFactory(workspace=workspace, name=row["name"])
    for year in years:
        call_command(
            "import_responses",
            workspace.slug,
            str(shared / f"survey_{year}.csv"),
            mapping=shared / f"survey_{year}.toml",
            stdout=io.StringIO(),
            stderr=io.StringIO(),
        )


def test_the_real_answers_come_out_as_counted_naively(workspace: Workspace, shared: Path) -> None:
    airport(workspace, shared, 2017)
    mapping = parse_mapping((shared / "survey_2017.toml").read_bytes())
    with (shared / "survey_2017.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    with scope(workspace=workspace):
        assert Response.objects.count() == 2831
        for question in Question.objects.all():
            rule = next(rule for rule in mapping.questions if rule.column == question.key)
            naive = Counter(row[rule.column].strip() for row in rows)
            counts = histograms.read(
                workspace_id=workspace.pk, slice=histograms.Slice((question.pk,))
            )
            found = {count.score: count.n for count in counts if count.status == Status.SCORED}
            low, high = rule.scale or (0, 0)
            assert found == {
                score: naive[str(score)] for score in range(low, high + 1)
                if naive[str(score)] and str(score) not in rule.no_answer
            }  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(f"{HEADER}\n{ROW}\n2,2026-03-01,,,,,,,9,,\n")
    (tmp_path / "a.toml").write_text(MAPPING.replace('touchpoint = "coffee BAR"\n', ""))
    return tmp_path


def run(files: Path, slug: str = "new-firm", **options: Any) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    options = {"mapping": files / "a.toml"} | options
    call_command("import_responses", slug, str(files / "a.csv"), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_the_command_makes_the_workspace_and_prints_counts(files: Path) -> None:
    out, err = run(files, errors=files / "errors.csv")
    assert "New responses: 2" in out
    assert "line 3, coffee: “9” is not in 1 to 5" in err
    assert "3,coffee,9," in (files / "errors.csv").read_text()
    assert Workspace.objects.get(slug="new-firm").name == "New firm"
    assert "New responses: 0" in run(files)[0]


@pytest.mark.django_db
def test_a_dry_run_of_the_command_leaves_no_workspace(files: Path) -> None:
    assert "nothing was stored" in run(files, dry_run=True)[0]
    assert not Workspace.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", "%PDF-1.4", "PDF"),
        ("a.csv", "id,day\n1,2026-03-01", "no column"),
        ("a.csv", f"{HEADER}\n,2026-03-01,,,,,,,5,,", "No line could be stored"),
        ("a.toml", "x = 1", "unknown key"),
    ],
)
def test_the_command_fails_with_words(files: Path, name: str, content: str, words: str) -> None:
    (files / name).write_text(content)
    with pytest.raises(CommandError, match=words):
        run(files)


@pytest.mark.django_db
def test_the_command_refuses_a_slug_and_a_missing_file(files: Path) -> None:
    with pytest.raises(CommandError, match="slug"):
        run(files, slug="a b")
    with pytest.raises(CommandError, match="No such file"):
        run(files, mapping=files / "missing.toml")


@pytest.mark.django_db
def test_a_step_named_in_the_mapping_is_bound(files: Path) -> None:
    mapping = files / "a.toml"
    text = mapping.read_text().replace("scale = [1, 5]", 'scale = [1, 5]\nstep = "Drink"')
    mapping.write_text(text)
    assert "0 steps are called “Drink”: column coffee is not bound" in run(files)[1]
    workspace = Workspace.objects.get(slug="new-firm")
    with scope(workspace=workspace):
        phase = PhaseFactory(workspace=workspace, journey__title="Visit")
        StepFactory(workspace=workspace, phase=phase, name="Drink")
    run(files)
    with scope(workspace=workspace):
        assert StepQuestion.objects.get().question.key == "coffee"
    mapping.write_text(text.replace('"Drink"', '"Visit / drink"'))
    assert "called" not in run(files)[1]


_SLOW = """
import os, sys, time
import django
django.setup()
from django.core.management import call_command
from surveys.importing import storing
plain = storing.copy
def copy(cursor, statement, lines):
    plain(cursor, statement, lines)
    print("copied", flush=True)
    time.sleep(60)
storing.copy = copy
call_command("import_responses", "new-firm", sys.argv[1], f"--mapping={sys.argv[2]}")
"""


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_midway_leaves_nothing_and_can_be_repeated(files: Path) -> None:
    name = connection.settings_dict["NAME"]
    script = _SLOW.replace(
        "django.setup()",
        f"django.setup()\nfrom django.conf import settings\nfrom django.db import connection\n"
        f"connection.settings_dict['NAME'] = {name!r}",
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(files / "a.csv"), str(files / "a.toml")],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "cxm.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "copied\n"
    process.kill()
    process.wait()
    process.stdout.close()
    with scopes_disabled():
        assert not Response.objects.exists()
        assert not Workspace.objects.exists()
    assert "New responses: 2" in run(files)[0]
    with scopes_disabled():
        assert Response.objects.count() == 2
