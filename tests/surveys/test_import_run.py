"""An import under way: queued, run as a job, stopped, repeated, forgotten."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from surveys import imports, tasks
from surveys.models import Answer, Histogram, Import, Question, Response, Survey
from tests.factories import MembershipFactory, TouchpointFactory, UserFactory, WorkspaceFactory
from tests.surveys.import_steps import at, checked, fresh, upload, with_mapping

pytestmark = pytest.mark.usefixtures("uploads")


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
