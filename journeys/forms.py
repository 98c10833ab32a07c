"""Forms of the map pages. Choices come from the workspace's scope, so nothing foreign is valid."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.models import Step
from surveys.models import SCALE_KINDS, Question
from touchpoints.models import Touchpoint


class TitleForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)


class PhaseForm(forms.Form):
    name = forms.CharField(label=_("Phase"), max_length=120)


class NewStepForm(forms.Form):
    name = forms.CharField(label=_("Step"), max_length=120)


class MoveForm(forms.Form):
    by = forms.TypedChoiceField(choices=[(-1, "-1"), (1, "1")], coerce=int)


class MapFileForm(forms.Form):
    file = forms.FileField(
        label=_("Map as TOML"),
        help_text=_("Phases, steps, their touchpoints and what the team assumes."),
        widget=forms.ClearableFileInput(attrs={"accept": ".toml,application/toml"}),
    )


class QuestionChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.survey.name}: {obj.text}"


class StepForm(forms.Form):
    name = forms.CharField(label=_("Step"), max_length=120)
    assumed = forms.DecimalField(
        label=_("The team assumes"),
        help_text=_("−2 angry, −1 annoyed, 0 neutral, +1 good, +2 great. Empty: not assumed."),
        min_value=Decimal(-2),
        max_value=Decimal(2),
        max_digits=3,
        decimal_places=2,
        required=False,
        localize=True,
    )
    touchpoints: Any = forms.ModelMultipleChoiceField(
        label=_("Touchpoints"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    questions = QuestionChoice(
        label=_("Questions that ask about the step itself"),
        help_text=_("Questions about a touchpoint are bound through it."),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        linked = [link.touchpoint_id for link in step.touchpoint_links.all()]
        in_use: Any = Touchpoint.objects.filter(workspace_id=step.workspace_id)
        self.field("touchpoints").queryset = (
            in_use.in_use() | in_use.filter(pk__in=linked)
        ).order_by("name")
        self.field("questions").queryset = (
            Question.objects.filter(
                workspace_id=step.workspace_id, touchpoint=None, kind__in=SCALE_KINDS
            )
            .select_related("survey")
            .order_by("survey__name", "position")
        )
        if not self.field("touchpoints").queryset.exists():
            self.field("touchpoints").help_text = _("The catalogue has no touchpoints yet.")
        if not self.field("questions").queryset.exists():
            del self.fields["questions"]
        self.initial = {
            "name": step.name,
            "assumed": step.assumed,
            "touchpoints": linked,
            "questions": [link.question_id for link in step.question_links.all()],
        }

    def field(self, name: str) -> Any:
        return self.fields[name]

    def chosen_touchpoints(self) -> list[Touchpoint]:
        """The chosen touchpoints: those of before in their order, new ones after them."""
        order = {link.touchpoint_id: link.position for link in self.step.touchpoint_links.all()}
        return sorted(
            self.cleaned_data["touchpoints"], key=lambda t: (order.get(t.pk, 1000), t.name)
        )
