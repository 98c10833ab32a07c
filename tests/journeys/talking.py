"""A map with people around it, which the tests of comments and links share."""

from typing import Any

from django.test import Client
from django.urls import reverse

from cxm.models import User
from journeys import editing
from journeys.models import Card, Comment, Journey, Lane, Step
from journeys.outline import Outline, PhaseOutline, StepOutline
from tests.factories import MembershipFactory, UserFactory

PLAN = Outline("Visit", (PhaseOutline("During", (StepOutline("Order"), StepOutline("Pay"))),))


def person(workspace: Any, name: str, role: str = "viewer", **fields: Any) -> User:
    user: User = UserFactory(name=name, **fields)
    MembershipFactory(workspace=workspace, user=user, role=role)
    return user


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, journey: Journey | None = None, **kwargs: Any) -> str:
    names = {"workspace": "firm", **kwargs}
    if journey is not None:
        names["journey"] = journey.slug
    return reverse(f"journeys:{name}", kwargs=names)


def step(name: str) -> Step:
    return Step.objects.select_related("phase").get(name=name)


def lane(kind: str) -> Lane:
    return Lane.objects.get(kind=kind)


def card_on(journey: Journey, text: str = "Queue is long", kind: str = "pains") -> Card:
    editing.add_card(lane=lane(kind), step=step("Order"), text=text, before=None, actor=None)
    return Card.objects.select_related("lane", "step").get(text=text)


def say(journey: Journey, actor: User, text: str = "Why?", **spot: Any) -> Comment:
    return editing.add_comment(
        journey=journey, actor=actor, text=text, spot=editing.Spot(**spot), origin="http://cxm"
    )
