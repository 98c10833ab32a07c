"""What people say about a map, and to whom it is shown."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.models import User, Workspace
from cxm.scoping import WorkspaceManager
from journeys.models.maps import Journey


class Comment(models.Model):
    """A remark on the map, a step, a cell or a card; answers hang on the first of a thread.

    Places are ids without foreign keys: a remark outlives the card it was made on.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="comments")
    thread = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="answers"
    )
    step_ref = models.BigIntegerField(null=True, blank=True)
    lane_ref = models.BigIntegerField(null=True, blank=True)
    card_ref = models.BigIntegerField(null=True, blank=True)
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(_("comment"), max_length=4000)
    at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.text[:40]


class Notification(models.Model):
    """That a person was mentioned or answered."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="notifications")
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "comment"], name="journeys_notified_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.comment_id}"


class ShareLink(models.Model):
    """A read-only address of a map for people without an account."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="share_links")
    # Of the secret in the address only a hash is kept.
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    name = models.CharField(_("for whom"), max_length=120, blank=True)
    password = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    # Ids of lanes to show; null shows every lane that is not hidden, except customers' own words.
    lanes = models.JSONField(null=True, blank=True)
    # Wrong passwords since ``tries_since``: whoever guesses has to wait.
    tries = models.PositiveSmallIntegerField(default=0)
    tries_since = models.DateTimeField(null=True, blank=True)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name or self.hint
