"""Answers past their age go at night, in batches that prove themselves."""

import datetime as dt
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cxm.models import Workspace, uuid7
from surveys import erasing, histograms, retention, tasks
from surveys.histograms import Slice
from surveys.models import Answer, Case, Erasure, Filling, Response, Rule
from tests.factories import answer
from tests.surveys.asking import Asking, asking


@pytest.fixture
def here(in_scope: Any) -> Asking:
    return asking(in_scope)


def keeping(workspace: Workspace, months: int | None) -> Workspace:
    workspace.retention_months = months
    workspace.save()
    return workspace


def months_ago(months: int, days: int = 0) -> dt.date:
    return retention.cutoff(months) - dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("today", "months", "day"),
    [
        (dt.date(2026, 3, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2024, 3, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2026, 1, 15), 1, dt.date(2025, 12, 15)),
        (dt.date(2026, 11, 22), 24, dt.date(2024, 11, 22)),
        (dt.date(2026, 12, 31), 600, dt.date(1976, 12, 31)),
    ],
)
def test_months_end_where_calendars_do(today: dt.date, months: int, day: dt.date) -> None:
    assert retention.cutoff(months, today) == day


def test_what_is_older_goes_and_the_figures_follow(here: Asking, in_scope: Any) -> None:
    Rule.objects.create(workspace=in_scope, survey=here.survey, kind="score", at_most=2)
    old = months_ago(12, days=1)
    here.respond(score=1, text="Old", contact="kim@home.example", day=old)
    here.respond(score=5, day=months_ago(12))
    histograms.fold(workspace_id=in_scope.pk)
    proof = retention.erase_aged(workspace=keeping(in_scope, 12))
    assert proof is not None
    assert (proof.reason, proof.done_by) == ("age", None)
    assert proof.counts == {"responses": 1, "answers": 3, "cases": 1}
    assert not Case.objects.exists()
    rows = histograms.read(workspace_id=in_scope.pk, slice=Slice((here.rating.pk,)))
    assert [(row.score, row.n) for row in rows] == [(5, 1)]
    assert retention.erase_aged(workspace=in_scope) is None
    assert Erasure.objects.count() == 1


def test_without_an_age_nothing_goes(here: Asking, in_scope: Any) -> None:
    here.respond(score=1, day=dt.date(1999, 1, 1))
    assert retention.erase_aged(workspace=keeping(in_scope, None)) is None
    assert Response.objects.count() == 1


def test_stopped_midway_it_has_proven_what_is_gone_and_goes_on(
    here: Asking, in_scope: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(here.rating, *[3] * 10, day=months_ago(12, days=5))
    answer(here.rating, *[4] * 4, day=months_ago(1))
    keeping(in_scope, 12)
    real, calls = erasing.erase_responses, []

    def killed_in_the_third(**given: Any) -> Any:
        calls.append(given)
        gone = real(**given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return gone

    monkeypatch.setattr(retention, "erase_responses", killed_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        retention.erase_aged(workspace=in_scope, batch=3)
    assert Response.objects.count() == 8
    assert Erasure.objects.get().counts == {"responses": 6, "answers": 6}
    monkeypatch.setattr(retention, "erase_responses", real)
    retention.erase_aged(workspace=in_scope, batch=3)
    counted = [erasure.counts["responses"] for erasure in Erasure.objects.order_by("pk")]
    assert counted == [6, 4]
    assert (Response.objects.count(), Answer.objects.count()) == (4, 4)
    rows = histograms.read(workspace_id=in_scope.pk, slice=Slice((here.rating.pk,)))
    assert [(row.score, row.n) for row in rows] == [(4, 4)]


def test_memory_stays_flat(here: Asking, in_scope: Any) -> None:
    keeping(in_scope, 12)

    def peak(people: int) -> int:
        day = months_ago(12, days=9)
        rows = [
            Response(
                workspace=in_scope, survey_id=here.survey.pk, external_id=str(uuid7()),
                answered_on=day, source="qr",
            )
            for _one in range(people)
        ]  # fmt: skip
        Response.objects.bulk_create(rows)
        del rows
        tracemalloc.start()
        retention.erase_aged(workspace=in_scope, batch=100)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert not Response.objects.exists()
        return most

    peak(100)
    assert peak(2000) < 3 * peak(200)


def test_what_was_never_stored_is_forgotten_after_three_months(here: Asking, in_scope: Any) -> None:
    long_ago = timezone.now() - dt.timedelta(days=retention.UNFINISHED_DAYS + 1)

    def typed(state: str, **fields: Any) -> Filling:
        return Filling.objects.create(
            **{
                "workspace": in_scope, "survey_id": here.survey.pk, "version_id": 1, "link_id": 1,
                "language": "en", "state": state, "touched_at": long_ago,
                "answers": {"1": {"text": "Kim"}}, "invitee_id": 7,
            } | fields
        )  # fmt: skip

    for state in ("open", "held", "full", "withdrawn"):
        typed(state)
    fresh = typed("held", touched_at=timezone.now())
    left = typed("left", at_question=3)
    stored = typed("finished", response_id=uuid7(), word_hash="x")
    retention.erase_aged(workspace=in_scope)
    assert set(Filling.objects.values_list("id", flat=True)) == {fresh.id, left.id, stored.id}
    left.refresh_from_db()
    assert (left.answers, left.invitee_id, left.at_question) == ({}, None, 3)
    stored.refresh_from_db()
    assert stored.answers


def test_every_workspace_gets_a_job_of_its_own(in_scope: Any, other_workspace: Any) -> None:
    tasks.erase_aged_everywhere(timestamp=0)
    jobs = ProcrastinateJob.objects.filter(task_name="surveys.erase_aged")
    assert list(jobs.order_by("id").values_list("args", flat=True)) == [
        {"workspace_id": in_scope.pk},
        {"workspace_id": other_workspace.pk},
    ]
    tasks.erase_aged(in_scope.pk)


def url() -> str:
    return reverse("care:retention", kwargs={"workspace": "firm"})


def test_a_shorter_age_asks_back_how_many_it_erases(
    here: Asking, sign_in: Callable[..., Client], workspace: Any
) -> None:
    answer(here.rating, 1, 2, day=months_ago(24, days=1))
    client = sign_in("admin")
    sent = {"retention_months": "24", "contact_days": "14"}
    asked = client.post(url(), sent)
    assert asked.status_code == 422
    assert "This erases 2 responses tonight" in asked.content.decode()
    assert client.post(url(), sent | {"erases": "1"}).status_code == 422
    assert _set(workspace) == (None, 30)
    assert client.post(url(), sent | {"erases": "2"}).status_code == 302
    assert _set(workspace) == (24, 14)
    page = client.get(url()).content.decode()
    assert "2 responses go tonight" in page
    assert client.post(url(), {"retention_months": "", "contact_days": "0"}).status_code == 302
    assert _set(workspace) == (None, 0)


def _set(workspace: Workspace) -> tuple[int | None, int]:
    workspace.refresh_from_db()
    return workspace.retention_months, workspace.contact_days


@pytest.mark.parametrize(
    "sent",
    [
        {"retention_months": "0", "contact_days": "1"},
        {"retention_months": "9999", "contact_days": "1"},
        {"retention_months": "1", "contact_days": ""},
        {"retention_months": "x", "contact_days": "-1"},
    ],
)
def test_what_is_no_age_is_refused(sign_in: Callable[..., Client], sent: dict[str, str]) -> None:
    assert sign_in("admin").post(url(), sent).status_code == 422
