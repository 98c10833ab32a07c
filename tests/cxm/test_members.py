"""Members, roles, invitations by mail, and joining."""

import datetime as dt
import email.policy
import socket
from email import message_from_bytes
from typing import Any, get_args

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from cxm.access import CAPABILITIES, Capability
from cxm.member_views import CAPABILITY_WORDS, ROLE_WORDS, rights_table
from cxm.models import Invitation, Membership, Role, User
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"cxm:{name}", kwargs={"workspace": "firm"} | kwargs)


def invited(workspace: Any, email: str = "new@firm.example", **fields: Any) -> Invitation:
    with scopes_disabled():
        return Invitation.objects.create(workspace=workspace, email=email, **fields)


def left(workspace: Any) -> int:
    with scopes_disabled():
        return Invitation.objects.filter(workspace=workspace).count()


# ---------- the page ----------


def test_page_shows_members_roles_and_rights(sign_in: Any, workspace: Any) -> None:
    client = sign_in("admin")
    person = UserFactory(name="Ines Brandt")
    MembershipFactory(workspace=workspace, user=person, role="analyst")
    invited(workspace)
    page = client.get(url("members")).content.decode()
    assert "Ines Brandt" in page
    assert "new@firm.example" in page
    assert "What each role may do" in page


@pytest.mark.parametrize("role", ["viewer", "analyst", "marketer"])
def test_members_without_the_right(sign_in: Any, workspace: Any, role: str) -> None:
    client = sign_in(role)
    other = MembershipFactory(workspace=workspace)
    assert client.get(url("members")).status_code == 403
    assert client.post(url("member-role", member=other.pk), {"role": "admin"}).status_code == 403
    assert client.post(url("member-removal", member=other.pk)).status_code == 403
    assert client.post(url("invitation-create"), {"email": "a@b.example"}).status_code == 403


def test_outsider_finds_nothing(sign_in: Any) -> None:
    assert sign_in("outsider").get(url("members")).status_code == 404


def test_query_count_does_not_grow(
    sign_in: Any, workspace: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in("admin")
    client.get(url("members"))
    MembershipFactory.create_batch(3, workspace=workspace)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url("members"))
    MembershipFactory.create_batch(27, workspace=workspace)
    for number in range(10):
        invited(workspace, f"n{number}@firm.example")
    with django_assert_num_queries(len(few)):
        client.get(url("members"))


def test_rights_table_is_the_rights() -> None:
    assert set(CAPABILITY_WORDS) == set(get_args(Capability))
    assert set(ROLE_WORDS) == set(Role.values)
    for row, capability in zip(rights_table(), get_args(Capability), strict=True):
        assert row.allowed == [capability in CAPABILITIES[role] for role in Role]


# ---------- roles ----------


def test_role_changes(sign_in: Any, workspace: Any) -> None:
    member = MembershipFactory(workspace=workspace, role="viewer")
    answer = sign_in("admin").post(url("member-role", member=member.pk), {"role": "marketer"})
    assert answer.status_code == 302
    member.refresh_from_db()
    assert member.role == "marketer"


def test_unknown_role_is_refused(sign_in: Any, workspace: Any) -> None:
    member = MembershipFactory(workspace=workspace, role="viewer")
    answer = sign_in("admin").post(url("member-role", member=member.pk), {"role": "emperor"})
    assert answer.status_code == 422
    member.refresh_from_db()
    assert member.role == "viewer"


def test_last_admin_stays(sign_in: Any, workspace: Any) -> None:
    client = sign_in("admin")
    admin = Membership.objects.get(workspace=workspace, role="admin")
    answer = client.post(url("member-role", member=admin.pk), {"role": "viewer"})
    assert answer.status_code == 422
    assert client.post(url("member-removal", member=admin.pk)).status_code == 422
    admin.refresh_from_db()
    assert admin.role == "admin"


def test_one_of_two_admins_may_leave(sign_in: Any, workspace: Any) -> None:
    client = sign_in("admin")
    own = Membership.objects.get(workspace=workspace, role="admin")
    MembershipFactory(workspace=workspace, role="admin")
    answer = client.post(url("member-removal", member=own.pk))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("cxm:workspaces")
    assert client.get(url("members")).status_code == 404


def test_member_of_another_workspace_is_not_found(
    sign_in: Any, workspace: Any, other_workspace: Any
) -> None:
    stranger = MembershipFactory(workspace=other_workspace, role="viewer")
    foreign = invited(other_workspace)
    client = sign_in("admin")
    assert client.post(url("member-role", member=stranger.pk), {"role": "admin"}).status_code == 404
    assert client.post(url("member-removal", member=stranger.pk)).status_code == 404
    answer = client.post(url("invitation-withdrawal", invitation=foreign.pk))
    assert answer.status_code == 404
    assert left(other_workspace) == 1


# ---------- inviting ----------


def test_invitation_is_sent_and_renewed(sign_in: Any, workspace: Any) -> None:
    client = sign_in("admin")
    for role in ("viewer", "analyst"):
        answer = client.post(url("invitation-create"), {"email": "New@Firm.example", "role": role})
        assert answer.status_code == 302
    with scopes_disabled():
        invitation = Invitation.objects.get(workspace=workspace)
    assert (invitation.email, invitation.role) == ("new@firm.example", "analyst")
    assert len(mail.outbox) == 2
    assert reverse("cxm:invitation", args=[invitation.token]) in mail.outbox[1].body
    assert reverse("cxm:invitation", args=[invitation.token]) not in mail.outbox[0].body


@pytest.mark.parametrize("email", ["", "nobody", "there@firm.example"])
def test_invalid_invitation(sign_in: Any, workspace: Any, email: str) -> None:
    MembershipFactory(workspace=workspace, user=UserFactory(email="there@firm.example"))
    answer = sign_in("admin").post(url("invitation-create"), {"email": email, "role": "viewer"})
    assert answer.status_code == 422
    assert not mail.outbox


def test_withdrawal_ends_the_link(sign_in: Any, workspace: Any) -> None:
    invitation = invited(workspace)
    client = sign_in("admin")
    client.post(url("invitation-withdrawal", invitation=invitation.pk))
    answer = Client().get(reverse("cxm:invitation", args=[invitation.token]))
    assert answer.status_code == 404
    assert "no longer works" in answer.content.decode()


class Post:
    """Keeps what the loopback server received."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 kept"


def test_mail_goes_out_over_smtp_in_the_language_of_the_workspace(
    sign_in: Any, workspace: Any, settings: Any
) -> None:
    workspace.language, workspace.name = "de", "Café Öl\n& Co"
    workspace.save()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    post = Post()
    server = Controller(post, hostname="127.0.0.1", port=port)
    server.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        sign_in("admin").post(url("invitation-create"), {"email": "n@f.example", "role": "viewer"})
    finally:
        server.stop()
    (letter,) = post.mails
    assert letter["To"] == "n@f.example"
    assert "Café Öl & Co" in letter["Subject"]
    with scopes_disabled():
        token = Invitation.objects.get(workspace=workspace).token
    assert f"http://testserver/invitations/{token}/" in letter.get_content()


def test_a_mail_server_that_is_away_leaves_the_link(
    sign_in: Any, workspace: Any, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = sign_in("admin").post(
        url("invitation-create"), {"email": "n@f.example", "role": "viewer"}, follow=True
    )
    assert "could not be sent" in answer.content.decode()
    assert left(workspace) == 1


# ---------- joining ----------

PASSWORD = "plenty-of-letters-7"


def test_newcomer_makes_an_account(workspace: Any, client: Client) -> None:
    link = reverse("cxm:invitation", args=[invited(workspace, role="analyst").token])
    assert client.get(link).status_code == 200
    assert not User.objects.exists()
    answer = client.post(link, {"name": "Lea Sommer", "password": PASSWORD})
    assert answer.status_code == 302
    membership = Membership.objects.get(workspace=workspace)
    assert (membership.role, membership.user.name) == ("analyst", "Lea Sommer")
    assert membership.user.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(membership.user_id)
    assert Client().get(link).status_code == 404  # spent


@pytest.mark.parametrize(("name", "password"), [("", PASSWORD), ("Lea", ""), ("Lea", "12345678")])
def test_newcomer_with_gaps(workspace: Any, client: Client, name: str, password: str) -> None:
    link = reverse("cxm:invitation", args=[invited(workspace).token])
    assert client.post(link, {"name": name, "password": password}).status_code == 422
    assert not User.objects.exists()


def test_known_address_signs_in_first(workspace: Any, client: Client) -> None:
    user = UserFactory(email="new@firm.example")
    link = reverse("cxm:invitation", args=[invited(workspace).token])
    assert reverse("account_login") in client.get(link).content.decode()
    assert client.post(link, {"name": "X", "password": PASSWORD}).status_code == 302
    assert not Membership.objects.exists()
    client.force_login(user)
    client.get(link)
    assert not Membership.objects.exists()
    client.post(link)
    assert Membership.objects.get().user == user


def test_somebody_else_cannot_take_it(workspace: Any, client: Client) -> None:
    client.force_login(UserFactory(email="other@firm.example"))
    link = reverse("cxm:invitation", args=[invited(workspace).token])
    assert "the invitation is for" in client.post(link).content.decode()
    assert not Membership.objects.exists()


def test_expired_invitation(workspace: Any, client: Client) -> None:
    over = invited(workspace, expires_at=timezone.now() - dt.timedelta(minutes=1))
    link = reverse("cxm:invitation", args=[over.token])
    assert client.get(link).status_code == 410
    assert client.post(link, {"name": "Lea", "password": PASSWORD}).status_code == 410
    assert not User.objects.exists()


def test_a_link_with_a_nul_is_nobodys(client: Client) -> None:
    assert client.get("/invitations/%00/").status_code == 404
