"""How a survey reaches people: links and codes, lists of invitations, and who wants none."""

import secrets
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.models import User, Workspace
from cxm.scoping import WorkspaceManager
from surveys.models.questionnaires import Survey
from surveys.models.words import Source
from touchpoints.models import Segment, Touchpoint

# Without letters and digits that are read as each other on a table card.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def link_code() -> str:
    """Six signs: short enough to be typed, 30 bits, so that guessing finds nothing soon."""
    return "".join(secrets.choice(_ALPHABET) for _sign in range(6))


class Link(models.Model):
    """One way to a survey: the place it hangs at, the mail it stands in, the tablet it runs on."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="links")
    # In addresses, with no regard to case: /m/7KQ4XP
    code = models.CharField(max_length=12, unique=True, default=link_code)
    source = models.CharField(
        _("source"), max_length=12, choices=Source.choices, default=Source.LINK
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    touchpoint = models.ForeignKey(
        Touchpoint, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # People who come this way belong to it: the afternoon guests, branch 2.
    segment = models.ForeignKey(Segment, models.SET_NULL, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)
    # Empty but for tablets: leaving the survey asks for it.
    pin_hash = models.CharField(max_length=200, blank=True)
    # How the printed card looks: {"title": {language: text}, "language", "back", "format"}
    card = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name or self.code


class Mailing(models.Model):
    """One letter to a list of people, each with an address of their own to the survey."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PLANNED = "planned", _("Planned")
        SENDING = "sending", _("Sending")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Sent")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="mailings")
    link = models.ForeignKey(Link, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    # {language: text}; the letter holds {name} and {link}.
    subjects = models.JSONField(default=dict)
    bodies = models.JSONField(default=dict)
    reminder_subjects = models.JSONField(default=dict, blank=True)
    reminder_bodies = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    send_at = models.DateTimeField(_("send at"), null=True, blank=True)
    # Reminders to those who have not answered: so many, each so many days after the last letter.
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    remind_after = models.PositiveSmallIntegerField(_("days between"), default=7)
    # Where the application was reached when sending began: letters are written by a job.
    origin = models.CharField(max_length=200, blank=True, default="")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name


class Invitee(models.Model):
    """One person of a mailing, and what became of the letter."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        ANSWERED = "answered", _("Answered")
        BOUNCED = "bounced", _("Came back")
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
        SPARED = "spared", _("Spared: invited elsewhere shortly before")
        FAILED = "failed", _("Failed")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="invitees")
    # Lower case, so that one person stands in a list once.
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=160, blank=True)
    language = models.CharField(max_length=12, blank=True)
    customer_id = models.UUIDField(null=True, blank=True)
    segments: Any = ArrayField(models.BigIntegerField(), default=list, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    reminders_sent = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailing", "email"], name="surveys_invitee_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["mailing", "state", "next_at"], name="surveys_invitee_due"),
            models.Index(fields=["workspace", "email"], name="surveys_invitee_person"),
        ]

    def __str__(self) -> str:
        return self.email


class Refusal(models.Model):
    """An address that gets no survey mail any more: it came back, or the person said so."""

    class Reason(models.TextChoices):
        BOUNCED = "bounced", _("Came back")
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
        ERASED = "erased", _("Erased")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    # A keyed hash of the address: who was erased is not listed here by name.
    email_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=14, choices=Reason.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "email_hash"], name="surveys_refusal_once"
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
