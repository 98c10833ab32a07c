"""The list of workspaces, founding one, and its settings."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cxm.models import Membership, Workspace
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def signed_in(client: Client) -> Any:
    user = UserFactory()
    client.force_login(user)
    return user


def test_signed_out(client: Client) -> None:
    assert client.get("/")["Location"].startswith(reverse("account_login"))
    assert client.get(reverse("cxm:workspace-create")).status_code == 302


def test_none_one_and_several(client: Client) -> None:
    user = signed_in(client)
    assert "No workspace yet." in client.get("/").content.decode()
    first = MembershipFactory(user=user).workspace
    answer = client.get("/")
    assert answer["Location"] == reverse("journeys:home", kwargs={"workspace": first.slug})
    second = MembershipFactory(user=user).workspace
    MembershipFactory(workspace__name="Of others")
    page = client.get("/").content.decode()
    assert first.name in page
    assert second.name in page
    assert "Of others" not in page


def test_creating_makes_an_admin(client: Client) -> None:
    user = signed_in(client)
    for slug in ("cafe-oel", "cafe-oel-2"):
        answer = client.post(reverse("cxm:workspace-create"), {"name": "Café Öl", "language": "de"})
        assert answer["Location"] == reverse("journeys:home", kwargs={"workspace": slug})
        assert Membership.objects.get(workspace__slug=slug).role == "admin"
    assert Membership.objects.filter(user=user).count() == 2


def test_name_without_letters_gets_an_address(client: Client) -> None:
    signed_in(client)
    client.post(reverse("cxm:workspace-create"), {"name": "東京", "language": "en"})
    assert Workspace.objects.get().slug == "workspace"


@pytest.mark.parametrize("data", [{}, {"name": "", "language": "en"}, {"name": "A"}])
def test_invalid_workspace(client: Client, data: dict[str, str]) -> None:
    signed_in(client)
    assert client.post(reverse("cxm:workspace-create"), data).status_code == 422
    assert not Workspace.objects.exists()


SETTINGS = {"name": "New name", "language": "de", "min_answers": "3", "min_verbatims": "12"}


def test_settings(sign_in: Any, workspace: Any) -> None:
    url = reverse("cxm:settings", kwargs={"workspace": "firm"})
    client = sign_in("admin")
    assert client.get(url).status_code == 200
    assert client.post(url, SETTINGS).status_code == 302
    workspace.refresh_from_db()
    assert (workspace.name, workspace.language) == ("New name", "de")
    assert (workspace.min_answers, workspace.min_verbatims) == (3, 12)


@pytest.mark.parametrize("field", ["min_answers", "min_verbatims"])
@pytest.mark.parametrize("value", ["2", "0", "-5", "", "x", "99999"])
def test_thresholds_never_go_below_three(
    sign_in: Any, workspace: Any, field: str, value: str
) -> None:
    url = reverse("cxm:settings", kwargs={"workspace": "firm"})
    assert sign_in("admin").post(url, SETTINGS | {field: value}).status_code == 422
    workspace.refresh_from_db()
    assert (workspace.name, workspace.min_answers) == ("Firm", 5)


@pytest.mark.parametrize(("role", "status"), [("marketer", 403), ("outsider", 404)])
def test_settings_are_for_admins(sign_in: Any, workspace: Any, role: str, status: int) -> None:
    url = reverse("cxm:settings", kwargs={"workspace": "firm"})
    client = sign_in(role)
    assert client.get(url).status_code == status
    assert client.post(url, SETTINGS).status_code == status
