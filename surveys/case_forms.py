"""Forms of cases: what a person sets on one, notes, and what a list shows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cxm.models import User, Workspace
from surveys.models import Case


def members_of(workspace: Workspace) -> Any:
    """The people who may own a case, by name."""
    return User.objects.filter(memberships__workspace=workspace).order_by("name", "email")


class CaseForm(forms.Form):
    """State, owner, due date and outcome; a case that is done says what came of it."""

    state = forms.ChoiceField(label=_("State"), choices=Case.State.choices)
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), required=False, empty_label=_("nobody")
    )
    due_on = forms.DateField(
        label=_("Due"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    outcome = forms.CharField(
        label=_("Outcome"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What came of it. Needed when the case is done."),
    )

    def __init__(self, *args: Any, workspace: Workspace, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "state": case.state,
            "owner": case.owner_id,
            "due_on": case.due_on,
            "outcome": case.outcome,
        }
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = members_of(workspace)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("state") == Case.State.DONE and not cleaned.get("outcome", "").strip():
            self.add_error("outcome", _("Say what came of it: a case is done with an outcome."))
        return cleaned


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
