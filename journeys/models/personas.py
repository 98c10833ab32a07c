"""Personas, and how they feel along a map as far as the team assumes."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.models import Workspace
from cxm.scoping import WorkspaceManager
from journeys.models.lanes import Upload
from journeys.models.maps import Journey, Step
from touchpoints.models import Segment


class Persona(models.Model):
    """An archetype of a segment; goals, needs and behaviour are one per line."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    summary = models.CharField(_("in one line"), max_length=200, blank=True)
    quote = models.CharField(_("quote"), max_length=300, blank=True)
    goals = models.TextField(_("goals"), max_length=4000, blank=True)
    needs = models.TextField(_("needs"), max_length=4000, blank=True)
    behaviour = models.TextField(_("behaviour"), max_length=4000, blank=True)
    fears = models.TextField(_("fears"), max_length=4000, blank=True)
    picture = models.ForeignKey(Upload, models.SET_NULL, null=True, blank=True, related_name="+")
    segment = models.ForeignKey(
        Segment, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("stands for"),
    )  # fmt: skip
    owner = models.CharField(_("owner"), max_length=80, blank=True)
    reviewed_on = models.DateField(_("reviewed"), null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class JourneyPersona(models.Model):
    """That a persona goes through a map."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="persona_links")
    persona = models.ForeignKey(Persona, models.CASCADE, related_name="journey_links")
    position = models.FloatField(default=0)

    objects = WorkspaceManager()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["journey", "persona"], name="journeys_persona_once"),
        ]

    def __str__(self) -> str:
        return f"{self.journey_id} · {self.persona_id}"


class Assumption(models.Model):
    """What the team believes one persona feels at a step, −2 … +2; ``Step.assumed`` is for all."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    step = models.ForeignKey(Step, models.CASCADE, related_name="assumptions")
    persona = models.ForeignKey(Persona, models.CASCADE, related_name="+")
    value = models.DecimalField(
        max_digits=3, decimal_places=2, validators=[MinValueValidator(-2), MaxValueValidator(2)]
    )

    objects = WorkspaceManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "persona"], name="journeys_assumption_once"),
            models.CheckConstraint(
                condition=models.Q(value__range=(-2, 2)), name="journeys_assumption_in_scale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} · {self.persona_id}: {self.value}"
