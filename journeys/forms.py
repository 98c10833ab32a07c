"""Forms of the map pages. Choices come from the workspace's scope, so nothing foreign is valid."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TitleForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)


class MapFileForm(forms.Form):
    file = forms.FileField(
        label=_("Map as TOML"),
        help_text=_("Phases, steps, their touchpoints and what the team assumes."),
        widget=forms.ClearableFileInput(attrs={"accept": ".toml,application/toml"}),
    )
