"""What people answered, and the histograms folded from it."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cxm.models import Workspace
from cxm.scoping import WorkspaceManager
from surveys.models.words import Source, Status
from touchpoints.models import Fact


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
    # The link it came through and the number of the version that was answered, where asked here.
    link_id = models.BigIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    # False where the person left before the end; what they answered counts all the same.
    # A default of the database as well: imports copy rows in without naming it.
    is_complete = models.BooleanField(default=True, db_default=True)

    objects = WorkspaceManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "survey_id", "external_id"], name="surveys_response_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "answered_on"], name="surveys_response_day"),
            models.Index(
                fields=["workspace", "survey_id", "source", "link_id", "is_complete"],
                name="surveys_response_of_survey",
            ),
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


class Filling(Fact):
    """A questionnaire while one person fills it in: every answer is stored here at once.

    ``id`` is the hash of the token in the person's address, so that nobody who reads the table can
    continue for them. Ending (or staying away) turns it into a Response with its Answers; then
    ``response_id`` says which, and the times of an anonymous one become the Monday of its week.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state", "Open")
        FINISHED = "finished", _("Finished")
        LEFT = "left", _("Left before the end")
        HELD = "held", _("Held back")
        FULL = "full", _("Quota full")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    survey_id = models.BigIntegerField()
    version_id = models.BigIntegerField()
    link_id = models.BigIntegerField()
    invitee_id = models.BigIntegerField(null=True, blank=True)
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # {id of the question: what ``surveys.questionnaire.replies`` says}
    answers = models.JSONField(default=dict)
    # The last page that the person has seen; 0 where none was answered yet.
    at_question = models.BigIntegerField(default=0)
    # The rotating questions, the one most in need of answers first.
    rotation: Any = ArrayField(models.BigIntegerField(), default=list)
    response_id = models.UUIDField(null=True, blank=True)
    # Hash of the word that the person keeps, to see or delete the answers later.
    word_hash = models.CharField(max_length=64, blank=True)
    # Why this may not be a person: ["honeypot", "fast", …]; empty where nothing speaks for it.
    suspicions: Any = ArrayField(models.CharField(max_length=20), default=list)
    started_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True)

    objects = WorkspaceManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "survey_id", "state"], name="surveys_filling_of_survey"
            ),
            models.Index(
                fields=["workspace", "touched_at"],
                name="surveys_filling_idle",
                condition=models.Q(state="open"),
            ),
            models.Index(
                fields=["workspace", "word_hash"],
                name="surveys_filling_word",
                condition=~models.Q(word_hash=""),
            ),
            models.Index(fields=["workspace", "response_id"], name="surveys_filling_response"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.get_state_display()}"


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
    """A day whose histograms no longer say what its answers say; readers then ask the answers.

    Every change adds a mark, even where one stands: to find that out it would have to wait for a
    fold that is just taking the other one away.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    day = models.DateField()

    objects = WorkspaceManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "day"], name="surveys_dirty_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day}"
