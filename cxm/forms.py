"""Forms of the ground: workspace, invitation, joining, preferences."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth import password_validation
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from cxm.models import Invitation, Language, Membership, Role, User, Workspace

_LANGUAGE_HELP = _("Of invitations and survey pages. Each person picks their own.")


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: also a POST without any field is one."""
    return request.POST if request.method == "POST" else None


class WorkspaceForm(forms.ModelForm[Workspace]):
    """A new workspace: how it is called and in which language it speaks to people."""

    class Meta:
        model = Workspace
        fields = ("name", "language")
        help_texts: ClassVar = {"language": _LANGUAGE_HELP}


class SettingsForm(forms.ModelForm[Workspace]):
    """What admins set for everybody; both thresholds protect people and never go below 3."""

    min_answers = forms.IntegerField(
        label=_("Answers per figure"),
        min_value=3,
        max_value=1000,
        help_text=_("Figures on fewer answers stay hidden. At least 3."),
    )
    min_verbatims = forms.IntegerField(
        label=_("Answers per list of comments"),
        min_value=3,
        max_value=1000,
        help_text=_("Comments of smaller groups stay hidden. At least 3."),
    )

    class Meta:
        model = Workspace
        fields = ("name", "language", "min_answers", "min_verbatims")
        help_texts: ClassVar = {"language": _LANGUAGE_HELP}


class InvitationForm(forms.ModelForm[Invitation]):
    """Whom to ask, and what they may do."""

    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )

    class Meta:
        model = Invitation
        fields = ("email", "role")

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if Membership.objects.filter(workspace=self.workspace, user__email=email).exists():
            raise forms.ValidationError(_("This person belongs to the workspace already."))
        return email


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class JoinForm(forms.Form):
    """The account of a person who comes by invitation; the address is the invitation's."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters, not only digits, not a common word."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        person = User(email=self.email, name=cleaned.get("name", ""))
        try:
            password_validation.validate_password(cleaned.get("password", ""), person)
        except forms.ValidationError as error:
            self.add_error("password", error)
        return cleaned


class ProfileForm(forms.ModelForm[User]):
    """Name and preferences of the signed-in person."""

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("As the browser")), *Language.choices],
    )

    class Meta:
        model = User
        fields = ("name", "language", "theme")
