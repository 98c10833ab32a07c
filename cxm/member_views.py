"""Members of a workspace, their roles, and how people join."""

from contextlib import suppress
from dataclasses import dataclass
from smtplib import SMTPException
from typing import Any, get_args

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import login
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cxm import people
from cxm.access import CAPABILITIES, Capability, WorkspaceRequest, workspace_view
from cxm.forms import InvitationForm, JoinForm, RoleForm, sent
from cxm.models import Invitation, Membership, Role, User

CAPABILITY_WORDS: dict[Capability, str | Promise] = {
    "read": gettext_lazy("Read maps, curves and figures"),
    "verbatims": gettext_lazy("Read what customers wrote"),
    "import": gettext_lazy("Import answers"),
    "export": gettext_lazy("Export tables"),
    "edit": gettext_lazy("Edit maps and surveys"),
    "catalogue": gettext_lazy("Touchpoints: add, edit, import, retire"),
    "manage": gettext_lazy("Members, roles and settings"),
}

ROLE_WORDS: dict[str, str | Promise] = {
    Role.VIEWER: gettext_lazy("reads maps, curves and figures."),
    Role.ANALYST: gettext_lazy("brings answers in, reads comments, takes tables out."),
    Role.MARKETER: gettext_lazy("draws maps and writes surveys as well."),
    Role.ADMIN: gettext_lazy("keeps the touchpoints, the people and the settings in order."),
}


@dataclass(frozen=True)
class RightsRow:
    """One line of "What each role may do", in the order of the roles."""

    words: str | Promise
    allowed: list[bool]


def rights_table() -> list[RightsRow]:
    """The rights as the views check them: read from the same place, so it cannot drift."""
    return [
        RightsRow(CAPABILITY_WORDS[capability], [capability in CAPABILITIES[r] for r in Role])
        for capability in get_args(Capability)
    ]


@workspace_view("manage")
@require_safe
def members(request: WorkspaceRequest) -> HttpResponse:
    """Who belongs to the workspace, who is invited, and what each role may do."""
    return _members_page(request)


@workspace_view("manage")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_create(request: WorkspaceRequest) -> HttpResponse:
    """Ask a person to join by mail; the link can be copied as well."""
    form = InvitationForm(sent(request), workspace=request.workspace)
    if request.method != "POST" or not form.is_valid():
        return _members_page(request, form, status=422 if form.errors else 200)
    invitation = people.invite(
        workspace=request.workspace,
        email=form.cleaned_data["email"],
        role=form.cleaned_data["role"],
        by=request.user,
    )
    try:
        _send(request, invitation)
    except (OSError, SMTPException):
        words = _("The mail to %(email)s could not be sent. Copy the link and pass it on.")
        messages.error(request, words % {"email": invitation.email})
    else:
        messages.success(request, _("Invitation sent to %(email)s") % {"email": invitation.email})
    return redirect("cxm:members", workspace=request.workspace.slug)


@workspace_view("manage")
@require_POST
def invitation_withdrawal(request: WorkspaceRequest, invitation: int) -> HttpResponse:
    """Take an invitation back; its link no longer works."""
    found: Invitation = get_object_or_404(Invitation.objects, pk=invitation)
    found.delete()
    messages.success(request, _("Invitation of %(email)s withdrawn") % {"email": found.email})
    return redirect("cxm:members", workspace=request.workspace.slug)


@workspace_view("manage")
@require_POST
def member_role(request: WorkspaceRequest, member: int) -> HttpResponse:
    """Give a member another role; the last admin stays one."""
    found = get_object_or_404(request.workspace.memberships.select_related("user"), pk=member)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _refused(request, _("There is no such role."))
    try:
        people.change_role(member=found, role=form.cleaned_data["role"])
    except people.LastAdminError:
        return _refused(request, _("The last admin stays admin. Make somebody else admin first."))
    words = _("%(name)s: %(role)s")
    role = Role(form.cleaned_data["role"]).label
    messages.success(request, words % {"name": found.user, "role": role})
    return _back(request, found.user)


@workspace_view("manage")
@require_POST
def member_removal(request: WorkspaceRequest, member: int) -> HttpResponse:
    """Take a person out of the workspace; what they wrote stays."""
    found = get_object_or_404(request.workspace.memberships.select_related("user"), pk=member)
    try:
        people.remove(member=found)
    except people.LastAdminError:
        return _refused(request, _("The last admin cannot leave. Make somebody else admin first."))
    messages.success(request, _("%(name)s no longer belongs here") % {"name": found.user})
    return _back(request, found.user)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an invitation leads. Opening it changes nothing; joining is a POST."""
    page: dict[str, Any]
    found = people.open_invitation(token)
    if found is None or found.has_expired:
        status = 404 if found is None else 410
        page = {"over": True, "expired": found}
        return render(request, "cxm/invitation.html", page, status=status)
    page = {"invitation": found, "role_words": ROLE_WORDS[found.role]}
    if request.user.is_authenticated:
        page["other"] = request.user.email.lower() != found.email.lower()
        if request.method == "POST" and not page["other"]:
            with suppress(people.NotInvitedError):
                people.accept(token=token, user=request.user)
            return redirect("journeys:home", workspace=found.workspace.slug)
    elif User.objects.filter(email__iexact=found.email).exists():
        page["sign_in"] = f"{reverse('account_login')}?next={request.path}"
        if request.method == "POST":
            return redirect(page["sign_in"])
    else:
        return _join(request, found, page)
    return render(request, "cxm/invitation.html", page)


def _join(request: HttpRequest, found: Invitation, page: dict[str, Any]) -> HttpResponse:
    form = JoinForm(sent(request), email=found.email)
    if request.method == "POST" and form.is_valid():
        try:
            membership = people.accept(token=found.token, **form.cleaned_data)
        except people.NotInvitedError:
            return redirect(request.path)  # spent a moment ago: the page says so
        login(request, membership.user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("journeys:home", workspace=found.workspace.slug)
    page["form"] = form
    return render(request, "cxm/invitation.html", page, status=422 if form.errors else 200)


def _send(request: WorkspaceRequest, invitation: Invitation) -> None:
    """Write to the invited person in the language of the workspace."""
    link = request.build_absolute_uri(reverse("cxm:invitation", args=[invitation.token]))
    workspace = request.workspace
    with translation.override(workspace.language):
        subject = _("Invitation to %(workspace)s") % {"workspace": workspace.name}
        page = {"invitation": invitation, "link": link, "sender": request.user}
        body = render_to_string("cxm/invitation_mail.txt", page | {"workspace": workspace})
    EmailMessage(" ".join(subject.split()), body, to=[invitation.email]).send()


def _members_page(
    request: WorkspaceRequest, form: InvitationForm | None = None, status: int = 200
) -> HttpResponse:
    second_step = Authenticator.objects.filter(user=OuterRef("user"), type="totp")
    rows = list(
        Membership.objects.filter(workspace=request.workspace)
        .select_related("user")
        .annotate(second_step=Exists(second_step))
        .order_by("user__name", "user__email")
    )
    page = {
        "rows": rows,
        "only_admin": sum(row.role == Role.ADMIN for row in rows) == 1,
        "invitations": list(Invitation.objects.order_by("email")),
        "rights": rights_table(),
        "roles": [(role.value, role.label, ROLE_WORDS[role]) for role in Role],
        "form": form,
    }
    return render(request, "cxm/members.html", page, status=status)


def _refused(request: WorkspaceRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return _members_page(request, status=422)


def _back(request: WorkspaceRequest, changed: User) -> HttpResponse:
    # Whoever gave up the own right no longer sees the page of members.
    if changed == request.user:
        return redirect("cxm:workspaces")
    return redirect("cxm:members", workspace=request.workspace.slug)
