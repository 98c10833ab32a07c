"""Mails about remarks on maps."""

from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from cxm.models import Membership
from journeys.models import Notification


def send(notification_id: int, origin: str) -> None:
    """Mail a notification, unless that was done, it was read meanwhile, or its reader left.

    Claimed before it is sent: a crash in between costs the mail, never sends it twice. A mail
    server that refuses gives the claim back and raises, so that the job is tried again.
    """
    with scopes_disabled():
        waiting = Notification.objects.filter(
            pk=notification_id, mailed_at__isnull=True, read_at__isnull=True
        )
        if not waiting.update(mailed_at=timezone.now()):
            return
        row = Notification.objects.select_related(
            "user", "workspace", "comment__author", "comment__journey"
        ).get(pk=notification_id)
    if not Membership.objects.filter(workspace=row.workspace, user=row.user).exists():
        return
    language = row.user.language or row.workspace.language
    try:
        with scope(workspace=row.workspace), translation.override(language):
            _letter(row, origin).send()
    except (OSError, SMTPException):
        with scopes_disabled():
            Notification.objects.filter(pk=row.pk).update(mailed_at=None)
        raise


def _letter(row: Notification, origin: str) -> EmailMessage:
    comment = row.comment
    sender = comment.author.name if comment.author else ""
    words = _("%(sender)s on the map “%(map)s”") if sender else _("A remark on the map “%(map)s”")
    subject = words % {"sender": sender, "map": comment.journey.title}
    context = {
        "row": row,
        "comment": comment,
        "sender": sender,
        "link": origin + place_address(row),
    }
    body = render_to_string("journeys/notification_mail.txt", context)
    # A name or a title with a line break would otherwise be refused as a forged header.
    return EmailMessage(" ".join(subject.split()), body, to=[row.user.email])


def place_address(row: Notification) -> str:
    """Where the remark is seen: the map, with the thread opened."""
    comment = row.comment
    path = reverse(
        "journeys:journey",
        kwargs={"workspace": row.workspace.slug, "journey": comment.journey.slug},
    )
    return f"{path}?comment={comment.thread_id or comment.pk}"
