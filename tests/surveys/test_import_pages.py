"""The pages of an import: every step works, is refused with words, and is closed to others."""

import datetime as dt
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from surveys import imports, tasks
from surveys.models import Answer, Histogram, Import, Question, Response, SavedMapping, Survey
from tests.factories import MembershipFactory, TouchpointFactory, UserFactory, WorkspaceFactory

LINES = "id,day,Coffee bar,nps,why,zip\n" + "".join(
    f"{number},{number % 28 + 1},{number % 5 + 1},{number % 12},{number % 2},94{number}\n"
    for number in range(1, 41)
)
TOML = """
[survey]
name = "Guests"
language = "en"
source = "interview"
[response]
id = "id"
answered_on = { column = "day", prefix = "2026-03-", format = "%Y-%m-%d" }
[[question]]
column = "Coffee bar"
text = "How was the coffee?"
kind = "rating"
scale = [1, 5]
touchpoint = "Coffee bar"
[[question]]
column = "nps"
text = "Would you recommend us?"
kind = "nps"
"""


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def client_of(sign_in: Callable[..., Client], workspace: Any) -> Client:
    with scope(workspace=workspace):
        TouchpointFactory(workspace=workspace, name="Coffee bar")
    return sign_in("analyst")


def file(content: str | bytes = LINES, name: str = "guests.csv") -> SimpleUploadedFile:
    raw = content.encode() if isinstance(content, str) else content
    return SimpleUploadedFile(name, raw)


def at(name: str, run: Any = None, slug: str = "firm") -> str:
    kwargs = {"workspace": slug} | ({"run": getattr(run, "pk", run)} if run else {})
    return reverse(f"surveys:{name}", kwargs=kwargs)


def upload(client: Client, **fields: Any) -> Import:
    response = client.post(at("import-upload"), {"file": file(), "header_rows": 1} | fields)
    assert response.status_code == 302, response.content.decode()
    with scopes_disabled():
        return Import.objects.latest("id")


def fresh(run: Import) -> Import:
    with scopes_disabled():
        return Import.objects.select_related("workspace").get(pk=run.pk)


def with_mapping(client: Client) -> Import:
    return upload(client, toml=file(TOML, "guests.toml"))


def checked(client: Client) -> Import:
    run = with_mapping(client)
    assert client.post(at("import-columns", run), {"check": "1"}).status_code == 302
    return fresh(run)


def test_the_first_step_asks_for_a_file(client_of: Client) -> None:
    page = client_of.get(at("import-upload")).content.decode()
    assert 'type="file"' in page
    assert "Which file holds the answers?" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"file": ""}, "This field is required"),
        ({"file": file(b"%PDF-1.4 x")}, "is a PDF file"),
        ({"file": file("a,a\n1,2")}, "Two columns are called"),
        ({"file": file("a,b\n1,2,3")}, "Line 2 has 3 cells"),
        ({"toml": file("x = 1")}, "unknown key"),
        ({"encoding": "klingon"}, "Select a valid choice"),
        ({"saved": "999"}, "Select a valid choice"),
        ({"header_rows": "0"}, "greater than or equal to 1"),
    ],
)
def test_an_upload_that_cannot_be_read_says_why(
    client_of: Client, fields: dict[str, Any], words: str
) -> None:
    if fields.get("file"):
        fields["file"].seek(0)
    response = client_of.post(at("import-upload"), {"file": file(), "header_rows": 1} | fields)
    assert response.status_code == 422
    assert words in response.content.decode()
    with scopes_disabled():
        assert not Import.objects.exists()


def test_a_mapping_of_another_workspace_cannot_be_chosen(
    client_of: Client, other_workspace: Any
) -> None:
    with scope(workspace=other_workspace):
        foreign = SavedMapping.objects.create(workspace=other_workspace, name="x", toml=TOML)
    response = client_of.post(at("import-upload"), {"file": file(), "saved": foreign.pk})
    assert response.status_code == 422


def test_columns_are_suggested_and_found_in_words(client_of: Client) -> None:
    page = client_of.get(at("import-columns", upload(client_of))).content.decode()
    assert "40 different, none empty" in page
    assert "Which month and year?" in page
    assert "Counted as a 10, NPS would read" in page
    assert "Could identify people" in page
    assert re.search(r'id="c2-touchpoint"[^>]*value="Coffee bar"', page)
    assert 'name="check" value="1" disabled' in page


def test_a_changed_column_comes_back_with_the_new_counts(client_of: Client) -> None:
    run = upload(client_of)
    response = client_of.post(
        at("import-columns", run) + "?row=c1",
        {"c1-becomes": "date", "c1-month": "2026-03"},
        headers={"HX-Request": "true"},
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert page.lstrip().startswith('<tr id="c1"')
    assert "March 1, 2026 to March 28, 2026" in page
    assert 'id="totals" hx-swap-oob="true"' in page
    assert 'value="1" disabled' not in page
    assert imports.draft_in(fresh(run)).choices["day"].prefix == "2026-03-"


def test_without_script_the_form_does_the_same(client_of: Client) -> None:
    run = upload(client_of)
    form = {"c4-becomes": "segment", "c4-name": "Why", "c4-values": "1 = Work\n0 = Fun",
            "name": "Spring", "source": "qr", "c1-month": "2026-03", "c2-is_reversed-shown": "1",
            "c2-is_reversed": "on", "c99-becomes": "id", "cx-becomes": "id"}  # fmt: skip
    assert client_of.post(at("import-columns", run) + "?show=look", form).status_code == 302
    draft = imports.draft_in(fresh(run))
    assert (draft.name, draft.source) == ("Spring", "qr")
    assert draft.choices["why"].labels == {"1": "Work", "0": "Fun"}
    assert draft.choices["Coffee bar"].is_reversed
    page = client_of.get(at("import-columns", run)).content.decode()
    assert "Fun 20" in page
    assert "Work 20" in page


@pytest.mark.parametrize("show", ["", "look", "out"])
def test_the_columns_can_be_filtered(client_of: Client, show: str) -> None:
    run = upload(client_of)
    page = client_of.get(at("import-columns", run) + f"?show={show}").content.decode()
    assert ('id="c0"' in page) == (show == "")
    assert ('id="c5"' in page) == (show != "look")


def test_an_undecided_file_cannot_be_checked(client_of: Client) -> None:
    run = upload(client_of)
    response = client_of.post(
        at("import-columns", run), {"check": "1", "c0-becomes": "", "c1-becomes": "out"}
    )
    assert response.status_code == 422
    assert "1 column to decide" in response.content.decode()


def test_the_check_shows_errors_by_line_and_column(client_of: Client) -> None:
    run = checked(client_of)
    page = client_of.get(at("import-check", run)).content.decode()
    assert "3 cells will be left empty" in page
    assert "is not in 0 to 10 and no code" in page
    errors = client_of.get(at("import-errors", run))
    text = b"".join(errors.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.startswith("Line,Column,Value,Problem")
    assert "12,nps,11," in text
    with scopes_disabled():
        assert not Response.objects.exists()
        assert not Survey.objects.exists()


def test_a_refused_check_says_why_and_cannot_be_stored(client_of: Client, workspace: Any) -> None:
    run = with_mapping(client_of)
    client_of.post(at("import-columns", run), {"check": "1", "c2-touchpoint": "Moon"})
    page = client_of.get(at("import-check", run)).content.decode()
    assert "no touchpoint “Moon”" in page
    assert "disabled" in page
    client_of.post(at("import-start", run))
    assert fresh(run).state == Import.State.UPLOADED


def test_nothing_is_queued_before_the_check(client_of: Client) -> None:
    run = with_mapping(client_of)
    response = client_of.post(at("import-start", run))
    assert response["Location"] == at("import-columns", run)


def test_starting_queues_and_waits(client_of: Client) -> None:
    run = checked(client_of)
    assert client_of.post(at("import-start", run))["Location"] == at("import-run", run)
    assert fresh(run).state == Import.State.QUEUED
    page = client_of.get(at("import-run", run)).content.decode()
    assert "Waiting to begin" in page
    assert 'hx-trigger="every 1s"' in page
    for name in ("import-check", "import-columns"):
        assert client_of.get(at(name, run))["Location"] == at("import-run", run)
    part = client_of.get(at("import-run", run), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


def test_a_waiting_import_can_be_stopped_and_thrown_away(client_of: Client, uploads: Path) -> None:
    run = checked(client_of)
    client_of.post(at("import-start", run))
    client_of.post(at("import-removal", run))
    assert fresh(run).state == Import.State.QUEUED
    client_of.post(at("import-stop", run))
    assert fresh(run).state == Import.State.STOPPED
    tasks.import_file(import_id=run.pk)
    assert fresh(run).state == Import.State.STOPPED
    assert "nothing was stored" in client_of.get(at("import-run", run)).content.decode()
    client_of.post(at("import-removal", run))
    with scopes_disabled():
        assert not Import.objects.exists()
    assert not [path for path in uploads.rglob("*") if path.is_file()]


@pytest.fixture
def ready(transactional_db: None) -> tuple[Client, Import]:
    workspace = WorkspaceFactory(slug="firm")
    user = UserFactory()
    MembershipFactory(workspace=workspace, user=user, role="analyst")
    with scope(workspace=workspace):
        TouchpointFactory(workspace=workspace, name="Coffee bar")
    client = Client()
    client.force_login(user)
    run = checked(client)
    client.post(at("import-start", run))
    return client, run


def test_the_job_stores_and_forgets_the_file(ready: tuple[Client, Import], uploads: Path) -> None:
    client, run = ready
    tasks.import_file(import_id=run.pk)
    tasks.fold(workspace_id=run.workspace_id)
    done = fresh(run)
    assert done.state == Import.State.DONE
    assert not done.file
    assert "profile" not in done.result
    assert not list(uploads.rglob("*.table"))
    with scopes_disabled():
        assert Response.objects.count() == 40
        assert Answer.objects.count() == 77
        assert Histogram.objects.exists()
        survey = Survey.objects.get()
    page = client.get(at("import-run", run)).content.decode()
    assert "77 answers are stored" in page
    assert "every 1s" not in page
    assert (
        "40 responses"
        in client.get(
            reverse("surveys:survey", kwargs={"workspace": "firm", "survey": survey.pk})
        ).content.decode()
    )
    assert "guests.csv" in client.get(at("surveys")).content.decode()
    # A second run of the same job finds nothing to do.
    tasks.import_file(import_id=run.pk)
    assert fresh(run).result["responses_new"] == 40


def test_a_job_that_fails_says_so_and_can_be_repeated(ready: tuple[Client, Import]) -> None:
    client, run = ready
    with scopes_disabled():
        Question.objects.all().delete()
    workspace = fresh(run).workspace
    with scope(workspace=workspace):
        from touchpoints.models import Touchpoint

        Touchpoint.objects.update(name="Renamed")
    tasks.import_file(import_id=run.pk)
    assert "no touchpoint" in client.get(at("import-run", run)).content.decode()
    with scope(workspace=workspace):
        Touchpoint.objects.update(name="Coffee bar")
    client.post(at("import-start", run))
    tasks.import_file(import_id=run.pk)
    assert fresh(run).state == Import.State.DONE


def test_a_stop_while_it_runs_takes_everything_back(
    ready: tuple[Client, Import], monkeypatch: Any
) -> None:
    run = ready[1]
    monkeypatch.setattr("surveys.importing.action._BATCH", 10)
    monkeypatch.setattr(tasks, "_EVERY", 0)
    seen: list[int] = []
    plain = tasks.Progress.__call__

    def watched(self: tasks.Progress, rows: int) -> None:
        plain(self, rows)
        seen.append(rows)
        if rows == 20:
            self.other.execute("UPDATE surveys_import SET state = 'stopped'")

    monkeypatch.setattr(tasks.Progress, "__call__", watched)
    tasks.import_file(import_id=run.pk)
    assert seen == [10, 20]
    assert fresh(run).state == Import.State.STOPPED
    assert fresh(run).rows_done == 20
    with scopes_disabled():
        assert not Response.objects.exists()


def test_a_mapping_is_saved_downloaded_reused_and_removed(client_of: Client) -> None:
    run = checked(client_of)
    assert client_of.post(at("mapping-save", run), {"name": ""}).status_code == 422
    client_of.post(at("mapping-save", run), {"name": "Guests"})
    client_of.post(at("mapping-save", run), {"name": "Guests"})
    with scopes_disabled():
        saved = SavedMapping.objects.get()
    kept = reverse("surveys:mapping", kwargs={"workspace": "firm", "mapping": saved.pk})
    download = client_of.get(kept)
    assert "attachment" in download["Content-Disposition"]
    assert download.content == client_of.get(at("import-mapping", run)).content
    again = upload(client_of, saved=saved.pk)
    assert again.result["draft"] == fresh(run).result["draft"]
    assert list(imports.draft_in(again).choices)[2:4] == ["Coffee bar", "nps"]
    removal = reverse("surveys:mapping-removal", kwargs={"workspace": "firm", "mapping": saved.pk})
    assert client_of.post(removal).status_code == 302
    assert client_of.get(kept).status_code == 404


def test_an_undecided_import_has_no_mapping_to_hand_out(client_of: Client) -> None:
    run = upload(client_of)
    assert client_of.get(at("import-mapping", run)).status_code == 404
    assert client_of.post(at("mapping-save", run), {"name": "x"}).status_code == 404


def test_old_uploads_are_forgotten(client_of: Client, uploads: Path) -> None:
    run = with_mapping(client_of)
    with scopes_disabled():
        assert imports.forget_old(timezone.now()) == 0
        assert imports.forget_old(timezone.now() + dt.timedelta(days=8)) == 1
        assert not Import.objects.filter(pk=run.pk).exists()
    assert not list(uploads.rglob("*.table"))


def test_what_a_killed_process_left_of_a_finished_import_is_forgotten(
    client_of: Client, uploads: Path
) -> None:
    run = checked(client_of)
    with scopes_disabled():
        Import.objects.update(state=Import.State.DONE)
        imports.forget_old(timezone.now() + dt.timedelta(days=8))
    assert not fresh(run).file
    assert not [path for path in uploads.rglob("*") if path.is_file()]


def test_the_page_tells_of_another_import_under_way(client_of: Client) -> None:
    other = checked(client_of)
    client_of.post(at("import-start", other))
    page = client_of.get(at("import-columns", upload(client_of))).content.decode()
    assert "Watch or stop it" in page
    assert at("import-run", other) in page


def test_a_file_name_never_becomes_a_path(client_of: Client, uploads: Path) -> None:
    run = upload(client_of, file=file(name="../../evil.csv"))
    assert Path(run.file.path).parent == uploads / "imports"
    assert os.sep not in run.file_name


RUN_PAGES = [
    ("get", "import-columns"), ("post", "import-columns"), ("get", "import-check"),
    ("get", "import-errors"), ("post", "import-start"), ("get", "import-run"),
    ("post", "import-stop"), ("post", "import-removal"), ("post", "mapping-save"),
    ("get", "import-mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "name"), RUN_PAGES)
def test_another_workspaces_import_does_not_exist(
    client_of: Client, sign_in: Callable[..., Client], other_workspace: Any, method: str, name: str
) -> None:
    run = checked(client_of)
    stranger = sign_in("admin", other_workspace)
    assert getattr(stranger, method)(at(name, run, "rival")).status_code == 404
    assert getattr(stranger, method)(at(name, run)).status_code == 404
    assert fresh(run).state == Import.State.UPLOADED


@pytest.mark.parametrize(("method", "name"), [*RUN_PAGES, ("get", "import-upload")])
def test_a_viewer_may_not_import(
    client_of: Client, sign_in: Callable[..., Client], method: str, name: str
) -> None:
    run = None if name == "import-upload" else checked(client_of)
    viewer = sign_in("viewer")
    assert getattr(viewer, method)(at(name, run)).status_code == 403


@pytest.mark.parametrize("name", ["import-start", "import-stop", "import-removal", "mapping-save"])
def test_looking_never_changes_anything(client_of: Client, name: str) -> None:
    assert client_of.get(at(name, checked(client_of))).status_code == 405
