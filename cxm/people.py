"""Every change to who belongs to a workspace: founding, inviting, accepting, roles, leaving."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django_scopes import scopes_disabled

from cxm.models import (
    Invitation,
    Membership,
    Role,
    User,
    Workspace,
    invitation_end,
    invitation_token,
)

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


class LastAdminError(Exception):
    """The change would leave a workspace without anybody who may keep it."""


class NotInvitedError(Exception):
    """The invitation was used or withdrawn, has expired, or is for somebody else."""


def address_of(name: str) -> str:
    """A free address for a workspace: "Café Öl" → ``cafe-oel``, the next ``cafe-oel-2``."""
    wish = slugify(name.translate(_UMLAUTS).replace("ß", "ss"))[:50].strip("-") or "workspace"
    taken = set(Workspace.objects.filter(slug__startswith=wish).values_list("slug", flat=True))
    number, slug = 1, wish
    while slug in taken:
        number += 1
        slug = f"{wish}-{number}"
    return slug


@transaction.atomic
def found_workspace(*, name: str, language: str, founder: User) -> Workspace:
    """Create a workspace; whoever creates it keeps it."""
    workspace = Workspace.objects.create(slug=address_of(name), name=name, language=language)
    Membership.objects.create(workspace=workspace, user=founder, role=Role.ADMIN)
    return workspace


def invite(*, workspace: Workspace, email: str, role: str, by: User) -> Invitation:
    """Ask a person to join. Asking again replaces the earlier link, role and end."""
    invitation, _created = Invitation.objects.update_or_create(
        workspace=workspace,
        email=email.lower(),
        defaults={
            "role": role,
            "invited_by": by,
            "token": invitation_token(),
            "expires_at": invitation_end(),
        },
    )
    return invitation


def open_invitation(token: str) -> Invitation | None:
    """The invitation of a link; the secret link stands in for a workspace's scope."""
    if "\0" in token:  # PostgreSQL refuses the question itself
        return None
    with scopes_disabled():
        return (
            Invitation.objects.select_related("workspace", "invited_by").filter(token=token).first()
        )


@transaction.atomic
def accept(*, token: str, user: User | None = None, **account: Any) -> Membership:
    """Join by a link; without a ``user`` an account is made from ``name`` and ``password``.

    The invitation is spent with it. A person who belongs already keeps their role.
    Raises NotInvitedError when the link no longer holds or is for another address.
    """
    with scopes_disabled():
        invitation = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("workspace")
            .filter(token=token, expires_at__gt=timezone.now())
            .first()
        )
        if invitation is None:
            raise NotInvitedError
        if user is None:
            user = User.objects.create_user(
                invitation.email, language=invitation.workspace.language, **account
            )
        elif user.email.lower() != invitation.email.lower():
            raise NotInvitedError
        membership, _created = Membership.objects.get_or_create(
            workspace=invitation.workspace, user=user, defaults={"role": invitation.role}
        )
        invitation.delete()
    return membership


@transaction.atomic
def change_role(*, member: Membership, role: str) -> None:
    """Give a member another role. Raises LastAdminError."""
    _keep_an_admin(member, stays=role == Role.ADMIN)
    Membership.objects.filter(pk=member.pk).update(role=role)


@transaction.atomic
def remove(*, member: Membership) -> None:
    """Take a person out of a workspace; their account stays. Raises LastAdminError."""
    _keep_an_admin(member, stays=False)
    member.delete()


def _keep_an_admin(member: Membership, *, stays: bool) -> None:
    # Locked, so that two admins cannot demote each other at the same time.
    admins = Membership.objects.select_for_update().filter(
        workspace_id=member.workspace_id, role=Role.ADMIN
    )
    if not stays and {admin.pk for admin in admins} == {member.pk}:
        raise LastAdminError
