"""Listening to a map: who may, and what reaches whom."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from cxm.live import RefusedError, Ticket
from cxm.models import Membership
from journeys import editing, live
from journeys.models import Journey
from journeys.outline import Outline
from tests.factories import MembershipFactory, UserFactory
from tests.streams import EventStream, streaming_server


@pytest.fixture(autouse=True)
def on_the_thread_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its connection holds the transaction that the test runs in; threads of a server hold none."""
    monkeypatch.setattr(live, "close_old_connections", lambda: None)


@pytest.fixture
def journey(workspace: Any) -> Journey:
    with scope(workspace=workspace):
        return editing.create_journey(
            workspace=workspace, actor=UserFactory(), outline=Outline("Visit", ())
        )


def session_of(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def member(workspace: Any, role: str = "viewer") -> Any:
    return MembershipFactory(workspace=workspace, user=UserFactory(), role=role).user


def refusal(*words: str) -> int:
    with pytest.raises(RefusedError) as refused:
        live.admit(*words)
    return refused.value.status


def let_in(user: Any) -> Ticket:
    return live.admit("firm", "visit", session_of(user))


def test_every_role_may_listen(workspace: Any, journey: Journey) -> None:
    for role in ("viewer", "analyst", "marketer", "admin"):
        ticket = let_in(member(workspace, role))
        assert (ticket.topic, ticket.newest) == (journey.pk, journey.last_seq)


def test_others_may_not(
    workspace: Any, other_workspace: Any, journey: Journey, django_assert_num_queries: Any
) -> None:
    assert refusal("firm", "visit", "") == 401
    assert refusal("firm", "visit", "made-up") == 401
    stranger = session_of(member(other_workspace, "admin"))
    assert refusal("firm", "visit", stranger) == 404
    assert refusal("rival", "visit", stranger) == 404
    insider = session_of(member(workspace))
    assert refusal("firm", "another", insider) == 404
    assert refusal("nowhere", "visit", insider) == 404
    with django_assert_num_queries(4):
        live.admit("firm", "visit", insider)


def test_a_right_that_ends_ends_the_ticket(
    workspace: Any, journey: Journey, django_assert_num_queries: Any
) -> None:
    stays, left, out, new_password, inactive = [member(workspace) for _ in range(5)]
    tickets = {let_in(user) for user in (stays, left, out, new_password, inactive)}
    with django_assert_num_queries(4):
        assert live.welcome(tickets) == tickets
    Membership.objects.filter(user=left).delete()
    Session.objects.filter(
        session_key=next(t.session for t in tickets if t.user == out.pk)
    ).delete()
    new_password.set_password("another word entirely")
    new_password.save()
    inactive.is_active = False
    inactive.save()
    assert {ticket.user for ticket in live.welcome(tickets)} == {stays.pk}
    with scope(workspace=workspace):
        editing.delete_journey(journey=journey)
    assert live.welcome(tickets) == set()


def presence(client: Client, **said: str) -> int:
    url = reverse("journeys:presence", kwargs={"workspace": "firm", "journey": "visit"})
    return client.post(url, {"tab": "tab-0001", "cell": "1-2", **said}).status_code


def test_presence(sign_in: Any, journey: Journey) -> None:
    client = sign_in("viewer")
    assert presence(client) == 204
    assert presence(client, cell="") == 204
    for wrong in ("1", "a-b", "1-2\n", "1-2-3", "9" * 30 + "-1", "<b>"):
        assert presence(client, cell=wrong) == 422
    for wrong in ("", "short", "t" * 100, "tab 00001"):
        assert presence(client, tab=wrong) == 422


def test_presence_of_outsiders(sign_in: Any, journey: Journey, other_workspace: Any) -> None:
    assert presence(Client()) == 302
    assert presence(sign_in("admin", to=other_workspace)) == 404


def test_a_long_name_still_fits_an_announcement(sign_in: Any, journey: Journey) -> None:
    client = sign_in("viewer")
    Membership.objects.get().user.__class__.objects.update(name="ж" * 120)
    assert presence(client) == 204


# ----- the real server -----

STREAM = "/live/firm/visit/"


@pytest.fixture
def origin(transactional_db: None) -> Iterator[str]:
    with streaming_server() as address:
        yield address


def change(workspace: Any, journey: Journey, name: str) -> int:
    with scope(workspace=workspace):
        event = editing.add_phase(journey=journey, name=name, actor=None)
    assert event is not None
    return event.seq


def test_a_change_reaches_who_listens(origin: str, workspace: Any, journey: Journey) -> None:
    session = session_of(member(workspace))
    first = EventStream(origin, STREAM, session, last=journey.last_seq)
    assert first.status == 200
    assert first.answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert first.answer.headers["X-Accel-Buffering"] == "no"
    assert "Content-Encoding" not in first.answer.headers
    seq = change(workspace, journey, "One")
    first.hear(seq)
    first.close()
    seq = change(workspace, journey, "Two")
    again = EventStream(origin, STREAM, session, last=seq - 1)
    again.hear(seq)
    again.close()


def test_a_change_that_is_taken_back_is_not_told(
    origin: str, workspace: Any, journey: Journey
) -> None:
    from django.db import transaction

    stream = EventStream(origin, STREAM, session_of(member(workspace)), last=journey.last_seq)
    with transaction.atomic():
        change(workspace, journey, "Never")
        transaction.set_rollback(True)
    seq = change(workspace, journey, "Stays")
    assert stream.event()["seq"] == seq
    stream.close()


def test_who_is_on_the_map_is_told(origin: str, workspace: Any, journey: Journey) -> None:
    jana, omar = member(workspace), member(workspace)
    stream = EventStream(origin, STREAM, session_of(jana))
    assert stream.event("presence")["here"] == []
    client = Client()
    client.force_login(omar)
    assert presence(client, cell="4-5") == 204
    told = stream.event("presence")["here"]
    assert [(person["id"], person["name"], person["cell"]) for person in told] == [
        (omar.pk, omar.name, "4-5")
    ]
    stream.close()


def test_no_stream_for_strangers(
    origin: str, workspace: Any, other_workspace: Any, journey: Journey
) -> None:
    assert EventStream(origin, STREAM, "").status == 401
    assert EventStream(origin, STREAM, session_of(member(other_workspace))).status == 404
    assert EventStream(origin, "/live/", session_of(member(workspace))).status == 404


def test_news_that_are_shared_still_say_whose_they_are(workspace: Any, journey: Journey) -> None:
    jana, omar = member(workspace, "marketer"), member(workspace)
    with scope(workspace=workspace):
        editing.add_phase(journey=journey, name="Before", actor=jana)
    url = reverse("journeys:news-read", kwargs={"workspace": "firm", "journey": "visit"})
    for user, mine in ((jana, True), (omar, False)):
        client = Client()
        client.force_login(user)
        events = client.get(f"{url}?since={journey.last_seq}").json()["events"]
        assert [(event["what"], event["mine"]) for event in events] == [("phase-added", mine)]
