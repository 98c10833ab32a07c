"""Forms of the survey pages."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from surveys.mapping import FileRule, Mapping, MappingError, parse_mapping
from surveys.models import SavedMapping

MOST = 200 * 1024 * 1024

ENCODINGS = [
    ("", _("Detect")),
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows-1252"),
    ("utf-16", "UTF-16"),
]
DELIMITERS = [
    ("", _("Detect")),
    (",", _("Comma")),
    (";", _("Semicolon")),
    ("\t", _("Tab")),
    ("|", _("Vertical bar")),
]


class UploadForm(forms.Form):
    """A file of answers, how to read it, and perhaps a mapping that is known already."""

    file = forms.FileField(label=_("CSV, XLSX, SPSS or JSON file"))
    saved = forms.ModelChoiceField(
        SavedMapping.objects.none(),
        label=_("Saved mapping"),
        required=False,
        empty_label=_("None: suggest from the content"),
    )
    toml = forms.FileField(
        label=_("Mapping file (TOML)"),
        required=False,
        help_text=_("Instead of a saved mapping."),
    )
    encoding = forms.ChoiceField(label=_("Encoding"), choices=ENCODINGS, required=False)
    delimiter = forms.ChoiceField(label=_("Delimiter"), choices=DELIMITERS, required=False)
    header_rows = forms.IntegerField(
        label=_("Heading lines"), min_value=1, max_value=50, initial=1, required=False
    )

    mapping: Mapping | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Scoped: only mappings of the workspace can be chosen.
        self.fields["saved"].queryset = SavedMapping.objects.all()  # type: ignore[attr-defined]
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.tsv,.xlsx,.sav,.zsav,.json"
        self.fields["toml"].widget.attrs["accept"] = ".toml"

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST:
            raise forms.ValidationError(_("The file is larger than 200 MB."))
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        toml, saved = data.get("toml"), data.get("saved")
        try:
            if toml and toml.size > 1_000_000:
                self.add_error("toml", _("The mapping is too long to be one."))
            elif toml:
                self.mapping = parse_mapping(toml.read())
            elif saved:
                self.mapping = parse_mapping(saved.toml)
        except MappingError as error:
            self.add_error("toml" if toml else "saved", error.problems)
        return data

    @property
    def rule(self) -> FileRule:
        """How to read the file: what the form says, else the mapping, else detected."""
        data, known = self.cleaned_data, self.mapping.file if self.mapping else FileRule()
        return replace(
            known,
            encoding=data.get("encoding") or known.encoding,
            delimiter=data.get("delimiter") or known.delimiter,
            header_rows=max(data.get("header_rows") or 1, known.header_rows),
        )


class MappingNameForm(forms.ModelForm[SavedMapping]):
    """The name under which a mapping is kept; an existing one is replaced."""

    class Meta:
        model = SavedMapping
        fields = ("name",)
