"""Letters through a real mail server: once each, in the right language, with back-off."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope

from surveys.mailing import lists, marks, sending
from surveys.models import Invitee, Mailing, Refusal
from surveys.refusals import refuse
from surveys.tasks import send_due_mailings, send_mailing

pytestmark = [pytest.mark.django_db(transaction=True)]
S = Invitee.State


@pytest.fixture(autouse=True)
def _scope(workspace: Any) -> Any:
    with scope(workspace=workspace):
        yield


def states(mailing: Mailing) -> dict[str, str]:
    return dict(Invitee.objects.filter(mailing=mailing).values_list("email", "state"))


def make_due(mailing: Mailing) -> None:
    past = timezone.now() - dt.timedelta(seconds=1)
    Invitee.objects.filter(mailing=mailing, next_at__isnull=False).update(next_at=past)


def test_a_letter(catcher: Any, mail_to: Callable[..., Mailing]) -> None:
    mailing = mail_to("anna@x.example", "ben@x.example")
    Invitee.objects.filter(email="ben@x.example").update(language="de", name="Bén Ümlaut, Dr.")
    assert sending.send_batch(mailing) is False
    assert states(mailing) == {"anna@x.example": S.SENT, "ben@x.example": S.SENT}
    (english,) = catcher.to("anna@x.example")
    (german,) = catcher.to("ben@x.example")
    text = english.get_body(("plain",)).get_content()
    assert "Hello Anna Berg," in text
    assert "https://cxm.firm.example/m/i/" in text
    assert "anonymous" in text
    html = german.get_body(("html",)).get_content()
    assert '<html lang="de"' in html
    assert "<img" not in html
    assert german["To"].addresses[0].display_name == "Bén Ümlaut, Dr."
    assert english["From"].addresses[0].addr_spec == "cxm@firm.example"
    assert english["Auto-Submitted"] == "auto-generated"
    assert english["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert english["Date"]
    assert english["Message-ID"] != german["Message-ID"]
    sender = catcher.envelopes[0][0]
    assert marks.invitee_of(sender) in Invitee.objects.values_list("pk", flat=True)
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.DONE


def test_sent_twice_is_sent_once(catcher: Any, mail_to: Callable[..., Mailing]) -> None:
    mailing = mail_to("a@x.example")
    with pytest.raises(lists.NotDraftError):
        lists.start(mailing=mailing, origin="https://evil.example")
    for _again in range(3):
        send_mailing(mailing.pk)
    assert len(catcher.letters) == 1


def test_temporary_errors_wait_longer_each_time(
    catcher: Any, mail_to: Callable[..., Mailing]
) -> None:
    mailing = mail_to("a@x.example", "b@x.example")
    catcher.answers["a@x.example"] = "451 4.3.0 busy"
    waits = []
    for _again in range(sending.ATTEMPTS):
        sending.send_batch(mailing)
        row = Invitee.objects.get(email="a@x.example")
        if row.next_at:
            waits.append((row.next_at - timezone.now()).total_seconds())
        make_due(mailing)
    assert waits[:3] == pytest.approx([300, 600, 1200], abs=30)
    assert states(mailing) == {"a@x.example": S.FAILED, "b@x.example": S.SENT}
    assert len(catcher.to("b@x.example")) == 1
    del catcher.answers["a@x.example"]
    assert lists.try_failed_again(mailing=mailing) == 1
    sending.send_batch(mailing)
    assert len(catcher.to("a@x.example")) == 1


def test_permanent_errors(catcher: Any, mail_to: Callable[..., Mailing]) -> None:
    mailing = mail_to("gone@x.example", "policy@x.example", "content@x.example", "ok@x.example")
    catcher.answers |= {
        "gone@x.example": "550 5.1.1 no such user",
        "policy@x.example": "550 5.7.1 not from you",
        "content@x.example": "DATA 554 5.6.0 looks like spam",
    }
    sending.send_batch(mailing)
    assert states(mailing) == {
        "gone@x.example": S.BOUNCED,
        "policy@x.example": S.FAILED,
        "content@x.example": S.FAILED,
        "ok@x.example": S.SENT,
    }
    assert Refusal.objects.count() == 1


def test_no_server_costs_nobody_an_attempt(
    settings: Any, catcher: Any, mail_to: Callable[..., Mailing]
) -> None:
    mailing = mail_to("a@x.example")
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert sending.send_batch(mailing) is False
    row = Invitee.objects.get()
    assert (row.state, row.attempts) == (S.WAITING, 0)
    assert row.error
    settings.EMAIL_PORT = port
    make_due(mailing)
    sending.send_batch(mailing)
    assert len(catcher.letters) == 1


def test_stopped_and_taken_up_again(catcher: Any, mail_to: Callable[..., Mailing]) -> None:
    mailing = mail_to("a@x.example")
    assert lists.stop(mailing=mailing)
    sending.send_batch(mailing)
    assert not catcher.letters
    assert lists.go_on(mailing=mailing)
    sending.send_batch(mailing)
    assert len(catcher.letters) == 1


def test_stopping_in_the_middle_holds_the_next_letter(
    settings: Any, catcher: Any, mail_to: Callable[..., Mailing]
) -> None:
    settings.MAIL_PER_MINUTE = 6000
    mailing = mail_to(*(f"p{n}@x.example" for n in range(5)))

    def stop(_seconds: float) -> None:
        lists.stop(mailing=mailing)

    sending.send_batch(mailing, pause=stop)
    assert len(catcher.letters) == 1


def test_planned_for_later(catcher: Any, mail_to: Callable[..., Mailing]) -> None:
    later = timezone.now() + dt.timedelta(hours=1)
    mailing = mail_to("a@x.example", send_at=later)
    sending.send_batch(mailing)
    assert sending.mailings_due() == []
    assert not catcher.letters
    Mailing.objects.update(send_at=timezone.now())
    make_due(mailing)
    assert sending.mailings_due() == [mailing.pk]
    sending.send_batch(mailing)
    assert len(catcher.letters) == 1


def test_reminders_to_those_who_have_not_answered(
    catcher: Any, mail_to: Callable[..., Mailing]
) -> None:
    mailing = mail_to(
        "a@x.example", "b@x.example", reminders=2, remind_after=3,
        reminder_subjects={"en": "Still time"},
    )  # fmt: skip
    sending.send_batch(mailing)
    row = Invitee.objects.get(email="a@x.example")
    assert row.next_at is not None
    assert (row.next_at - timezone.now()).days in (2, 3)
    Invitee.objects.filter(email="b@x.example").update(state=S.ANSWERED, next_at=None)
    for _again in range(4):
        make_due(mailing)
        sending.send_batch(mailing)
    assert [letter["Subject"] for letter in catcher.to("a@x.example")][1:] == ["Still time"] * 2
    assert len(catcher.to("b@x.example")) == 1


def test_spared_when_written_to_elsewhere(catcher: Any, mail_to: Callable[..., Mailing]) -> None:
    first = mail_to("a@x.example")
    # Both lists were begun before either was sent: the second look is right before the letter.
    second = mail_to("a@x.example", "b@x.example", name="Other")
    sending.send_batch(first)
    sending.send_batch(second)
    assert states(second) == {"a@x.example": S.SPARED, "b@x.example": S.SENT}
    third = mail_to("a@x.example", name="Third")
    assert states(third) == {"a@x.example": S.SPARED}
    Invitee.objects.update(sent_at=timezone.now() - dt.timedelta(days=31))
    fourth = mail_to("a@x.example", name="Fourth")
    assert states(fourth) == {"a@x.example": S.WAITING}


def test_who_wants_no_mail_gets_none(catcher: Any, mail_to: Callable[..., Mailing]) -> None:
    mailing = mail_to("a@x.example", "b@x.example")
    refuse(workspace_id=mailing.workspace_id, emails=["A@x.example"], reason="unsubscribed")
    sending.send_batch(mailing)
    assert states(mailing) == {"a@x.example": S.UNSUBSCRIBED, "b@x.example": S.SENT}


def test_a_closed_survey_writes_to_nobody(
    catcher: Any, survey: Any, mail_to: Callable[..., Mailing]
) -> None:
    mailing = mail_to("a@x.example")
    type(survey).objects.update(closes_at=timezone.now())
    sending.send_batch(mailing)
    assert not catcher.letters
    assert states(mailing) == {"a@x.example": S.WAITING}


def test_a_letter_whose_sender_was_killed_is_not_sent_again(
    catcher: Any, mail_to: Callable[..., Mailing]
) -> None:
    mailing = mail_to("a@x.example", "b@x.example")
    killed = timezone.now() - dt.timedelta(hours=1)
    Invitee.objects.filter(email="a@x.example").update(state=S.SENDING, sent_at=killed)
    sending.send_batch(mailing)
    assert [to for _sender, to in catcher.envelopes] == ["b@x.example"]
    assert sending.unsure(mailing).count() == 1
    assert sending.settle(mailing=mailing, send_again=True) == 1
    sending.send_batch(mailing)
    assert len(catcher.to("a@x.example")) == 1
    assert sending.settle(mailing=mailing, send_again=True) == 0


def test_a_bad_name_fails_alone(catcher: Any, mail_to: Callable[..., Mailing]) -> None:
    mailing = mail_to("a@x.example", "b@x.example")
    Invitee.objects.filter(email="a@x.example").update(name="Anna\r\nBcc: evil@x.example")
    sending.send_batch(mailing)
    for letter in catcher.letters:
        assert letter["Bcc"] is None
    assert len(catcher.to("b@x.example")) == 1


def test_due_mailings_are_queued_once(
    catcher: Any, mail_to: Callable[..., Mailing], django_db_serialized_rollback: None
) -> None:
    mailing = mail_to("a@x.example")
    send_due_mailings(0)
    send_due_mailings(0)
    from procrastinate.contrib.django.models import ProcrastinateJob

    waiting = ProcrastinateJob.objects.filter(args={"mailing_id": mailing.pk}, status="todo")
    assert waiting.count() == 1
