"""Journey maps: phases and steps, what they meet and who goes through them."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.models import Workspace
from cxm.scoping import WorkspaceManager
from surveys.models import Question
from touchpoints.models import Touchpoint


class Journey(models.Model):
    """A map: phases → steps, crossed by lanes."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    slug = models.SlugField(_("address"), max_length=80)
    title = models.CharField(_("title"), max_length=160)
    is_sample = models.BooleanField(default=False)
    # One's own templates are maps that new maps are copied from.
    is_template = models.BooleanField(default=False)
    # The map of today that this one wants to become of.
    future_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="futures"
    )
    # The sequence number of the newest event; taking it locks the map for one change.
    last_seq = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["-updated_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="journeys_journey_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Phase(models.Model):
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="phases")
    # Between its neighbours: a move changes one row, not all of them.
    position = models.FloatField()
    name = models.CharField(_("name"), max_length=120)
    collapsed = models.BooleanField(default=False)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """One moment inside a phase."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    phase = models.ForeignKey(Phase, models.CASCADE, related_name="steps")
    position = models.FloatField()
    name = models.CharField(_("name"), max_length=120)
    # What the team believes customers feel, −2 … +2.
    assumed = models.DecimalField(
        _("the team assumes"),
        max_digits=3,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(-2), MaxValueValidator(2)],
    )
    # The team says: here it is decided.
    is_moment = models.BooleanField(_("moment of truth"), default=False)
    # A step can open into a map of its own.
    opens = models.ForeignKey(
        Journey, models.SET_NULL, null=True, blank=True, related_name="opened_by"
    )
    # The step of another map that this one was copied from; joins current and future.
    origin = models.BigIntegerField(null=True, blank=True)
    touchpoints = models.ManyToManyField(Touchpoint, through="StepTouchpoint", related_name="+")

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(assumed__isnull=True) | models.Q(assumed__range=(-2, 2)),
                name="journeys_step_assumed_in_scale",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StepTouchpoint(models.Model):
    """That a step meets a touchpoint."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    step = models.ForeignKey(Step, models.CASCADE, related_name="touchpoint_links")
    touchpoint = models.ForeignKey(Touchpoint, models.CASCADE, related_name="+")
    position = models.FloatField(default=0)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "touchpoint"], name="journeys_link_once"),
        ]

    def __str__(self) -> str:
        return f"{self.step} · {self.touchpoint}"


class StepQuestion(models.Model):
    """That a question asks about a step itself, whatever its touchpoints."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    step = models.ForeignKey(Step, models.CASCADE, related_name="question_links")
    question = models.ForeignKey(Question, models.CASCADE, related_name="+")

    objects = WorkspaceManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "question"], name="journeys_question_once"),
        ]

    def __str__(self) -> str:
        return f"{self.step} · {self.question}"
