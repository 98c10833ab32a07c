"""Forms of the map pages. Choices come from the workspace's scope, so nothing foreign is valid."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cxm.models import Language
from journeys.models import Journey

BLANK = "blank-loyalty"
"""How a map begins where nothing else is said."""


class TitleForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)


class MapFileForm(forms.Form):
    file = forms.FileField(
        label=_("Map as TOML"),
        help_text=_("Phases, steps, their touchpoints and what the team assumes."),
        widget=forms.ClearableFileInput(attrs={"accept": ".toml,application/toml"}),
    )


class CreateForm(forms.Form):
    """How a new map begins. The title is suggested by what it begins from, unless it is blank."""

    title = forms.CharField(label=_("Title"), max_length=160, required=False)
    start = forms.ChoiceField(label=_("Begin with"), required=False)
    language = forms.ChoiceField(choices=Language.choices, required=False)
    copy_of = forms.ModelChoiceField(
        Journey.objects.none(),
        label=_("Map to copy"),
        required=False,
        to_field_name="slug",
        empty_label=_("Choose a map"),
    )
    future_of = forms.ModelChoiceField(
        Journey.objects.none(),
        label=_("Map of today"),
        required=False,
        to_field_name="slug",
        empty_label=_("Choose a map"),
    )

    def __init__(self, *args: Any, starts: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start"].choices = list(starts)  # type: ignore[attr-defined]
        for name in ("copy_of", "future_of"):
            self.fields[name].queryset = Journey.objects.order_by("title")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start = cleaned.get("start") or BLANK
        if start.startswith("blank") and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", _("Give the map a title."))
        for choice, name in (("copy", "copy_of"), ("future", "future_of")):
            if start == choice and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Choose a map."))
        return {**cleaned, "start": start}
