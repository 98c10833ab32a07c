"""The sample workspace "Café am Markt": for newcomers, screenshots and browser tests.

All of it is invented. ``cafe.py`` is the place and its questionnaire, ``guests.py`` draws the
guests, ``comments.py`` is what they write. ``asked.py`` is the survey on the tables, which
``collected.py`` opens; ``personal.py`` is a second one. ``rows.py`` stores it all.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django_scopes import scope

from cxm.management.sample import cafe, rows
from cxm.models import Membership, Role, User, Workspace

PASSWORD = "kaffee-am-markt"
PEOPLE = {
    Role.VIEWER: "Nora Klein",
    Role.ANALYST: "Tomasz Nowak",
    Role.MARKETER: "Jana Peters",
    Role.ADMIN: "Lea Hoffmann",
}


class NotASampleError(Exception):
    """The address of the sample is taken by a workspace with real content."""


@dataclass(frozen=True)
class SignIn:
    role: str
    name: str
    email: str
    password: str


@dataclass(frozen=True)
class Sample:
    workspace: Workspace
    sign_ins: list[SignIn]
    is_new: bool


@transaction.atomic
def load_sample(*, today: dt.date, reset: bool = False) -> Sample:
    """Make the sample workspace and a person per role; what is there already stays as it is.

    ``today`` is the day after the newest answer. With ``reset`` the workspace is built anew.
    Raises ``NotASampleError`` rather than touch a workspace that isn't sample content.
    """
    workspace, is_new = Workspace.objects.select_for_update().get_or_create(
        slug=cafe.SLUG, defaults={"name": cafe.NAME, "language": "de", "is_sample": True}
    )
    if not workspace.is_sample:
        raise NotASampleError(cafe.SLUG)
    people = {role: _person(workspace, role, name) for role, name in PEOPLE.items()}
    with scope(workspace=workspace):
        if reset and not is_new:
            rows.clear(workspace=workspace)
        if reset or is_new:
            rows.store(
                workspace=workspace,
                author=people[Role.MARKETER],
                owner=people[Role.ADMIN],
                today=today,
            )
    sign_ins = [SignIn(role.value, str(one), one.email, PASSWORD) for role, one in people.items()]
    return Sample(workspace, sign_ins, is_new)


def _person(workspace: Workspace, role: Role, name: str) -> User:
    email = f"{role.value}@cafe.example"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, PASSWORD, name=name)
    Membership.objects.get_or_create(workspace=workspace, user=user, defaults={"role": role})
    return user
