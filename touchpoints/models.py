"""The catalogue of touchpoints, and the customers who meet them."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cxm.models import Workspace, uuid7
from cxm.scoping import WorkspaceManager


class MediaType(models.TextChoices):
    PAID = "paid", _("Paid")
    OWNED = "owned", _("Owned")
    EARNED = "earned", _("Earned")


class ContactKind(models.TextChoices):
    DIRECT = "direct", _("Direct")
    INDIRECT = "indirect", _("Indirect")


class Stage(models.TextChoices):
    BEFORE = "before", _("Before purchase")
    DURING = "during", _("During purchase")
    AFTER = "after", _("After purchase")


class Influence(models.TextChoices):
    NONE = "none", _("None")
    LOW = "low", _("Low")
    SHARED = "shared", _("Shared")
    FULL = "full", _("Full")


class Lifecycle(models.TextChoices):
    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("Active")
    RETIRED = "retired", _("Retired")


class Channel(models.Model):
    """The way contacts run: in store, online, by post; one's own words are allowed."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", Lower("name"), name="touchpoints_channel_once"),
        ]

    def __str__(self) -> str:
        return self.name


class TouchpointQuerySet(models.QuerySet["Touchpoint"]):
    def for_catalogue(self) -> "TouchpointQuerySet":
        """Everything a row of the catalogue shows, in one query."""
        return self.select_related("channel").order_by("name")

    def in_use(self) -> "TouchpointQuerySet":
        return self.exclude(lifecycle=Lifecycle.RETIRED)


class Touchpoint(models.Model):
    """A place, person, product or piece of marketing where a customer meets the brand."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    media_type = models.CharField(
        _("media type"), max_length=8, choices=MediaType.choices, default=MediaType.OWNED
    )
    channel = models.ForeignKey(
        Channel, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("channel")
    )
    contact = models.CharField(
        _("contact"), max_length=8, choices=ContactKind.choices, default=ContactKind.DIRECT
    )
    stage = models.CharField(_("stage"), max_length=8, choices=Stage.choices, default=Stage.DURING)
    owner = models.CharField(_("owner"), max_length=120, blank=True)
    influence = models.CharField(
        _("influence"), max_length=8, choices=Influence.choices, default=Influence.FULL
    )
    lifecycle = models.CharField(
        _("lifecycle"), max_length=8, choices=Lifecycle.choices, default=Lifecycle.ACTIVE
    )
    description = models.TextField(_("description"), blank=True)
    # Where its history went: merged with this one, or split off from it.
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    split_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = WorkspaceManager.from_queryset(TouchpointQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "workspace",
                Lower("name"),
                name="touchpoints_touchpoint_once",
                violation_error_message=_("A touchpoint with this name exists already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_retired(self) -> bool:
        return self.lifecycle == Lifecycle.RETIRED


class Alias(models.Model):
    """A name that a touchpoint had or was merged from: files that still use it find it."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    touchpoint = models.ForeignKey(Touchpoint, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", Lower("name"), name="touchpoints_alias_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Segment(models.Model):
    """A named group of customers; segments of one dimension exclude each other."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    dimension = models.CharField(_("dimension"), max_length=80)
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["dimension", "position", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "dimension", "name"], name="touchpoints_segment_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.name}"


class Fact(models.Model):
    """A row that Citus may distribute by workspace: composite key, no foreign keys, no triggers."""

    pk = models.CompositePrimaryKey("workspace_id", "id")
    workspace = models.ForeignKey(
        Workspace, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    id = models.UUIDField(default=uuid7, editable=False)

    class Meta:
        abstract = True


class Customer(Fact):
    """A known or pseudonymous person; the external id is the one of the firm's own systems."""

    external_id = models.CharField(_("external id"), max_length=200)
    segments: Any = ArrayField(models.BigIntegerField(), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "external_id"], name="touchpoints_customer_once"
            ),
        ]

    def __str__(self) -> str:
        return self.external_id


class Contact(Fact):
    """One customer meeting one touchpoint at one time."""

    customer_id = models.UUIDField()
    touchpoint_id = models.BigIntegerField()
    happened_at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=ContactKind.choices, default=ContactKind.DIRECT)
    source = models.CharField(max_length=12, default="import")
    external_id = models.CharField(max_length=200, blank=True)

    objects = WorkspaceManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "customer_id", "happened_at"], name="touchpoints_contact_path"
            ),
            models.Index(
                fields=["workspace", "touchpoint_id", "happened_at"],
                name="touchpoints_contact_reach",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} · {self.happened_at:%Y-%m-%d}"
