"""The form that begins a survey."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from cxm.models import Language
from surveys.builder_page import usual_languages
from surveys.models import Survey

BLANK: Final = "blank"
COPY: Final = "copy"
ANONYMOUS: Final = "anonymous"
PERSONAL: Final = "personal"


def language_choices() -> list[tuple[str, str]]:
    """Every language that is known by name, German and English first."""
    named = {one.code: one.name for one in usual_languages()}
    first = [(code, named.pop(code)) for code in Language.values]
    return [*first, *named.items()]


class CreateForm(forms.Form):
    """What a survey begins with. Left empty, it is called like what it begins from."""

    start = forms.ChoiceField(label=_("Begin with"), required=False)
    copy_of = forms.ModelChoiceField(
        Survey.objects.none(),
        label=_("Survey to copy"),
        required=False,
        empty_label=_("Choose a survey"),
    )
    name = forms.CharField(label=_("Name"), max_length=160, required=False)
    language = forms.ChoiceField(label=_("First language"))
    also = forms.ChoiceField(label=_("Also in"), required=False)
    who = forms.ChoiceField(
        label=_("Who answers"),
        required=False,
        choices=[
            ("", _("As proposed")),
            (ANONYMOUS, _("Anonymous: nobody can tell who")),
            (PERSONAL, _("Personal: we know who answers")),
        ],
    )

    def __init__(self, *args: Any, starts: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start"].choices = list(starts)  # type: ignore[attr-defined]
        # Imported surveys have no questionnaire.
        own = Survey.objects.exclude(state=Survey.State.IMPORTED).order_by("name")
        self.fields["copy_of"].queryset = own  # type: ignore[attr-defined]
        self.has_own = own.exists()
        spoken = language_choices()
        self.fields["language"].choices = spoken  # type: ignore[attr-defined]
        self.fields["also"].choices = [("", _("No other yet")), *spoken]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start = cleaned.get("start") or BLANK
        if start == BLANK and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Give the survey a name."))
        if start == COPY and not cleaned.get("copy_of") and "copy_of" not in self.errors:
            self.add_error("copy_of", _("Choose a survey."))
        return {**cleaned, "start": start}
