"""Loading the sample: once, again, anew, and never over real content."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django_scopes import scope

from cxm.management.sample import PASSWORD, NotASampleError, Sample, cafe, load_sample
from cxm.models import Membership, User, Workspace
from surveys.models import Response
from touchpoints.models import Touchpoint

TODAY = dt.date(2026, 3, 10)


@pytest.fixture
def sample(db: None) -> Any:
    loaded = load_sample(today=TODAY)
    with scope(workspace=loaded.workspace):
        yield loaded


def test_loading_twice_is_loading_once(sample: Sample) -> None:
    newest = {*Response.objects.values_list("id", flat=True)}
    again = load_sample(today=TODAY + dt.timedelta(days=1))
    assert not again.is_new
    assert {*Response.objects.values_list("id", flat=True)} == newest
    assert User.objects.filter(email__endswith="@cafe.example").count() == 4


def test_reset_builds_it_anew_and_keeps_the_people(sample: Sample) -> None:
    gone = {*Response.objects.values_list("id", flat=True)}
    members = {*Membership.objects.values_list("id", flat=True)}
    load_sample(today=TODAY, reset=True)
    assert Response.objects.count() == len(gone)
    assert not gone & {*Response.objects.values_list("id", flat=True)}
    assert {*Membership.objects.values_list("id", flat=True)} == members


def test_reset_leaves_other_workspaces_alone(sample: Sample) -> None:
    other = Workspace.objects.create(slug="rival", name="Rival")
    with scope(workspace=other):
        Touchpoint.objects.create(workspace=other, name="Theke und Team")
    load_sample(today=TODAY, reset=True)
    with scope(workspace=other):
        assert Touchpoint.objects.count() == 1


@pytest.mark.parametrize("reset", [False, True])
def test_a_real_workspace_of_that_address_is_not_touched(db: None, reset: bool) -> None:
    Workspace.objects.create(slug=cafe.SLUG, name="Echt")
    with pytest.raises(NotASampleError):
        load_sample(today=TODAY, reset=reset)
    assert Workspace.objects.get(slug=cafe.SLUG).name == "Echt"
    assert not User.objects.exists()
    with pytest.raises(CommandError):
        call_command("load_sample", stderr=io.StringIO())


def test_the_command_prints_a_sign_in_per_role(db: None, client: Any) -> None:
    out, errors = io.StringIO(), io.StringIO()
    call_command("load_sample", "--today", "2026-03-10", stdout=out, stderr=errors)
    lines = out.getvalue().splitlines()
    assert "Demo only" in lines[0]
    assert [line.split()[0] for line in lines[1:]] == ["viewer", "analyst", "marketer", "admin"]
    for line in lines[1:]:
        _role, email, password = line.split()
        assert password == PASSWORD
        assert client.login(email=email, password=password)


def test_a_changed_password_stays_changed(db: None) -> None:
    load_sample(today=TODAY)
    person = User.objects.get(email="admin@cafe.example")
    person.set_password("something of my own")
    person.save()
    load_sample(today=TODAY, reset=True)
    person.refresh_from_db()
    assert person.check_password("something of my own")
