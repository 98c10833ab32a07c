"""``manage.py add_member``: the way in for the first person of a workspace."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cxm.models import Membership, User, Workspace

pytestmark = pytest.mark.django_db


def add(*words: str) -> str:
    out = StringIO()
    call_command("add_member", *words, stdout=out)
    return out.getvalue()


def test_a_new_person_can_sign_in_with_what_is_printed(client: Any) -> None:
    printed = add("new-firm", "Ada@Firm.example", "--name", "Ada")
    password = printed.split("password: ")[1].split()[0]
    assert client.login(username="ada@firm.example", password=password)
    assert client.get("/w/new-firm/").status_code == 200
    assert Membership.objects.get().role == "admin"


def test_a_known_person_keeps_the_password_and_gets_the_role(workspace: Any) -> None:
    person = User.objects.create_user("ada@firm.example", "known")
    assert "password" not in add("firm", "ADA@firm.example", "--role", "analyst")
    add("firm", "ada@firm.example", "--role", "viewer")
    assert Membership.objects.get(user=person, workspace=workspace).role == "viewer"
    person.refresh_from_db()
    assert person.check_password("known")


def test_a_wrong_address_leaves_nothing_behind() -> None:
    with pytest.raises(CommandError):
        add("new-firm", "not an address")
    assert not Workspace.objects.exists()
