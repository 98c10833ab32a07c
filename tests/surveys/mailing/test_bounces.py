"""Mail that comes back, and people who want no more."""

import io
import mailbox
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from surveys.mailing import bounces, marks
from surveys.models import Invitee, Mailing, Refusal
from surveys.refusals import refused

pytestmark = pytest.mark.django_db
S = Invitee.State

REPORT = """From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
--b
Content-Type: text/rfc822-headers

Message-ID: <{mark}@firm.example>
--b--
"""


def report(**values: str) -> bytes:
    first = {"to": "back@firm.example", "recipient": "a@x.example", "action": "failed"}
    return REPORT.format(**(first | {"status": "5.1.1", "mark": "none"} | values)).encode()


@pytest.fixture
def sent(workspace: Any, mail_to: Callable[..., Mailing]) -> Invitee:
    with scope(workspace=workspace):
        mailing = mail_to("a@x.example")
        Invitee.objects.update(state=S.SENT, sent_at=timezone.now(), next_at=None)
        return Invitee.objects.get(mailing=mailing)


def state(row: Invitee) -> str:
    with scope(workspace=row.workspace):
        return Invitee.objects.get(pk=row.pk).state


def test_found_by_the_address_it_came_to(sent: Invitee) -> None:
    to = f"back+{marks.mark_of(sent.pk)}@firm.example"
    assert bounces.take(report(to=to, recipient="forwarded@y.example")) == bounces.Found.BOUNCED
    assert state(sent) == S.BOUNCED
    with scope(workspace=sent.workspace):
        assert refused(["a@x.example"]) == {"a@x.example"}


def test_found_by_the_returned_head(sent: Invitee) -> None:
    mark = marks.mark_of(sent.pk)
    assert bounces.take(report(mark=mark, recipient="who@y.example")) == bounces.Found.BOUNCED
    assert state(sent) == S.BOUNCED


def test_found_by_the_recipient_of_a_recent_letter(sent: Invitee) -> None:
    assert bounces.take(report(recipient="A@X.example")) == bounces.Found.BOUNCED
    assert bounces.take(report(recipient="never@x.example")) == bounces.Found.UNKNOWN


def test_a_made_up_mark_finds_nobody(sent: Invitee) -> None:
    to = f"back+cxm-{sent.pk}-0123456789abcdef@firm.example"
    assert bounces.take(report(to=to, recipient="who@y.example")) == bounces.Found.UNKNOWN
    assert state(sent) == S.SENT


@pytest.mark.parametrize("values", [{"action": "delayed"}, {"status": "4.2.2"}])
def test_temporary_reports_change_nothing(sent: Invitee, values: dict[str, str]) -> None:
    assert bounces.take(report(**values)) == bounces.Found.TEMPORARY
    assert state(sent) == S.SENT


def test_a_full_mailbox_is_no_refusal(sent: Invitee) -> None:
    bounces.take(report(status="5.2.2"))
    assert state(sent) == S.BOUNCED
    with scope(workspace=sent.workspace):
        assert not Refusal.objects.exists()


def test_who_answered_stays_answered(sent: Invitee) -> None:
    with scope(workspace=sent.workspace):
        Invitee.objects.update(state=S.ANSWERED)
    bounces.take(report())
    assert state(sent) == S.ANSWERED


@pytest.mark.parametrize(
    "content",
    [b"", b"Subject: Out of office\n\nBack on Monday.", b"\xff\x00" * 50, b"To: x\n" * 99],
)
def test_other_mail_is_left_alone(content: bytes) -> None:
    assert bounces.take(content) == bounces.Found.NO_REPORT


def test_from_a_pipe(sent: Invitee, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(report())))
    out = io.StringIO()
    call_command("read_bounces", stdout=out)
    assert out.getvalue().strip() == "bounced"


def test_from_a_maildir_each_once(sent: Invitee, tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "box")
    box.add(report())
    box.add(b"Subject: hello\n\nx")
    outs = []
    for _again in range(2):
        out = io.StringIO()
        call_command("read_bounces", str(tmp_path / "box"), stdout=out)
        outs.append(out.getvalue().split("\n")[:-1])
    assert outs == [["1 bounced", "1 no delivery report"], []]


def refusal(row: Invitee) -> str:
    return f"/u/{marks.refusal_of(row.pk)}/"


def test_looking_at_the_page_changes_nothing(sent: Invitee) -> None:
    client = Client()
    response = client.get(refusal(sent))
    assert response.status_code == 200
    assert "<button>" in response.content.decode()
    assert not client.cookies
    assert state(sent) == S.SENT


def test_one_click(sent: Invitee) -> None:
    client = Client(enforce_csrf_checks=True)
    for _again in range(2):
        response = client.post(refusal(sent), {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
    assert state(sent) == S.UNSUBSCRIBED
    with scope(workspace=sent.workspace):
        assert Refusal.objects.get().reason == "unsubscribed"
    assert "get no more letters" in client.get(refusal(sent)).content.decode()


@pytest.mark.parametrize("token", ["test", "1.made-up", "0", "x" * 300])
def test_made_up_addresses(sent: Invitee, token: str) -> None:
    assert Client().post(f"/u/{token}/").status_code == 404
    assert state(sent) == S.SENT
