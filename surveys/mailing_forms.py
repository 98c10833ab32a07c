"""Forms of mailings: the list, the letter, when it goes."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from surveys.answering.languages import language
from surveys.mailing import letters
from surveys.models import Mailing

LARGEST = 5 * 1024 * 1024


class ListForm(forms.Form):
    """Whom to write to: pasted, or as a file."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("Only your team sees it, for example “Spring”."),
    )
    people = forms.CharField(
        label=_("People"),
        required=False,
        max_length=LARGEST,
        help_text=_(
            "One per line: the address, or a table with the columns email, name, language, id"
            " and your segments."
        ),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or a file"), required=False, help_text=_("CSV or XLSX, up to 5 MB")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, people = cleaned.get("file"), cleaned.get("people", "").strip()
        if file and people:
            self.add_error("file", _("Either paste a list or choose a file."))
        elif not file and not people and not self.errors:
            self.add_error("people", _("Paste a list or choose a file."))
        if file and file.size > LARGEST:
            self.add_error("file", _("The file is larger than 5 MB. Divide the list."))
        return cleaned


class LetterForm(forms.Form):
    """Subject and text in each language of the survey; reminders may say something else."""

    reminders = forms.IntegerField(label=_("Reminders"), min_value=0, max_value=5)
    remind_after = forms.IntegerField(
        label=_("Days between"),
        min_value=1,
        max_value=90,
        help_text=_("To those who have not answered by then."),
    )

    def __init__(self, data: Any = None, *, mailing: Mailing) -> None:
        self.mailing = mailing
        self.codes = mailing.survey.all_languages
        initial = {"reminders": mailing.reminders, "remind_after": mailing.remind_after}
        for code in self.codes:
            initial |= {f"{name}-{code}": getattr(mailing, name).get(code, "") for name in _TEXTS}
        super().__init__(data, initial=initial)
        for code in self.codes:
            for name, (label, is_long) in _TEXTS.items():
                field = _text(label, code, is_long)
                # Everybody whose language has no letter gets the first one.
                field.required = code == self.codes[0] and not name.startswith("reminder")
                self.fields[f"{name}-{code}"] = field

    def by_language(self) -> list[dict[str, Any]]:
        """The fields as the page groups them."""
        return [
            {"language": language(code)} | {name: self[f"{name}-{code}"] for name in _TEXTS}
            for code in self.codes
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for place, code in enumerate(self.codes):
            for kind in ("", "reminder_"):
                subject = cleaned.get(f"{kind}subjects-{code}", "")
                body = cleaned.get(f"{kind}bodies-{code}", "")
                if not subject and not body and (place or kind):
                    continue
                if not place and not kind and not (subject and body):
                    continue  # said already: the field is needed
                for words in letters.problems(subject, body):
                    self.add_error(f"{kind}bodies-{code}", words)
        return cleaned

    def save(self) -> None:
        mailing, data = self.mailing, self.cleaned_data
        for name in _TEXTS:
            texts = {code: data[f"{name}-{code}"].replace("\r\n", "\n") for code in self.codes}
            setattr(mailing, name, {code: text for code, text in texts.items() if text})
        mailing.reminders, mailing.remind_after = data["reminders"], data["remind_after"]
        mailing.save(update_fields=[*_TEXTS, "reminders", "remind_after"])


_TEXTS: dict[str, tuple[Any, bool]] = {
    "subjects": (_("Subject"), False),
    "bodies": (_("Letter"), True),
    "reminder_subjects": (_("Subject of reminders"), False),
    "reminder_bodies": (_("Reminder"), True),
}


def _text(label: Any, code: str, is_long: bool) -> forms.CharField:
    attrs = {"lang": code, "dir": language(code).direction}
    widget = forms.Textarea(attrs | {"rows": 7}) if is_long else forms.TextInput(attrs)
    longest = letters.LONGEST_BODY if is_long else letters.LONGEST_SUBJECT
    return forms.CharField(label=label, required=False, max_length=longest, widget=widget)


class SendForm(forms.Form):
    """Now, or at a time to come."""

    send_at = forms.DateTimeField(
        label=_("Not before"),
        required=False,
        help_text=_("Empty sends now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def clean_send_at(self) -> dt.datetime | None:
        moment: dt.datetime | None = self.cleaned_data["send_at"]
        if moment and moment > timezone.now() + dt.timedelta(days=366):
            raise forms.ValidationError(_("At most one year ahead."))
        return moment
