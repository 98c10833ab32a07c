"""Jobs of the survey rooms: each takes ids and calls one action."""

import contextlib
import datetime as dt
import time
from collections.abc import Iterator

import psycopg
from django.db import connection, transaction
from django.utils import timezone, translation
from django_scopes import scope, scopes_disabled
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from cxm.models import Workspace
from cxm.tabular import TableError
from surveys import case_letters, histograms, imports, retention, weighting
from surveys.importing import ImportRefusedError, ImportStoppedError
from surveys.mailing import sending
from surveys.models import DirtyDay, Filling, Import, Mailing, Scheme

_EVERY = 0.5  # seconds between two notes of progress


@app.task(name="surveys.import_file")
def import_file(import_id: int) -> None:
    """Store the answers of one uploaded file, unless it was stopped meanwhile."""
    with scopes_disabled():
        run = Import.objects.select_related("workspace", "created_by").filter(pk=import_id).first()
    if run is None:
        return
    language = (run.created_by and run.created_by.language) or run.workspace.language
    with scope(workspace=run.workspace), translation.override(language):
        _import(run)


def _import(run: Import) -> None:
    claimed = Import.objects.filter(pk=run.pk, state__in=imports.WAITING).update(
        state=Import.State.RUNNING
    )
    if not claimed:
        return
    try:
        with _progress(run.pk) as progress:
            imports.read_into(run, dry_run=False, progress=progress, import_id=run.pk)
    except ImportStoppedError:
        return
    except (ImportRefusedError, TableError) as error:
        _fail(run, str(error))
        return
    except Exception:
        _fail(run, translation.gettext("Something went wrong; nothing was stored. Try again."))
        raise
    imports.forget_file(run)
    enqueue_fold(run.workspace_id)


def _fail(run: Import, message: str) -> None:
    Import.objects.filter(pk=run.pk, state=Import.State.RUNNING).update(
        state=Import.State.FAILED, message=message, finished_at=timezone.now()
    )


@contextlib.contextmanager
def _progress(import_id: int) -> Iterator["Progress"]:
    # The import is one transaction, so its own connection cannot tell others how far it is.
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        yield Progress(other, import_id)


class Progress:
    """Writes the number of rows into the import's row, and hears whether it was stopped."""

    def __init__(self, other: "psycopg.Connection[tuple[object, ...]]", import_id: int) -> None:
        self.other = other
        self.import_id = import_id
        self.last = 0.0

    def __call__(self, rows: int) -> None:
        if time.monotonic() - self.last < _EVERY:
            return
        self.last = time.monotonic()
        row = self.other.execute(
            "UPDATE surveys_import SET rows_done = %s WHERE id = %s AND state = %s RETURNING id",
            [rows, self.import_id, str(Import.State.RUNNING)],
        ).fetchone()
        if row is None:
            raise ImportStoppedError


@app.task(name="surveys.fold")
def fold(workspace_id: int) -> None:
    """Bring the histograms of a workspace up to its answers."""
    histograms.fold(workspace_id=workspace_id)


def enqueue_fold(workspace_id: int) -> None:
    """Queue one fold; a second one that still waits would do nothing more."""
    with contextlib.suppress(AlreadyEnqueued):
        fold.configure(queueing_lock=f"fold-{workspace_id}").defer(workspace_id=workspace_id)


@app.periodic(cron="17 3 * * *")
@app.task(name="surveys.forget_uploads")
def forget_uploads(timestamp: int) -> None:
    """Uploaded files that nobody imported do not stay."""
    with scopes_disabled():
        imports.forget_old(timezone.now())


@app.task(name="surveys.mail_case", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def mail_case(case_id: int, origin: str) -> None:
    """Tell the owner of a case that it waits; ``origin`` is where the application is reached."""
    case_letters.send(case_id, origin)


@app.periodic(cron="41 2 * * *")
@app.task(name="surveys.erase_aged_everywhere")
def erase_aged_everywhere(timestamp: int) -> None:
    """Every workspace on its own: one that fails does not keep the others from it."""
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        with contextlib.suppress(AlreadyEnqueued):
            name = f"age-{workspace_id}"
            job = erase_aged.configure(queueing_lock=name, lock=name)
            job.defer(workspace_id=workspace_id)


@app.task(name="surveys.erase_aged")
def erase_aged(workspace_id: int) -> None:
    """Erase what is older than the workspace keeps."""
    workspace = Workspace.objects.get(pk=workspace_id)
    with scope(workspace=workspace):
        retention.erase_aged(workspace=workspace)


@app.periodic(cron="* * * * *")
@app.task(name="surveys.sweep", lock="surveys.sweep")
def sweep(timestamp: int) -> None:
    """Store what people said who left; in all workspaces where somebody did."""
    from surveys import collecting  # it opens cases, whose letters are jobs of this module

    before = timezone.now() - collecting.IDLE
    with scopes_disabled():
        idle = Filling.objects.filter(state=Filling.State.OPEN, touched_at__lt=before)
        found = list(Workspace.objects.filter(pk__in=idle.values("workspace_id")))
    for workspace in found:
        with scope(workspace=workspace):
            collecting.sweep(before=before)


@app.periodic(cron="* * * * *")
@app.task(name="surveys.fold_dirty", lock="surveys.fold_dirty")
def fold_dirty(timestamp: int) -> None:
    """Count the days whose answers changed, so that pages need not do so themselves."""
    with scopes_disabled():
        found = list(DirtyDay.objects.values_list("workspace_id", flat=True).distinct())
    for workspace_id in found:
        histograms.fold(workspace_id=workspace_id)


@app.periodic(cron="23 4 * * *")
@app.task(name="surveys.weigh_everywhere")
def weigh_everywhere(timestamp: int) -> None:
    """Weights by known shares follow the answers of the day."""
    with scopes_disabled():
        found = Scheme.objects.order_by().values_list("workspace", flat=True).distinct()
        workspaces = list(found)
    for workspace_id in workspaces:
        with contextlib.suppress(AlreadyEnqueued):
            name = f"weigh-{workspace_id}"
            weigh.configure(queueing_lock=name, lock=name).defer(workspace_id=workspace_id)


@app.task(name="surveys.weigh")
def weigh(workspace_id: int) -> None:
    """Compute the weights again whose answers have changed."""
    with scope(workspace=Workspace.objects.get(pk=workspace_id)):
        weighting.compute_stale(workspace_id)


@app.periodic(cron="5 6 * * *")
@app.task(name="surveys.remind_of_cases")
def remind_of_cases(timestamp: int) -> None:
    """Whose case was due yesterday hears of it once."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    for workspace_id, user_id in case_letters.overdue_since(yesterday):
        mail_overdue.defer(workspace_id=workspace_id, user_id=user_id)


@app.task(name="surveys.mail_overdue", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def mail_overdue(workspace_id: int, user_id: int) -> None:
    """Tell one person how many of their cases are overdue."""
    case_letters.remind(workspace_id, user_id)


@app.task(name="surveys.send_mailing")
def send_mailing(mailing_id: int) -> None:
    """Send a batch of letters; what is left of them is the next job's."""
    with scopes_disabled():
        rows = Mailing.objects.select_related("survey__workspace")
        mailing = rows.filter(pk=mailing_id).first()
    if mailing is None:
        return
    with scope(workspace=mailing.survey.workspace):
        more = sending.send_batch(mailing)
    if more:
        enqueue_mailing(mailing_id)


def enqueue_mailing(mailing_id: int) -> None:
    """Queue a batch; a second one that still waits would do nothing more."""
    # A point to come back to, where the caller is inside of a transaction.
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        send_mailing.configure(queueing_lock=f"mailing-{mailing_id}").defer(mailing_id=mailing_id)


@app.periodic(cron="* * * * *")
@app.task(name="surveys.send_due_mailings")
def send_due_mailings(timestamp: int) -> None:
    """Planned letters, reminders, and whatever a killed or refused sender left waiting."""
    with scopes_disabled():
        waiting = sending.mailings_due()
    for mailing_id in waiting:
        enqueue_mailing(mailing_id)
