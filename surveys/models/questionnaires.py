"""Questionnaires as they are edited, and the versions of them that people answer."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cxm.models import User, Workspace
from cxm.scoping import WorkspaceManager
from surveys.models.words import Kind, Source
from touchpoints.models import Segment, Touchpoint


class Survey(models.Model):
    """A questionnaire and how it is open to people; imported ones hold answers of elsewhere.

    Its ``questions`` are the draft that editors see; people answer its ``version``.
    """

    class State(models.TextChoices):
        IMPORTED = "imported", _("Imported")
        DRAFT = "draft", _("Draft")
        OPEN = "open", pgettext_lazy("state", "Open")
        CLOSED = "closed", _("Closed")

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
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.IMPORTED
    )
    # The languages beside ``language``, in which the draft is written first.
    languages: Any = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    # {"title" | "intro" | "thanks" | "closed": {language: text}}
    texts = models.JSONField(default=dict, blank=True)
    # Chosen before the first opening, and never turned afterwards.
    is_anonymous = models.BooleanField(_("anonymous"), default=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    max_answers = models.PositiveIntegerField(_("closes after so many"), null=True, blank=True)
    # Of the rotating questions at most so many per person; those with the fewest answers first.
    cap = models.PositiveSmallIntegerField(
        _("rotating questions per person"), null=True, blank=True
    )
    version = models.ForeignKey(
        "surveys.Version", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Counts the changes of the draft, so that two editors notice each other.
    revision = models.PositiveIntegerField(default=0)
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

    @property
    def all_languages(self) -> list[str]:
        return [self.language, *(code for code in self.languages if code != self.language)]

    @property
    def is_collected(self) -> bool:
        """Asked here, rather than brought in from elsewhere."""
        return self.state != self.State.IMPORTED


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
    # In all languages of the survey: {language: text}; ``text`` repeats the first of them.
    texts = models.JSONField(default=dict, blank=True)
    help_texts = models.JSONField(default=dict, blank=True)
    # What can be chosen, or the words of a scale: [{"code": 5, "texts": {language: label},
    # "segment": id of the segment that this choice puts a person into, or absent}].
    options = models.JSONField(default=list, blank=True)
    has_other = models.BooleanField(_("with “other”"), default=False)
    is_required = models.BooleanField(_("required"), default=False)
    offers_never_used = models.BooleanField(_("offers “never used”"), default=False)
    offers_unknown = models.BooleanField(_("offers “don’t know”"), default=False)
    rotates = models.BooleanField(_("rotates"), default=False)
    # A consent to be contacted asks for an address as well.
    asks_contact = models.BooleanField(_("asks for an e-mail address"), default=False)
    # Alternatives of conditions that hold together:
    # [[{"question": id, "is": "at_most", "to": [2]}, …], …]
    show_if = models.JSONField(default=list, blank=True)
    # [{"when": as show_if, "to": id of a later question, or 0 for the end}]
    jumps = models.JSONField(default=list, blank=True)
    # A part of a matrix, of several choices or of a ranking; its answers are its own.
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts")
    # The option of ``parent`` that this part stands for.
    code = models.SmallIntegerField(null=True, blank=True)
    # Asked once, not any more: its answers stay.
    is_retired = models.BooleanField(default=False)
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    touchpoint = models.ForeignKey(
        Touchpoint, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The revision of the survey with which it was changed last.
    revision = models.PositiveIntegerField(default=0, db_default=0)

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


class Version(models.Model):
    """A questionnaire as it was opened to people. Its definition never changes."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    # What ``surveys.questionnaire`` reads and writes.
    definition = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    published_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["survey_id", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "number"], name="surveys_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Quota(models.Model):
    """At most so many responses of one segment; people beyond it are thanked and not asked."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="quotas")
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="+")
    limit = models.PositiveIntegerField(_("at most"))

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["segment_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "segment"], name="surveys_quota_once"),
        ]

    def __str__(self) -> str:
        return f"{self.segment} ≤ {self.limit}"
