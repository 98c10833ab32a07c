"""How long answers are kept: what is past its age goes at night, batch by batch."""

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from cxm.models import Workspace
from surveys import histograms
from surveys.erasing import erase_responses
from surveys.models import Erasure, Filling, Response

BATCH = 500  # responses per transaction: what is held in memory, and locked
# What was typed without becoming an answer (held back, not let in, taken back) goes after these.
UNFINISHED_DAYS = 90


def cutoff(months: int, today: dt.date | None = None) -> dt.date:
    """Answers before this day are older than so many months; the end of a month stays one."""
    today = today or timezone.localdate()
    count = today.year * 12 + today.month - 1 - months
    year, month = max(dt.MINYEAR, count // 12), count % 12 + 1
    return dt.date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def past(months: Iterable[int]) -> dict[int, int]:
    """How many responses are older than each of these ages; one query."""
    ages = sorted(set(months))
    counts = {f"m{age}": Count("id", filter=Q(answered_on__lt=cutoff(age))) for age in ages}
    found = Response.objects.aggregate(**counts) if counts else {}
    return {age: found[f"m{age}"] for age in ages}


def erase_aged(*, workspace: Workspace, batch: int = BATCH) -> Erasure | None:
    """Erase what is older than the workspace keeps; the proof, or None where nothing was.

    Each batch is one transaction that erases, marks the days and counts itself in the proof:
    stopped anywhere, what is gone is proven, what is left goes the next time. For the workspace
    in scope.
    """
    _forget_unfinished(workspace)
    if not workspace.retention_months:
        return None
    before = cutoff(workspace.retention_months)
    proof: Erasure | None = None
    while (proof := _batch(workspace, before, proof, batch)) and _left(before):
        pass
    _forget_left(before)
    if proof is not None:
        histograms.fold(workspace_id=workspace.pk)
    return proof


def _left(before: dt.date) -> bool:
    return Response.objects.filter(answered_on__lt=before).exists()


@transaction.atomic
def _batch(
    workspace: Workspace, before: dt.date, proof: Erasure | None, batch: int
) -> Erasure | None:
    old = Response.objects.filter(answered_on__lt=before).order_by("answered_on", "id")
    ids = list(old.values_list("id", flat=True)[:batch])
    gone = erase_responses(workspace_id=workspace.pk, response_ids=ids)
    if not gone:
        return proof
    if proof is None:
        return Erasure.objects.create(
            workspace=workspace, reason=Erasure.Reason.AGE, counts=dict(gone)
        )
    proof.counts = dict(Counter(proof.counts) + gone)
    proof.save(update_fields=["counts"])
    return proof


def _forget_unfinished(workspace: Workspace) -> None:
    """Typed and never stored as answers. Who left without a word only keeps being counted."""
    before = timezone.now() - dt.timedelta(days=UNFINISHED_DAYS)
    old = Filling.objects.filter(touched_at__lt=before, response_id=None)
    old.exclude(state=Filling.State.LEFT).delete()
    old.exclude(answers={}, invitee_id=None).update(
        answers={}, rotation=[], suspicions=[], word_hash="", invitee_id=None
    )


def _forget_left(before: dt.date) -> None:
    at = dt.datetime.combine(before, dt.time(), timezone.get_current_timezone())
    Filling.objects.filter(touched_at__lt=at, response_id=None).delete()
