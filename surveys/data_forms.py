"""Forms of what is held of people: how long, and of whom."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cxm.models import Workspace
from surveys import retention
from surveys.people_data import LONGEST, plain


class RetentionForm(forms.ModelForm[Workspace]):
    """How long answers are kept, how often people are asked. What erases asks for its number."""

    retention_months = forms.IntegerField(
        label=_("Months that answers are kept"),
        min_value=1,
        max_value=600,
        required=False,
        help_text=_("Older answers are erased each night. Empty keeps them."),
    )
    contact_days = forms.IntegerField(
        label=_("Days between invitations"),
        min_value=0,
        max_value=3650,
        help_text=_(
            "Nobody is invited twice within so many days, over all surveys. 0 is no limit."
        ),
    )
    erases = forms.IntegerField(label=_("Responses to erase"), required=False, min_value=0)

    class Meta:
        model = Workspace
        fields: ClassVar = ["retention_months", "contact_days"]

    # How many responses the new age would erase tonight; asked back before it is kept.
    goes = 0

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        months = cleaned.get("retention_months")
        if not months or "retention_months" not in self.changed_data:
            return cleaned
        self.goes = retention.past([months])[months]
        if self.goes and cleaned.get("erases") != self.goes:
            words = ngettext(
                "This erases %(n)d response tonight, and nothing brings it back. "
                "Type the number to say so.",
                "This erases %(n)d responses tonight, and nothing brings them back. "
                "Type the number to say so.",
                self.goes,
            )
            self.add_error("erases", words % {"n": self.goes})
        return cleaned


class PersonForm(forms.Form):
    """Whom to look for."""

    asked = forms.CharField(
        label=_("E-mail address, customer id or code word"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Exactly as it is known. The code word is the one on the thanks page."),
    )

    def clean_asked(self) -> str:
        asked = plain(self.cleaned_data["asked"])
        if not asked:
            raise forms.ValidationError(_("Write whom to look for."))
        return asked


class ErasureForm(PersonForm):
    """The same words typed once more."""

    typed = forms.CharField(
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if plain(cleaned.get("typed", "")).lower() != cleaned.get("asked", "").lower():
            self.add_error("typed", gettext("That is not what was looked for."))
        return cleaned
