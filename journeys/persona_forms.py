"""The form of a persona, and of its picture."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys import personas
from journeys.models import Journey, Persona
from touchpoints.models import Segment


class PersonaForm(forms.ModelForm[Persona]):
    """Segments and maps come from the workspace's scope, so nothing foreign is valid."""

    segment: Any = forms.ModelChoiceField(
        queryset=None,
        required=False,
        label=_("Stands for"),
        empty_label=_("no segment"),
        help_text=_("The group of customers whose answers are shown beside the persona."),
    )
    journeys: Any = forms.ModelMultipleChoiceField(
        queryset=None,
        required=False,
        label=_("Goes through"),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Persona
        fields = (
            "name", "summary", "quote", "goals", "needs", "behaviour", "fears", "owner",
            "reviewed_on",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        segment: Any = self.fields["segment"]
        journeys: Any = self.fields["journeys"]
        segment.queryset = Segment.objects.order_by("dimension", "position", "name")
        journeys.queryset = Journey.objects.filter(is_template=False).order_by("title")
        for name in ("goals", "needs", "behaviour", "fears"):
            self.fields[name].widget.attrs["rows"] = 4
            self.fields[name].help_text = _("One per line.")
        self.fields["quote"].help_text = _("What this person would say, without quotation marks.")
        self.fields["reviewed_on"].widget = forms.DateInput(
            attrs={"type": "date"}, format="%Y-%m-%d"
        )
        if self.instance.pk:
            self.initial["segment"] = self.instance.segment_id
            self.initial["journeys"] = [one.pk for one in personas.maps_of(self.instance)]

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.instance.segment = self.cleaned_data.get("segment")
        return self.cleaned_data


class PictureForm(forms.Form):
    file = forms.FileField(
        label=_("Picture"),
        required=False,
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,image/gif,image/avif"}
        ),
        help_text=_("JPEG, PNG, WebP, GIF or AVIF, up to 10 MB. Where it was taken is removed."),
    )
