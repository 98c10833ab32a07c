"""The form of one touchpoint, and the upload of many."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from touchpoints import catalogue, words
from touchpoints.models import Channel, Touchpoint


class TouchpointForm(forms.ModelForm[Touchpoint]):
    """A channel is typed: a known one is found whatever its capitals, another one is made."""

    channel_name = forms.CharField(
        label=_("Channel"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "channels", "autocomplete": "off"}),
        help_text=_("Pick one or type a new one."),
    )

    class Meta:
        model = Touchpoint
        fields = (
            "name",
            "media_type",
            "contact",
            "stage",
            "owner",
            "influence",
            "lifecycle",
            "description",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].widget.attrs |= {"list": "owners", "autocomplete": "off"}
        self.fields["description"].widget.attrs["rows"] = 4
        if self.instance.channel:
            self.initial["channel_name"] = self.instance.channel.name

    def clean_name(self) -> str:
        name = words.tidied(self.cleaned_data["name"])
        same = catalogue.named(name)
        if same and same.pk != self.instance.pk:
            raise forms.ValidationError(_("A touchpoint with this name exists already."))
        return name

    @staticmethod
    def known_channels() -> list[str]:
        return sorted(Channel.objects.values_list("name", flat=True), key=words.folded)

    @staticmethod
    def known_owners() -> list[str]:
        owners = Touchpoint.objects.exclude(owner="").order_by().values_list("owner", flat=True)
        return sorted(owners.distinct(), key=words.folded)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("CSV or XLSX file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 10 * 1024 * 1024:
            raise forms.ValidationError(_("The file is larger than 10 MB."))
        return file
