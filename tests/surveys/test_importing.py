"""Importing answers: all of a file or nothing of it, once."""

import csv
import io
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django_scopes import scope

from cxm.models import Workspace
from cxm.tabular import TableError, read_table
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
from tests.factories import TouchpointFactory, WorkspaceFactory
from tests.surveys.guests import HEADER, MAPPING, ROW
from touchpoints.models import Customer, Segment


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
