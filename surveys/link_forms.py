"""Forms of links to a survey."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys import links
from surveys.models import Link, Source
from touchpoints.models import Segment, Touchpoint

_PIN_HELP = _("4 to 12 digits. Leaving the survey on the tablet asks for it.")


def _check_pin(pin: str) -> str:
    if pin and not (pin.isascii() and pin.isdecimal() and 4 <= len(pin) <= 12):
        raise forms.ValidationError(_("A PIN is 4 to 12 digits."))
    return pin


def _pin() -> forms.CharField:
    return forms.CharField(
        label=_("PIN to leave"),
        required=False,
        help_text=_PIN_HELP,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


def _one_of(label: Any) -> forms.ModelChoiceField[Any]:
    """Filled when the form is made: there is no workspace before."""
    return forms.ModelChoiceField(label=label, required=False, queryset=None, empty_label="–")


def _fill(form: forms.Form) -> None:
    touchpoints = Touchpoint.objects.filter(merged_into__isnull=True).order_by("name")
    for name, rows in (("touchpoint", touchpoints), ("segment", Segment.objects.all())):
        field = form.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows


class LinkForm(forms.Form):
    """New links: of one kind, one per place."""

    source = forms.ChoiceField(
        label=_("Kind"),
        choices=[(source.value, source.label) for source in links.OFFERED],
        widget=forms.RadioSelect,
    )
    names = forms.CharField(
        label=_("Places"),
        required=False,
        max_length=20_000,
        help_text=_("One per line, each gets a code of its own. “Table 1–18” makes eighteen."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    touchpoint = _one_of(_("Touchpoint"))
    segment = _one_of(_("People who come this way are in"))
    pin = _pin()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill(self)

    def clean_names(self) -> list[str]:
        try:
            return links.places(self.cleaned_data["names"]) or [""]
        except links.PlacesError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_pin(self) -> str:
        return _check_pin(self.cleaned_data["pin"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("source") == Source.KIOSK and not cleaned.get("pin"):
            if "pin" not in self.errors:
                self.add_error("pin", _("A tablet needs a PIN, else nobody could leave."))
        elif cleaned.get("source") != Source.KIOSK:
            cleaned["pin"] = ""
        return cleaned


class LinkEditForm(forms.Form):
    """Where a link hangs; of a tablet also a new PIN."""

    name = forms.CharField(label=_("Place"), max_length=120, required=False)
    touchpoint = _one_of(_("Touchpoint"))
    segment = _one_of(_("People who come this way are in"))
    pin = _pin()

    def __init__(self, data: Any = None, *, link: Link) -> None:
        initial = {"name": link.name, "touchpoint": link.touchpoint_id, "segment": link.segment_id}
        super().__init__(data, initial=initial)
        _fill(self)
        if link.source != Source.KIOSK:
            del self.fields["pin"]
        else:
            self.fields["pin"].help_text = _("Empty leaves the PIN as it is.")

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_pin(self) -> str:
        return _check_pin(self.cleaned_data["pin"])
