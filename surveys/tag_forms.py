"""The form of a tag: its name and the words that suggest it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cxm.models import Workspace
from surveys.models import Tag

MOST_WORDS = 40


class TagForm(forms.ModelForm[Tag]):
    """``word_list``: words on lines of their own, or parted by commas."""

    word_list = forms.CharField(
        label=_("Words that suggest it"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Parted by commas. “wait” also finds “waiting” and “Waiter”."),
    )

    class Meta:
        model = Tag
        fields = ("name",)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.workspace = workspace
        self.fields["word_list"].initial = ", ".join(self.instance.words)

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        taken = Tag.objects.filter(name__iexact=name).exclude(pk=self.instance.pk)
        if taken.exists():
            raise forms.ValidationError(_("There is a tag of this name already."))
        return name

    def clean_word_list(self) -> list[str]:
        text = str(self.cleaned_data["word_list"]).replace("\n", ",")
        words = list(dict.fromkeys(" ".join(word.split()) for word in text.split(",")))
        words = [word for word in words if word]
        if len(words) > MOST_WORDS:
            raise forms.ValidationError(_("At most %(n)s words.") % {"n": MOST_WORDS})
        if any(len(word) > 60 for word in words):
            raise forms.ValidationError(_("A word has at most 60 letters."))
        return words

    def save(self, commit: bool = True) -> Tag:
        self.instance.words = self.cleaned_data["word_list"]
        return super().save(commit)
