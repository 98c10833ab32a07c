"""Cases open for people who agreed to be contacted, once, and are followed up on pages."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from procrastinate.contrib.django.models import ProcrastinateJob

from surveys import case_letters, cases, tasks
from surveys.models import Case, Erasure, Link, Mailing, Rule
from tests.factories import MembershipFactory, TouchpointFactory, UserFactory
from tests.surveys.asking import Asking, asking

ADDRESS = "guest@home.example"


@pytest.fixture
def here(in_scope: Any) -> Asking:
    return asking(in_scope)


@pytest.fixture
def owner(workspace: Any) -> Any:
    return MembershipFactory(workspace=workspace, role="marketer").user


@pytest.fixture
def rule(here: Asking, owner: Any) -> Rule:
    return Rule.objects.create(
        workspace=here.survey.workspace, survey=here.survey, kind="score", at_most=2,
        owner=owner, due_days=3,
    )  # fmt: skip


def url(name: str, **more: Any) -> str:
    return reverse(f"care:{name}", kwargs={"workspace": "firm", **more})


def test_a_low_score_opens_a_case(here: Asking, rule: Rule, owner: Any) -> None:
    response_id, opened = here.respond(score=1, text="Cold.", contact=ADDRESS)
    case = Case.objects.get()
    assert opened == [case]
    assert (case.response_id, case.contact, case.owner) == (response_id, ADDRESS, owner)
    assert case.touchpoint == here.rating.touchpoint
    assert case.due_on == timezone.localdate() + dt.timedelta(days=3)
    job = ProcrastinateJob.objects.get(task_name="surveys.mail_case")
    assert job.args == {"case_id": case.pk, "origin": ""}


@pytest.mark.parametrize("said", [{"score": 3, "contact": ADDRESS}, {"score": 1}])
def test_no_case_without_reason_or_consent(here: Asking, rule: Rule, said: Any) -> None:
    here.respond(**said)
    assert not Case.objects.exists()


def test_nobody_is_followed_in_an_anonymous_survey(in_scope: Any) -> None:
    here = asking(in_scope, is_anonymous=True)
    Rule.objects.create(workspace=in_scope, survey=here.survey, kind="score", at_most=2)
    here.respond(score=1, contact=ADDRESS)
    assert not Case.objects.exists()


def test_a_consent_without_an_address_opens_nothing(here: Asking, rule: Rule) -> None:
    here.consent.asks_contact = False
    here.consent.save()
    here.respond(score=1, contact=ADDRESS)
    assert not Case.objects.exists()


def test_changed_answers_neither_double_nor_lose_a_case(here: Asking, rule: Rule) -> None:
    response_id, _opened = here.respond(score=1, contact=ADDRESS)
    case = Case.objects.get()
    Case.objects.update(state="working", outcome="called")
    here.respond(response_id=response_id, score=2, contact="new@home.example")
    here.respond(response_id=response_id, score=5, contact="new@home.example")
    again = Case.objects.get()
    assert (again.pk, again.state, again.outcome) == (case.pk, "working", "called")
    assert again.contact == "new@home.example"


def test_who_takes_consent_back_is_not_contacted(here: Asking, rule: Rule) -> None:
    response_id, _opened = here.respond(score=1, contact=ADDRESS)
    here.respond(response_id=response_id, score=1)
    case = Case.objects.get()
    assert case.contact == ""
    assert "no longer agrees" in case.notes.get().text


def test_words_and_recommendation_open_their_own_cases(here: Asking, in_scope: Any) -> None:
    common = {"workspace": in_scope, "survey": here.survey}
    Rule.objects.create(**common, kind="nps", at_most=6)
    Rule.objects.create(**common, kind="word", words=["cold"])
    Rule.objects.create(**common, kind="word", words=["warm"], is_active=False)
    here.respond(nps=3, text="Warm milk, COLD coffee", contact=ADDRESS)
    assert set(Case.objects.values_list("question", flat=True)) == {here.nps.pk, here.comment.pk}


def test_a_comment_is_about_the_place_where_the_link_hung(here: Asking, in_scope: Any) -> None:
    shop = TouchpointFactory(workspace=in_scope)
    terrace = TouchpointFactory(workspace=in_scope, merged_into=shop)
    link = Link.objects.create(workspace=in_scope, survey=here.survey, touchpoint=terrace)
    Rule.objects.create(workspace=in_scope, survey=here.survey, kind="word", words=["cold"])
    response_id, _opened = here.respond(score=5, contact=ADDRESS)
    from surveys.models import Response

    Response.objects.filter(id=response_id).update(link_id=link.pk)
    cases.open_cases(
        workspace_id=in_scope.pk, survey_id=here.survey.pk, response_id=response_id,
        answers=here.said(text="cold", contact=ADDRESS),
    )  # fmt: skip
    assert Case.objects.get().touchpoint == shop


def test_an_owner_who_left_owns_nothing(here: Asking, rule: Rule, owner: Any) -> None:
    owner.memberships.all().delete()
    here.respond(score=1, contact=ADDRESS)
    assert Case.objects.get().owner is None
    assert not ProcrastinateJob.objects.filter(task_name="surveys.mail_case").exists()


def test_answers_that_open_nothing_cost_two_queries(here: Asking, in_scope: Any) -> None:
    def queries(score: int) -> int:
        from cxm.models import uuid7

        with CaptureQueriesContext(connection) as seen:
            cases.open_cases(
                workspace_id=in_scope.pk, survey_id=here.survey.pk, response_id=uuid7(),
                answers=here.said(score=score, contact=ADDRESS),
            )  # fmt: skip
        return len([q for q in seen.captured_queries if "SAVEPOINT" not in q["sql"]])

    assert queries(1) == 1
    for limit in range(3):
        Rule.objects.create(workspace=in_scope, survey=here.survey, kind="score", at_most=limit + 1)
    assert queries(5) == 2


def test_the_owner_gets_a_mail_that_says_nothing_of_the_person(
    here: Asking, rule: Rule, owner: Any
) -> None:
    _id, (case,) = here.respond(score=1, text="My name is Kim", contact=ADDRESS)
    case_letters.send(case.pk, "https://cxm.example")
    (letter,) = mail.outbox
    assert letter.to == [owner.email]
    assert f"https://cxm.example/w/firm/cases/{case.pk}/" in letter.body
    assert "Kim" not in letter.body
    assert ADDRESS not in letter.body
    common = {"workspace": here.survey.workspace, "survey": here.survey}
    Mailing.objects.create(
        **common, link=Link.objects.create(**common), origin="https://asks.example"
    )
    case_letters.send(case.pk, "")
    assert f"https://asks.example/w/firm/cases/{case.pk}/" in mail.outbox.pop().body
    Case.objects.update(state="done")
    case_letters.send(case.pk, "")
    owner.memberships.all().delete()
    Case.objects.update(state="open")
    case_letters.send(case.pk, "")
    assert len(mail.outbox) == 1


def test_the_list_filters(here: Asking, rule: Rule, sign_in: Callable[..., Client]) -> None:
    for _person in range(3):
        here.respond(score=1, text="Cold", contact=ADDRESS)
    first, second, third = Case.objects.order_by("pk")
    Case.objects.filter(pk=first.pk).update(due_on=timezone.localdate() - dt.timedelta(days=2))
    Case.objects.filter(pk=third.pk).update(state="done", closed_at=timezone.now())
    client = sign_in("analyst")
    page = client.get(url("cases")).content.decode()
    assert "2 cases are open" in page
    assert "2 days overdue" in page
    assert ADDRESS not in page

    def shown(**query: Any) -> set[int]:
        return {row.case.pk for row in client.get(url("cases"), query).context["rows"]}

    assert shown() == {first.pk, second.pk}
    assert shown(show="overdue") == {first.pk}
    assert shown(show="done") == {third.pk}
    assert shown(show="mine") == set()
    assert shown(survey=here.survey.pk, touchpoint=first.touchpoint_id) == {first.pk, second.pk}
    assert shown(survey="9" * 30, touchpoint="x") == {first.pk, second.pk}
    assert shown(touchpoint=999999) == set()


def test_as_many_queries_for_thirty_as_for_three(
    here: Asking, rule: Rule, sign_in: Callable[..., Client]
) -> None:
    client = sign_in("marketer")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url("cases")).status_code == 200
        return len(seen)

    for _person in range(3):
        here.respond(score=1, contact=ADDRESS)
    queries()
    few = queries()
    for _person in range(27):
        here.respond(score=1, contact=ADDRESS)
    assert queries() == few


def test_without_cases_the_list_says_how_they_come(sign_in: Callable[..., Client]) -> None:
    assert "Nobody waits for an answer" in sign_in("analyst").get(url("cases")).content.decode()


def test_the_address_is_for_those_who_act(
    here: Asking, rule: Rule, sign_in: Callable[..., Client]
) -> None:
    _id, (case,) = here.respond(score=1, text="Too <b>cold</b>", nps=3, contact=ADDRESS)
    page = sign_in("analyst").get(url("case", case=case.pk)).content.decode()
    assert ADDRESS not in page
    assert "Too &lt;b&gt;cold" in page
    assert "3 on a scale from 0 to 10" in page
    assert ADDRESS in sign_in("marketer").get(url("case", case=case.pk)).content.decode()


def test_a_case_is_done_with_an_outcome(
    here: Asking, rule: Rule, sign_in: Callable[..., Client], owner: Any
) -> None:
    _id, (case,) = here.respond(score=1, contact=ADDRESS)
    client = sign_in("marketer")
    sent = {"state": "done", "owner": owner.pk, "due_on": "2026-04-01", "outcome": " "}
    response = client.post(url("case-edit", case=case.pk), sent)
    assert response.status_code == 422
    assert "Say what came of it" in response.content.decode()
    assert (
        client.post(url("case-edit", case=case.pk), sent | {"outcome": "Voucher"}).status_code
        == 302
    )
    case.refresh_from_db()
    assert (case.state, case.outcome, case.due_on) == ("done", "Voucher", dt.date(2026, 4, 1))
    assert case.closed_at is not None
    client.post(url("case-edit", case=case.pk), sent | {"state": "open"})
    case.refresh_from_db()
    assert case.closed_at is None


def test_a_new_owner_is_told_and_an_outsider_owns_nothing(
    here: Asking, rule: Rule, sign_in: Callable[..., Client], workspace: Any
) -> None:
    _id, (case,) = here.respond(score=1, contact=ADDRESS)
    ProcrastinateJob.objects.all().delete()
    client = sign_in("marketer")
    kim = MembershipFactory(workspace=workspace).user
    sent = {"state": "open", "owner": kim.pk, "due_on": "", "outcome": ""}
    client.post(url("case-edit", case=case.pk), sent)
    assert ProcrastinateJob.objects.get().args == {
        "case_id": case.pk,
        "origin": "http://testserver",
    }
    sent["owner"] = UserFactory().pk
    assert client.post(url("case-edit", case=case.pk), sent).status_code == 422


def test_notes(here: Asking, rule: Rule, sign_in: Callable[..., Client]) -> None:
    _id, (case,) = here.respond(score=1, contact=ADDRESS)
    client = sign_in("marketer")
    assert client.post(url("case-note", case=case.pk), {"text": ""}).status_code == 422
    client.post(url("case-note", case=case.pk), {"text": "Called <i>twice</i>"})
    page = client.get(url("case", case=case.pk)).content.decode()
    assert "Called &lt;i&gt;twice" in page


def test_cases_of_others_do_not_exist(
    here: Asking, rule: Rule, sign_in: Callable[..., Client], other_workspace: Any
) -> None:
    _id, (case,) = here.respond(score=1, contact=ADDRESS)
    client = sign_in("admin", other_workspace)
    there = {"workspace": "rival", "case": case.pk}
    assert client.get(reverse("care:case", kwargs=there)).status_code == 404
    assert client.post(reverse("care:case-edit", kwargs=there)).status_code == 404
    with scope(workspace=other_workspace):
        assert not Case.objects.exists()


def test_taking_answers_back_takes_the_case_along(here: Asking, rule: Rule) -> None:
    from surveys import collecting
    from tests.surveys.test_people_data import filling

    response_id, _opened = here.respond(score=1, contact=ADDRESS)
    row = filling(here, response_id=response_id, state="finished")
    collecting.withdraw(filling=row)
    assert not Case.objects.exists()
    assert Erasure.objects.get().counts == {"responses": 1, "answers": 0, "cases": 1}


def test_whose_case_was_due_yesterday_hears_of_it_once(
    here: Asking, rule: Rule, owner: Any, settings: Any
) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://cxm.example"]
    for _person in range(3):
        here.respond(score=1, contact=ADDRESS)
    first, second, third = Case.objects.order_by("pk")
    days = {first.pk: 1, second.pk: 9, third.pk: 1}
    for pk, late in days.items():
        day = timezone.localdate() - dt.timedelta(days=late)
        Case.objects.filter(pk=pk).update(due_on=day)
    Case.objects.filter(pk=third.pk).update(state="done")
    ProcrastinateJob.objects.all().delete()
    tasks.remind_of_cases(timestamp=0)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args["user_id"]) == ("surveys.mail_overdue", owner.pk)
    tasks.mail_overdue(**job.args)
    (letter,) = mail.outbox
    assert (letter.subject, letter.to) == ("2 of your cases are overdue", [owner.email])
    assert "https://cxm.example/w/firm/cases/?show=mine" in letter.body
    Case.objects.update(state="done")
    tasks.mail_overdue(**job.args)
    owner.memberships.all().delete()
    Case.objects.update(state="open")
    tasks.mail_overdue(**job.args)
    assert len(mail.outbox) == 1
