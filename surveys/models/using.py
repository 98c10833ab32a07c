"""What is done with answers: tags, weights, cases, and what one person may demand."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cxm.models import User, Workspace
from cxm.scoping import WorkspaceManager
from surveys.models.questionnaires import Question, Survey
from touchpoints.models import Touchpoint


class Tag(models.Model):
    """A word for what comments are about; its ``words`` tag new comments by themselves."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    words: Any = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "name"], name="surveys_tag_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """A comment and its tag, or that a tag which its words suggest does not fit."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings")
    answer_id = models.UUIDField()
    fits = models.BooleanField(default=True)

    objects = WorkspaceManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tag", "answer_id"], name="surveys_tagging_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "answer_id"], name="surveys_tagging_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.tag_id}: {self.answer_id}"


class Scheme(models.Model):
    """Weights that bring a survey's segments to known shares (raking).

    ``targets``: [{"dimension": name, "shares": [[id of the segment, share], …]}], shares of a
    dimension adding up to 1. ``cells``: [[[ids of the segments], weight], …], one for every
    combination that occurs; a response's weight is that of its combination.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="schemes")
    name = models.CharField(_("name"), max_length=120)
    targets = models.JSONField(default=list)
    low = models.FloatField(_("lowest weight"), default=0.3)
    high = models.FloatField(_("highest weight"), default=3.0)
    cells = models.JSONField(default=list)
    # What came out: {"n", "n_eff", "rounds", "trimmed", "lowest", "highest",
    # "unknown": [responses in no segment, one number per dimension],
    # "small": [ids of segments that too few people are of to weight by],
    # "reached": [[id of the segment, share before, share after], …]}
    outcome = models.JSONField(default=dict)
    computed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "name"], name="surveys_scheme_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def segment_ids(self) -> list[int]:
        """The segments that have a share."""
        return [id for target in self.targets for id, _share in target["shares"]]


class Rule(models.Model):
    """When a case opens: a low score, a detractor, a word in a comment."""

    class Kind(models.TextChoices):
        SCORE = "score", _("Score at most")
        NPS = "nps", _("Recommendation at most")
        WORD = "word", _("Word in a comment")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="rules")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    # Empty: any question of that kind.
    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="+")
    at_most = models.SmallIntegerField(null=True, blank=True)
    words: Any = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    due_days = models.PositiveSmallIntegerField(_("days until due"), default=3)
    is_active = models.BooleanField(default=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.get_kind_display()


class Case(models.Model):
    """A person who agreed to be contacted, and what is done about what they said."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state", "Open")
        WORKING = "working", _("In work")
        DONE = "done", _("Done")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="cases")
    rule = models.ForeignKey(Rule, models.SET_NULL, null=True, blank=True, related_name="+")
    response_id = models.UUIDField()
    question = models.ForeignKey(Question, models.SET_NULL, null=True, blank=True, related_name="+")
    touchpoint = models.ForeignKey(
        Touchpoint, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # How the person wants to be reached; they gave it for this.
    contact = models.CharField(max_length=254, blank=True)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    outcome = models.TextField(_("outcome"), blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "response_id", "rule"], name="surveys_case_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id}"


class CaseNote(models.Model):
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.text[:60]


class Erasure(models.Model):
    """Proof that a person's data, or data past its age, was erased; without the person."""

    class Reason(models.TextChoices):
        DEMAND = "demand", _("On demand")
        AGE = "age", _("Past its age")
        PERSON = "person", _("By the person")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=8, choices=Reason.choices)
    # {"responses": 2, "answers": 14, "contacts": 3, "mails": 1, "cases": 0}
    counts = models.JSONField(default=dict)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.done_at:%Y-%m-%d}"
