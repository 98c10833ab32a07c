"""Bots: what speaks against a person, and a team that looks at it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from surveys import answer_views
from surveys.answering import suspicion
from surveys.answering.limits import Limit, caller
from surveys.models import Answer, Filling, Response
from tests.surveys.answering.cafe import Cafe, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]


def visit(person: Person, **first: Any) -> Filling:
    person.open()
    person.say(5, **first)
    person.say(1)
    person.say(9)
    return Filling.objects.latest("started_at")


def test_people_who_hurry_are_no_bots(person: Person) -> None:
    filling = visit(person)
    assert filling.state == Filling.State.FINISHED
    assert set(filling.suspicions) <= {"fast", "pace"}


def test_a_program_that_hurries_is_held_back(client: Client, cafe: Cafe) -> None:
    person = Person(client, cafe.path)
    client.defaults["HTTP_USER_AGENT"] = "python-requests/2"
    filling = visit(person)
    assert filling.state == Filling.State.HELD
    assert "have arrived" in person.text  # it is not told
    assert not Response.objects.exists()


def test_no_single_hint_but_the_trap_decides() -> None:
    alone = {reason for reason in suspicion.WEIGHTS if suspicion.is_enough([reason])}
    assert alone == {"trap"}
    assert set(suspicion.WEIGHTS) == set(suspicion.WORDS)


def test_releasing_and_discarding(
    cafe: Cafe, person: Person, sign_in: Callable[..., Client]
) -> None:
    visit(person, website="x")
    visit(Person(Client(), cafe.path), website="x")
    member = sign_in("marketer", cafe.workspace)
    url = reverse("surveys:held", args=[cafe.workspace.slug, cafe.survey.pk])
    page = member.get(url).content.decode()
    assert "2 filled questionnaires wait" in page
    assert "Filled in a field that people do not see" in page
    results = reverse("surveys:results", args=[cafe.workspace.slug, cafe.survey.pk])
    assert "2 filled questionnaires are held back" in member.get(results).content.decode()
    actions = re.findall(r'action="([^"]+/(?:release|discard)/)"', page)
    assert len(actions) == 4
    member.post(actions[0])
    member.post(actions[3])
    assert Response.objects.count() == 1
    assert Answer.objects.count() == 3
    assert Filling.objects.get().state == Filling.State.FINISHED
    assert "Nothing is held back." in member.get(url).content.decode()


def test_a_filling_that_goes_in_the_same_moment(
    cafe: Cafe, person: Person, sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was found, and is gone when its row is to be locked."""
    filling = visit(person, website="x")
    release = reverse(
        "surveys:held-release", args=[cafe.workspace.slug, cafe.survey.pk, filling.id]
    )
    member = sign_in("marketer", cafe.workspace)
    monkeypatch.setattr("surveys.collecting.doors.locked", lambda filling: None)
    assert member.post(release).status_code == 404
    gone = person.client.post("/".join([*person.path.split("/")[:4], "withdrawal", ""]))
    assert gone.status_code == 404


def test_a_held_filling_of_another_survey(
    cafe: Cafe, person: Person, make: Any, sign_in: Callable[..., Client]
) -> None:
    filling = visit(person, website="x")
    other = make(name="Other").survey
    url = reverse("surveys:held-discard", args=[cafe.workspace.slug, other.pk, filling.id])
    assert sign_in("marketer", cafe.workspace).post(url).status_code == 404
    assert Filling.objects.exists()


def test_too_many_starts_from_one_connection(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_views, "STARTS", Limit(times=2, seconds=60))
    person.open()
    form = person.hidden() | {"value": "5"}
    codes = [person.client.post(person.path, form).status_code for _try in range(3)]
    assert codes == [303, 303, 429]
    elsewhere = person.client.post(person.path, form, REMOTE_ADDR="10.1.1.1")
    assert elsewhere.status_code == 303


def test_limits_forget_and_stay_small() -> None:
    now = [0.0]
    limit = Limit(times=1, seconds=10, names=2, clock=lambda: now[0])
    assert limit.allows("a")
    assert not limit.allows("a")
    now[0] = 11
    assert limit.allows("a")
    for name in "bcd":
        limit.allows(name)
    assert len(limit._counts) == 2
    assert "10.0.0.1" not in caller("10.0.0.1")
