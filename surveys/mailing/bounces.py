"""Mail that came back: delivery reports (RFC 3464) read, and whom they speak of."""

import datetime as dt
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from typing import Any, Final

from django.utils import timezone
from django_scopes import scope, scopes_disabled

from surveys.mailing import marks
from surveys.mailing.people import address
from surveys.models import Invitee, Refusal
from surveys.refusals import refuse

LARGEST: Final = 10 * 1024 * 1024
# A report that names only the address counts for letters of so many days.
RECENT: Final = dt.timedelta(days=30)
_ENVELOPE: Final = ("To", "Delivered-To", "X-Original-To", "Envelope-To")


class Found(StrEnum):
    NO_REPORT = "no delivery report"
    TEMPORARY = "temporary"
    UNKNOWN = "of no letter of ours"
    BOUNCED = "bounced"


@dataclass(frozen=True)
class Report:
    """One recipient of a delivery report. ``status`` is as in RFC 3463: "5.1.1"."""

    action: str
    status: str
    recipient: str
    mark: int | None

    @property
    def is_permanent(self) -> bool:
        return self.action == "failed" and self.status.startswith("5")

    @property
    def is_about_the_address(self) -> bool:
        """5.2.2 is a full mailbox and 5.7 a policy: another letter may arrive."""
        return not self.status.startswith(("5.2.2", "5.7"))


def read(content: bytes) -> list[Report]:
    """The reports in a mail; none where it is something else."""
    mail = message_from_bytes(content[:LARGEST], policy=policy.default)
    assert isinstance(mail, EmailMessage)
    mark = _mark(mail, content)
    found = []
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        payload: Any = part.get_payload()
        for block in payload if isinstance(payload, list) else []:
            action = str(block.get("Action", "")).strip().lower()
            if not action:
                continue  # the first block speaks of the whole mail
            named = block.get("Original-Recipient") or block.get("Final-Recipient") or ""
            recipient = str(named).rpartition(";")[2].strip()
            status = str(block.get("Status", "")).split(" ")[0].strip()
            found.append(Report(action, status, recipient, mark))
    return found


def _mark(mail: EmailMessage, content: bytes) -> int | None:
    """From the address that the report came to, else from the head of the returned letter."""
    for name in _ENVELOPE:
        for value in mail.get_all(name, []):
            if (found := marks.invitee_of(str(value))) is not None:
                return found
    for part in mail.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            text = part.as_bytes()[:100_000].decode("ascii", "replace")
            if (found := marks.invitee_of(text)) is not None:
                return found
    return None


def take(content: bytes) -> Found:
    """Note what a returned mail says. Twice is once; whoever answered stays ANSWERED."""
    try:
        reports = read(content)
    except (ValueError, LookupError, AssertionError):
        return Found.NO_REPORT
    if not reports:
        return Found.NO_REPORT
    permanent = [report for report in reports if report.is_permanent]
    if not permanent:
        return Found.TEMPORARY
    taken = [_take(report) for report in permanent]
    return Found.BOUNCED if any(taken) else Found.UNKNOWN


def _take(report: Report) -> bool:
    email = address(report.recipient)
    with scopes_disabled():
        rows = Invitee.objects.select_related("workspace")
        if report.mark is not None:
            found = list(rows.filter(pk=report.mark))
        elif email:
            since = timezone.now() - RECENT
            found = list(rows.filter(email=email, sent_at__gte=since).order_by("-sent_at")[:1])
        else:
            found = []
    for row in found:
        with scope(workspace=row.workspace):
            _note(row, report)
    return bool(found)


def _note(row: Invitee, report: Report) -> None:
    came_back = Invitee.objects.filter(
        pk=row.pk, state__in=[Invitee.State.SENT, Invitee.State.SENDING]
    )
    words = f"{report.status} {report.recipient}"[:300]
    came_back.update(state=Invitee.State.BOUNCED, next_at=None, error=words)
    if report.is_about_the_address:
        reason = Refusal.Reason.BOUNCED
        refuse(workspace_id=row.workspace_id, emails=[row.email], reason=reason)
