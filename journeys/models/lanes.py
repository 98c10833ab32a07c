"""The rows of a map and the cards in them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cxm.models import Workspace
from cxm.scoping import WorkspaceManager
from journeys.models.maps import Journey, Step


class Upload(models.Model):
    """A picture or a file that people put on a map; pictures are stored re-drawn, never as sent."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    size = models.PositiveIntegerField()
    # Pictures only, in pixels.
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "sha256", "name"], name="journeys_upload_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LaneKind(models.TextChoices):
    ACTION = "action", _("Customer action")
    STORYBOARD = "storyboard", _("Storyboard")
    TOUCHPOINTS = "touchpoints", _("Touchpoints")
    CHANNELS = "channels", _("Channels")
    EMOTION = "emotion", _("Emotion")
    THOUGHTS = "thoughts", _("Thoughts")
    QUOTES = "quotes", _("In their words")
    GOALS = "goals", _("Goals and needs")
    PAINS = "pains", _("Pain points")
    IDEAS = "ideas", _("Opportunities")
    MEASURES = "measures", _("Measures")
    INDICATORS = "indicators", _("Numbers")
    MOMENTS = "moments", _("Moments of truth")
    EVIDENCE = "evidence", _("Physical evidence")
    INTERACTION = "interaction", _("Line of interaction")
    FRONTSTAGE = "frontstage", _("Frontstage")
    VISIBILITY = "visibility", _("Line of visibility")
    BACKSTAGE = "backstage", _("Backstage")
    INTERNAL = "internal", _("Line of internal interaction")
    SUPPORT = "support", _("Support processes and systems")
    RESPONSIBLE = "responsible", _("Responsible")
    DIMENSIONS = "dimensions", _("Experience dimensions")
    LINKS = "links", _("Files and links")
    TEXT = "text", pgettext_lazy("lane of a map", "Notes")


LINES = frozenset({LaneKind.INTERACTION, LaneKind.VISIBILITY, LaneKind.INTERNAL})
"""Lanes that are a line across the map and hold nothing."""

DERIVED = frozenset(
    {LaneKind.TOUCHPOINTS, LaneKind.CHANNELS, LaneKind.EMOTION, LaneKind.INDICATORS, *LINES}
)
"""Lanes that hold no cards: they show what the steps, the catalogue or the answers say."""

BLUEPRINT = frozenset(
    {LaneKind.EVIDENCE, LaneKind.FRONTSTAGE, LaneKind.BACKSTAGE, LaneKind.SUPPORT, *LINES}
)
"""Lanes of a service blueprint."""


class Lane(models.Model):
    """One row of the map."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="lanes")
    kind = models.CharField(_("kind"), max_length=20, choices=LaneKind.choices)
    # Empty: the lane is called like its kind, in the reader's language.
    name = models.CharField(_("name"), max_length=80, blank=True)
    # Who stands behind it, under the name: "Kitchen, Omar".
    note = models.CharField(_("note"), max_length=120, blank=True)
    position = models.FloatField()
    collapsed = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())


class Mark(models.TextChoices):
    NONE = "", pgettext_lazy("mark of a card", "None")
    PAIN = "pain", _("Pain point")
    IDEA = "idea", _("Opportunity")
    MEASURE = "measure", _("Measure")
    WAIT = "wait", _("Waiting time")
    FAIL = "fail", _("Where it fails")


class CardStatus(models.TextChoices):
    NONE = "", pgettext_lazy("status of a card", "None")
    IDEA = "idea", pgettext_lazy("status of a card", "Idea")
    OPEN = "open", pgettext_lazy("status of a card", "Open")
    DOING = "doing", pgettext_lazy("status of a card", "Doing")
    DONE = "done", pgettext_lazy("status of a card", "Done")


class Evidence(models.TextChoices):
    ASSUMPTION = "assumption", _("Assumption")
    ANECDOTE = "anecdote", _("Anecdote")
    MEASURED = "measured", _("Measured")


class Tag(models.TextChoices):
    """Colours of cards, from the tokens; they sort, they never carry data."""

    NONE = "", pgettext_lazy("colour of a card", "None")
    STONE = "stone", pgettext_lazy("colour of a card", "Stone")
    PLUM = "plum", pgettext_lazy("colour of a card", "Plum")
    BLUE = "blue", pgettext_lazy("colour of a card", "Blue")
    OCHRE = "ochre", pgettext_lazy("colour of a card", "Ochre")


class Card(models.Model):
    """What a map says in one cell; a cell holds any number of them."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    lane = models.ForeignKey(Lane, models.CASCADE, related_name="cards")
    step = models.ForeignKey(Step, models.CASCADE, related_name="cards")
    position = models.FloatField()
    text = models.TextField(_("text"), max_length=4000, blank=True)
    mark = models.CharField(_("mark"), max_length=10, choices=Mark.choices, blank=True)
    tag = models.CharField(_("colour"), max_length=10, choices=Tag.choices, blank=True)
    # A name rather than a user: pains often belong to people without an account.
    owner = models.CharField(_("owner"), max_length=80, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=CardStatus.choices, blank=True)
    due = models.DateField(_("due"), null=True, blank=True)
    evidence = models.CharField(
        _("evidence"), max_length=12, choices=Evidence.choices, default=Evidence.ASSUMPTION
    )
    evidence_source = models.CharField(_("source"), max_length=200, blank=True)
    evidence_n = models.PositiveIntegerField("n", null=True, blank=True)
    evidence_on = models.DateField(_("as of"), null=True, blank=True)
    url = models.CharField(_("link"), max_length=500, blank=True)
    upload = models.ForeignKey(Upload, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.text[:40]


class Arrow(models.Model):
    """That one card leads to another: the arrows of a service blueprint."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    tail = models.ForeignKey(Card, models.CASCADE, related_name="arrows_out")
    head = models.ForeignKey(Card, models.CASCADE, related_name="arrows_in")
    both_ways = models.BooleanField(default=False)

    objects = WorkspaceManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tail", "head"], name="journeys_arrow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tail_id} → {self.head_id}"
