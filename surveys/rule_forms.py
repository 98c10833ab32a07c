"""A rule as a sentence: each changeable word is a field of its own, without a label beside it."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cxm.models import User, Workspace
from surveys.case_forms import members_of
from surveys.case_rules import words_of
from surveys.models import SCALE_KINDS, Kind, Question, Rule, Survey

KINDS = {
    Rule.Kind.SCORE: SCALE_KINDS,
    Rule.Kind.NPS: (Kind.NPS,),
    Rule.Kind.WORD: (Kind.TEXT,),
}
_EMPTY = {
    Rule.Kind.SCORE: _("any rating"),
    Rule.Kind.NPS: _("the recommendation"),
    Rule.Kind.WORD: _("any comment"),
}
_USUAL = {Rule.Kind.SCORE: 2, Rule.Kind.NPS: 6}
MOST_WORDS = 50


class _Questions(forms.ModelChoiceField[Question]):
    def label_from_instance(self, obj: Any) -> str:
        text = obj.text if len(obj.text) <= 60 else f"{obj.text[:59].rstrip()}…"
        return f"{text} {gettext('(no longer asked)')}" if obj.is_retired else text


class RuleForm(forms.Form):
    """What may change in the sentence of one kind of rule."""

    question = _Questions(Question.objects.none(), required=False)
    at_most = forms.IntegerField(min_value=-100, max_value=100)
    words = forms.CharField(max_length=1200)
    owner = forms.ModelChoiceField(User.objects.none(), required=False, empty_label=_("nobody yet"))
    due_days = forms.IntegerField(min_value=0, max_value=365)

    def __init__(
        self, *args: Any, workspace: Workspace, survey: Survey, kind: str, rule: Rule | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        kwargs["initial"] = _initial(kind, rule)
        kwargs.setdefault("prefix", f"rule{rule.pk}" if rule else "new")
        super().__init__(*args, **kwargs)
        self.kind, self.survey = Rule.Kind(kind), survey
        question, owner = self.fields["question"], self.fields["owner"]
        assert isinstance(question, forms.ModelChoiceField)
        assert isinstance(owner, forms.ModelChoiceField)
        question.queryset = _choosable(survey, kind, rule)
        question.empty_label = _EMPTY[self.kind]
        owner.queryset = members_of(workspace)
        del self.fields["at_most" if kind == Rule.Kind.WORD else "words"]
        self._dress()

    def _dress(self) -> None:
        spoken = {
            "question": gettext("Question"),
            "at_most": gettext("At most"),
            "words": gettext("Words"),
            "owner": gettext("Owner"),
            "due_days": gettext("Days until due"),
        }
        for name, field in self.fields.items():
            field.widget.attrs |= {"class": "w", "aria-label": spoken[name]}
        if "words" in self.fields:
            self.fields["words"].widget.attrs["placeholder"] = gettext("cold, wait*, too loud")

    def clean_words(self) -> list[str]:
        """Words separated by commas; each must hold a letter or a digit."""
        given = [" ".join(part.split()) for part in re.split(r"[,;\n]", self.cleaned_data["words"])]
        words = list(dict.fromkeys(word for word in given if words_of(word)))
        if not words:
            raise forms.ValidationError(_("Write a word to look for."))
        if len(words) > MOST_WORDS or any(len(word) > 60 for word in words):
            raise forms.ValidationError(_("At most 50 words, of at most 60 letters each."))
        return words

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        limit = cleaned.get("at_most")
        if limit is None:
            return cleaned
        scales = {(q.scale_min, q.scale_max) for q in self._meant(cleaned.get("question"))}
        if len(scales) > 1:
            self.add_error("question", _("The ratings have different scales: choose one question."))
        elif scales and not _fits(limit, *next(iter(scales))):
            low, high = next(iter(scales))
            words = _("The scale goes from %(low)s to %(high)s; the limit lies below its best end.")
            self.add_error("at_most", words % {"low": low, "high": high})
        return cleaned

    def _meant(self, question: Question | None) -> list[Question]:
        """The scale questions that the rule looks at."""
        if question is not None:
            return [question]
        asked = self.survey.questions.filter(kind__in=KINDS[self.kind], is_retired=False)
        if self.kind == Rule.Kind.SCORE:
            asked = asked.exclude(kind=Kind.NPS)
        return list(asked.exclude(scale_min=None).exclude(scale_max=None))


def read_once(page: Iterable[RuleForm]) -> None:
    """Forms of one page that offer the same people or questions read them from one query."""
    offered: dict[str, list[Any]] = {}
    for form in page:
        for field in (form.fields["question"], form.fields["owner"]):
            assert isinstance(field, forms.ModelChoiceField)
            assert field.queryset is not None
            query = str(field.queryset.query)
            if query not in offered:
                choices: Any = field.choices
                offered[query] = list(choices)
            field.choices = offered[query]


def _fits(limit: int, low: int | None, high: int | None) -> bool:
    return low is None or high is None or low <= limit < high


def _initial(kind: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"at_most": _USUAL.get(Rule.Kind(kind)), "due_days": 3}
    return {
        "question": rule.question_id,
        "at_most": rule.at_most,
        "words": ", ".join(rule.words),
        "owner": rule.owner_id,
        "due_days": rule.due_days,
    }


def _choosable(survey: Survey, kind: str, rule: Rule | None) -> Any:
    """Questions of that kind that are asked; and the one that the rule has, asked or not."""
    mine = Question.objects.filter(survey=survey, kind__in=KINDS[Rule.Kind(kind)])
    asked = mine.filter(is_retired=False)
    kept = rule.question_id if rule and rule.question and rule.question.is_retired else None
    return (asked | mine.filter(pk=kept) if kept else asked).order_by("position", "pk")
