"""The log of every change of a map, and what is kept beside it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.models import User, Workspace
from cxm.scoping import WorkspaceManager
from journeys.models.maps import Journey


class Event(models.Model):
    """One change of a map: the fact behind undo, history, "as of" and live updates.

    ``changes`` is a list of ``[kind, id, before, after]``: a row's fields by name. ``before`` is
    null for a new row, ``after`` for a removed one; otherwise both hold the changed fields alone.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField()
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    what = models.CharField(max_length=40)
    changes = models.JSONField(default=list)
    # The event that this one takes back: an undo, or the redo of an undo.
    undoes = models.PositiveBigIntegerField(null=True, blank=True)
    # Made by the browser: a change that is sent twice happens once.
    key = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["journey", "seq"], name="journeys_event_order"),
            models.UniqueConstraint(fields=["journey", "key"], name="journeys_event_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["journey", "actor", "-seq"], name="journeys_event_person"),
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.what}"


class Snapshot(models.Model):
    """A whole map after one event, so that a past state is few events away."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="snapshots")
    seq = models.PositiveBigIntegerField()
    state = models.JSONField()

    objects = WorkspaceManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["journey", "seq"], name="journeys_snapshot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.journey_id} @ {self.seq}"


class Version(models.Model):
    """A past state with a name."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="versions")
    seq = models.PositiveBigIntegerField()
    name = models.CharField(_("name"), max_length=120)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["-seq", "-id"]

    def __str__(self) -> str:
        return self.name
