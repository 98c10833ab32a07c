"""The form of "Ask about this step"."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from journeys import asking
from journeys.models import Step
from surveys.models import Kind, Survey
from touchpoints.models import Touchpoint

NEW = "new"


class AskForm(forms.Form):
    """Kind, touchpoint and wording; the survey was chosen before, or gets its name here."""

    survey = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Name of the survey"), max_length=160, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), initial=Kind.FACES)
    touchpoint = forms.TypedChoiceField(
        label=gettext_lazy("Touchpoint"), required=False, coerce=int, empty_value=None
    )

    def __init__(
        self,
        *args: Any,
        step: Step,
        survey: Survey | None,
        languages: Sequence[str],
        met: Sequence[Touchpoint],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.chosen, self.met, self.languages = survey, met, languages
        self.fields["survey"].initial = survey.pk if survey else NEW
        self.fields["name"].initial = step.phase.journey.title
        kinds: Any = self.fields["kind"]
        kinds.choices = [(kind.value, kind.label) for kind in asking.ASKABLE]
        places: Any = self.fields["touchpoint"]
        places.choices = [
            *((place.pk, place.name) for place in met), ("", _("none: the step alone"))
        ]  # fmt: skip
        places.initial = met[0].pk if met else ""
        known = asking.wording(step.name, languages)
        for number, code in enumerate(languages):
            self.fields[_key(code)] = forms.CharField(
                label=_language(code),
                max_length=1000,
                required=number == 0,
                initial=known.get(code, ""),
                widget=forms.Textarea(attrs={"rows": 2, "lang": code, "dir": "auto"}),
            )

    @property
    def wordings(self) -> list[forms.BoundField]:
        return [self[_key(code)] for code in self.languages]

    @property
    def texts(self) -> dict[str, str]:
        """What was written, by language; an empty one is left to the builder."""
        found = {code: self.cleaned_data[_key(code)].strip() for code in self.languages}
        return {code: text for code, text in found.items() if text}

    @property
    def place(self) -> Touchpoint | None:
        pk = self.cleaned_data["touchpoint"]
        return next((place for place in self.met if place.pk == pk), None)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if self.chosen is None and not name:
            raise forms.ValidationError(_("A new survey needs a name."))
        return name


def _key(code: str) -> str:
    return f"text-{code}"


def _language(code: str) -> str:
    """The wording's label: "Wording (German)"; unknown languages by their code."""
    try:
        name = str(get_language_info(code)["name_translated"])
    except KeyError:
        name = code
    return _("Wording, %(language)s") % {"language": name}
