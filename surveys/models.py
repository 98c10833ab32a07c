"""Questionnaires, what people answered, and the histograms folded from it."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.models import User, Workspace
from cxm.scoping import WorkspaceManager
from touchpoints.models import Fact, Touchpoint


class Source(models.TextChoices):
    """Where answers came from; sources are never blended without saying so."""

    LINK = "link", _("Survey link")
    QR = "qr", _("QR code")
    EMAIL = "email", _("E-mail")
    INTERVIEW = "interview", _("Interview")
    IMPORT = "import", _("Import")
    PORTAL = "portal", _("Review portal")


class Kind(models.TextChoices):
    RATING = "rating", _("Rating")
    NPS = "nps", _("Recommendation (NPS)")
    CSAT = "csat", _("Satisfaction (CSAT)")
    CES = "ces", _("Effort (CES)")
    CHOICE = "choice", _("Choice")
    TEXT = "text", _("Text")


SCALE_KINDS = (Kind.RATING, Kind.NPS, Kind.CSAT, Kind.CES)


class Status(models.IntegerChoices):
    """What an answer to a scale question is; only SCORED has a score."""

    SCORED = 0, _("Score")
    NEVER_USED = 1, _("Never used")
    NO_ANSWER = 2, _("No answer")


class Survey(models.Model):
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=160)
    language = models.CharField(_("language"), max_length=8, default="en")
    source = models.CharField(
        _("source"), max_length=12, choices=Source.choices, default=Source.IMPORT
    )
    # Empty: the workspace's own thresholds hold. Never below 3.
    min_answers = models.PositiveSmallIntegerField(_("answers per figure"), null=True, blank=True)
    min_verbatims = models.PositiveSmallIntegerField(
        _("answers per list of comments"), null=True, blank=True
    )
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "name"], name="surveys_survey_once"),
            models.CheckConstraint(
                condition=(models.Q(min_answers__isnull=True) | models.Q(min_answers__gte=3))
                & (models.Q(min_verbatims__isnull=True) | models.Q(min_verbatims__gte=3)),
                name="surveys_survey_k_at_least_3",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def k(self) -> int:
        """Figures on fewer answers than this stay hidden."""
        return self.min_answers or self.workspace.min_answers

    @property
    def k_verbatims(self) -> int:
        return self.min_verbatims or self.workspace.min_verbatims


class Question(models.Model):
    """One question of a survey. Raw answers stay as given; the scale says how to read them."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    position = models.PositiveIntegerField(default=0)
    key = models.CharField(_("column"), max_length=200)
    text = models.TextField(_("text"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.RATING)
    scale_min = models.SmallIntegerField(_("lowest score"), null=True, blank=True)
    scale_max = models.SmallIntegerField(_("highest score"), null=True, blank=True)
    # On a reversed scale the lowest score is the best one.
    is_reversed = models.BooleanField(_("reversed"), default=False)
    never_used_codes: Any = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    no_answer_codes: Any = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    labels = models.JSONField(default=dict, blank=True)
    touchpoint = models.ForeignKey(
        Touchpoint, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["survey_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "key"], name="surveys_question_key_once"),
            models.CheckConstraint(
                condition=models.Q(scale_min__isnull=True)
                | models.Q(scale_max__gt=models.F("scale_min")),
                name="surveys_question_scale_ascends",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def has_scale(self) -> bool:
        return self.scale_min is not None and self.scale_max is not None


class SavedMapping(models.Model):
    """How to read a file, as the TOML that the import page produces and accepts."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=160)
    toml = models.TextField()
    updated_at = models.DateTimeField(auto_now=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "name"], name="surveys_mapping_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """One file on its way in: uploaded, mapped, checked, stored; pages show its progress."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        STOPPED = "stopped", _("Stopped")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    file_name = models.CharField(max_length=255)
    file = models.FileField(upload_to="imports/", blank=True)
    mapping = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    rows_total = models.PositiveBigIntegerField(default=0)
    rows_done = models.PositiveBigIntegerField(default=0)
    result = models.JSONField(default=dict, blank=True)
    message = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class Response(Fact):
    """One person's filled survey."""

    survey_id = models.BigIntegerField()
    # The id of the row in the file it came from: importing twice changes nothing.
    external_id = models.CharField(max_length=200)
    answered_on = models.DateField()
    source = models.CharField(max_length=12, choices=Source.choices)
    language = models.CharField(max_length=8, blank=True)
    weight = models.FloatField(default=1.0)
    # Answers of one cluster (an interview run, a table) resemble each other.
    cluster = models.CharField(max_length=200, blank=True)
    customer_id = models.UUIDField(null=True, blank=True)
    segments: Any = ArrayField(models.BigIntegerField(), default=list)
    import_id = models.BigIntegerField(null=True, blank=True)

    objects = WorkspaceManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "survey_id", "external_id"], name="surveys_response_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "answered_on"], name="surveys_response_day"),
        ]

    def __str__(self) -> str:
        return self.external_id


class Answer(Fact):
    """One question of one response. ``raw`` is what the person gave."""

    response_id = models.UUIDField()
    question_id = models.BigIntegerField()
    status = models.SmallIntegerField(choices=Status.choices)
    score = models.SmallIntegerField(null=True, blank=True)
    raw = models.TextField(blank=True)

    objects = WorkspaceManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "response_id"], name="surveys_answer_response"),
            models.Index(fields=["workspace", "question_id"], name="surveys_answer_question"),
        ]

    def __str__(self) -> str:
        return self.raw


class Histogram(Fact):
    """Counts of one score of one question, segment, source and period (day or month).

    ``segment_id`` 0 stands for everybody. ``day`` of a month row is the first of the month.
    """

    class Grain(models.TextChoices):
        DAY = "d", _("Day")
        MONTH = "m", _("Month")

    question_id = models.BigIntegerField()
    segment_id = models.BigIntegerField(default=0)
    source = models.CharField(max_length=12)
    grain = models.CharField(max_length=1, choices=Grain.choices)
    day = models.DateField()
    status = models.SmallIntegerField(choices=Status.choices)
    score = models.SmallIntegerField(null=True)
    n = models.BigIntegerField()
    sum_w = models.FloatField()
    sum_w2 = models.FloatField()

    objects = WorkspaceManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "question_id", "segment_id", "grain", "day"],
                name="surveys_histogram_read",
            ),
            models.Index(fields=["workspace", "day"], name="surveys_histogram_day"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}/{self.day}: {self.score} × {self.n}"


class DirtyDay(models.Model):
    """A day whose histograms no longer say what its answers say; readers then ask the answers."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    day = models.DateField()

    objects = WorkspaceManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "day"], name="surveys_dirty_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day}"
