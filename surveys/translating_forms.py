"""The form that takes a translator's file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOST = 10 * 1024 * 1024


class TextsForm(forms.Form):
    file = forms.FileField(
        label=_("CSV or XLSX file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST:
            raise forms.ValidationError(_("The file is larger than 10 MB."))
        return file
