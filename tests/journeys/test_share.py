"""Read-only links: what guests see, what they never see, and how a link ends."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from cxm.models import User
from journeys import editing, sharing
from journeys.board import load_board
from journeys.models import Journey, Lane, ShareLink, Upload
from tests.journeys.talking import PLAN, browser_of, card_on, lane, person, say, step, url


@pytest.fixture
def omar(workspace: Any) -> User:
    return person(workspace, "Omar Diaz", "marketer")


@pytest.fixture
def journey(in_scope: Any, omar: User) -> Journey:
    return editing.create_journey(workspace=in_scope, actor=omar, outline=PLAN)


@pytest.fixture
def link(journey: Journey, omar: User) -> Callable[..., str]:
    """``link(lanes=…, password=…)`` → the address of a new link."""

    def make(**fields: Any) -> str:
        fields.setdefault("lanes", [row.pk for row in Lane.objects.filter(journey=journey)])
        made = sharing.create_link(journey=journey, actor=omar, name="Agency", **fields)
        return f"/s/{made.token}/"

    return make


def page(address: str, client: Client | None = None) -> str:
    """What a guest reads."""
    answer = (client or Client()).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# ---------- making and ending ----------


def test_the_address_is_shown_once(journey: Journey, omar: User) -> None:
    client = browser_of(omar)
    data = {"name": "Agency", "lanes": [lane("pains").pk], "password": "sesame-7"}
    made = client.post(url("share", journey), data)
    address = made.context["address"]
    assert f"http://testserver{address}" in made.content.decode()
    assert made["Cache-Control"] == "no-store"
    token = address.split("/")[2]
    row = ShareLink.objects.get()
    assert token not in str(vars(row))
    assert "sesame" not in str(vars(row))
    assert row.lanes == [lane("pains").pk]
    again = client.get(url("share", journey)).content.decode()
    assert token not in again
    assert "Agency" in again
    assert f"…{token[-4:]}" in again


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"lanes": []}, {"lanes": ["999999"]}, {"lanes": ["x"]},
        {"password": "short"}, {"expires_on": "2001-01-01"}, {"expires_on": "soon"},
        {"expires_on": "9999-12-31"}, {"name": "x" * 121}, {"name": "a\x00b"},
    ],
)  # fmt: skip
def test_a_link_that_cannot_be(journey: Journey, omar: User, wrong: dict[str, Any]) -> None:
    data = {"name": "Agency", "lanes": [lane("pains").pk]} | wrong
    assert browser_of(omar).post(url("share", journey), data).status_code == 422
    assert not ShareLink.objects.exists()


def test_hidden_lanes_are_not_offered(journey: Journey, omar: User) -> None:
    editing.hide_lane(lane=lane("pains"), hidden=True, actor=omar)
    data = {"name": "Agency", "lanes": [lane("pains").pk]}
    assert browser_of(omar).post(url("share", journey), data).status_code == 422


def test_only_who_edits_shares(journey: Journey, workspace: Any, sign_in: Any) -> None:
    client = sign_in("analyst")
    assert client.get(url("share", journey)).status_code == 403
    assert client.post(url("share", journey), {"name": "x"}).status_code == 403


def test_foreign_links_cannot_be_revoked(
    journey: Journey, omar: User, link: Any, in_scope: Any
) -> None:
    address = link()
    row = ShareLink.objects.get()
    second = editing.create_journey(workspace=in_scope, actor=omar, outline=PLAN)
    client = browser_of(omar)
    for id in (row.pk, 2**63, 10**30):
        assert client.post(url("share-revocation", second, link=id)).status_code == 404
    page(address)


def test_after_its_end_a_link_shows_nothing(journey: Journey, omar: User, link: Any) -> None:
    revoked, expired = link(), link(expires_on=timezone.localdate())
    unknown = f"/s/{'x' * 43}/"
    page(revoked)
    page(expired)
    row = ShareLink.objects.order_by("id").first()
    assert row is not None
    client = browser_of(omar)
    client.post(url("share-revocation", journey, link=row.pk))
    ShareLink.objects.exclude(pk=row.pk).update(expires_at=timezone.now())
    answers = [Client().get(a) for a in (revoked, expired, unknown, "/s/a%00b/", "/s/%ff/")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert b"Visit" not in answers[0].content
    assert b"Firm" not in answers[0].content
    overview = client.get(url("share", journey)).content.decode()
    assert "revoked" in overview
    assert "expired" in overview


def test_the_last_day_counts_whole(journey: Journey, link: Any) -> None:
    link(expires_on=dt.date(2030, 5, 17))
    ends = ShareLink.objects.get().expires_at
    assert ends is not None
    assert timezone.localtime(ends).isoformat().startswith("2030-05-17T23:59:59")


# ---------- what guests see ----------


def test_a_guest_reads_the_map(journey: Journey, omar: User, link: Any) -> None:
    card_on(journey, "Queue <b>long</b>")
    say(journey, omar, "Between colleagues")
    content = page(link())
    assert "Queue &lt;b&gt;long&lt;/b&gt;" in content
    assert "Order" in content
    assert "Between colleagues" not in content


def test_nothing_leads_into_the_workspace(
    journey: Journey, omar: User, link: Any, in_scope: Any
) -> None:
    other = editing.create_journey(workspace=in_scope, actor=omar, outline=PLAN)
    editing.rename_journey(journey=other, actor=omar, title="Secret plan")
    editing.open_map(step=step_of(journey, "Pay"), opens=other, actor=omar)
    content = page(link())
    for word in ("/w/firm", "Secret plan", "csrf", "data-changes", "data-live", "Omar", "hx-"):
        assert word not in content
    assert "contenteditable" not in content
    assert 'tabindex="-1"' not in content.split('role="table"')[1]


def step_of(journey: Journey, name: str) -> Any:
    from journeys.models import Step

    return Step.objects.select_related("phase").get(phase__journey=journey, name=name)


def test_only_the_chosen_lanes(journey: Journey, omar: User, link: Any) -> None:
    card_on(journey, "A pain")
    card_on(journey, "Said by a customer", kind="quotes")
    editing.assume(step=step("Pay"), value=1, persona=None, actor=omar)  # type: ignore[arg-type]
    content = page(link(lanes=[lane("pains").pk]))
    assert "A pain" in content
    assert "Said by a customer" not in content
    assert "In their words" not in content
    assert "The team assumes" not in content
    assert "Answers that count" not in content
    assert "Said by a customer" in page(link(lanes=[lane("quotes").pk]))


def test_a_lane_hidden_later_is_hidden_for_guests(journey: Journey, omar: User, link: Any) -> None:
    card_on(journey, "A pain")
    address = link()
    editing.hide_lane(lane=lane("pains"), hidden=True, actor=omar)
    assert "A pain" not in page(address)


def test_a_lane_added_later_is_not_shown(journey: Journey, omar: User, link: Any) -> None:
    address = link()
    editing.add_lane(
        journey=journey, kind="text", name="Internal", note="", before=None, actor=omar
    )
    assert "Internal" not in page(address)


def test_without_a_choice_customers_words_stay_inside(journey: Journey, link: Any) -> None:
    card_on(journey, "Said by a customer", kind="quotes")
    card_on(journey, "A pain")
    address = link()
    ShareLink.objects.update(lanes=None)
    content = page(address)
    assert "A pain" in content
    assert "Said by a customer" not in content


def test_arrows_and_chips_follow_their_lanes(journey: Journey, omar: User, link: Any) -> None:
    tail, head = card_on(journey, "A pain"), card_on(journey, "A quote", kind="quotes")
    editing.join_cards(tail=tail, head=head, both_ways=False, actor=omar)
    link(lanes=[lane("pains").pk])
    row = ShareLink.objects.get()
    board = sharing.shared_board(row, load_board(journey))
    assert board.arrows == ()
    assert all(s.touchpoints == () and s.questions == () for s in board.steps)
    row.lanes = [lane("pains").pk, lane("quotes").pk]
    assert len(sharing.shared_board(row, load_board(journey)).arrows) == 1


def test_figures_are_those_of_a_viewer(workspace: Any, measured: Any, omar: User) -> None:
    """Suppressed steps stay so, and answers in words never leave."""
    from journeys.models import LaneKind

    visit = measured(4)
    with scope(workspace=workspace):
        rows = [
            Lane.objects.create(workspace=workspace, journey=visit, kind=kind, position=n)
            for n, kind in enumerate((LaneKind.EMOTION, LaneKind.INDICATORS, LaneKind.QUOTES))
        ]
        made = sharing.create_link(
            journey=visit,
            actor=omar,
            name="x",
            lanes=[row.pk for row in rows],
        )
    content = page(f"/s/{made.token}/")
    assert "Answers that count" in content
    assert "hidden" in content
    assert "n = 3<" not in content
    assert "never asked" in content
    assert "<blockquote" not in content
    assert "/w/firm" not in content


def test_pictures_come_by_the_secret_address(journey: Journey, workspace: Any, link: Any) -> None:
    def kept(name: str, kind: str) -> Upload:
        return Upload.objects.create(
            workspace=workspace, name=name, content_type=kind, sha256=name, data=b"bytes", size=5
        )

    shown, file, other = kept("a.webp", "image/webp"), kept("b.pdf", "x/y"), kept("c", "image/webp")
    for upload in (shown, file):
        editing.add_card(
            lane=lane("pains"), step=step("Pay"), text=upload.name, before=None, upload=upload,
            actor=None,
        )  # fmt: skip
    address = link()
    content = page(address)
    assert f'src="{address}pictures/{shown.pk}/"' in content
    assert "b.pdf" in content
    answer = Client().get(f"{address}pictures/{shown.pk}/")
    assert answer.content == b"bytes"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    for id in (file.pk, other.pk, 10**30):
        assert Client().get(f"{address}pictures/{id}/").status_code == 404
    locked = link(password="sesame-7")
    assert Client().get(f"{locked}pictures/{shown.pk}/").status_code == 404
    ShareLink.objects.update(revoked_at=timezone.now())
    assert Client().get(f"{address}pictures/{shown.pk}/").status_code == 404


def test_headers_keep_the_address_secret(journey: Journey, link: Any) -> None:
    for address in (link(), link(password="sesame-7"), "/s/unknown/"):
        answer = Client().get(address)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer.content.decode()
        assert not answer.cookies
        assert "unsafe" not in answer["Content-Security-Policy"]


def test_query_count_does_not_grow(journey: Journey, link: Any) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            page(address)
        return len(queries)

    address = link()
    card_on(journey, "one")
    asked(address)
    few = asked(address)
    for n in range(30):
        editing.add_card(
            lane=lane("pains"), step=step("Pay"), text=f"card {n}", before=None, actor=None
        )
    assert asked(address) == few


# ---------- the password ----------


def test_the_password_opens_the_map_for_this_browser(journey: Journey, link: Any) -> None:
    card_on(journey, "A pain")
    address, client = link(password="sesame-7"), Client(enforce_csrf_checks=True)
    door = page(address, client)
    for word in ("A pain", "Visit", "Firm"):
        assert word not in door
    wrong = client.post(address, {"password": "sesame-8"}, HTTP_ORIGIN="null")
    assert wrong.status_code == 422
    assert not wrong.cookies
    right = client.post(address, {"password": "sesame-7"}, HTTP_ORIGIN="null")
    assert right.status_code == 303
    cookie = right.cookies[sharing_cookie()]
    assert cookie["httponly"]
    assert cookie["path"] == address
    assert cookie["samesite"] == "Lax"
    assert "A pain" in page(address, client)
    assert "A pain" not in page(address)


def sharing_cookie() -> str:
    from journeys.shared_views import COOKIE

    return COOKIE


def test_a_kept_password_opens_only_its_link(journey: Journey, link: Any) -> None:
    first, second = link(password="sesame-7"), link(password="sesame-7")
    client = Client()
    value = client.post(first, {"password": "sesame-7"}).cookies[sharing_cookie()].value
    for forged in (value, "", "x", "1:abc:def", f"{value}x"):
        thief = Client()
        thief.cookies[sharing_cookie()] = forged
        assert "Password, please" in page(second, thief)
    # A new password asks everybody again.
    with scopes_disabled():
        ShareLink.objects.update(password="changed")
    client.cookies[sharing_cookie()]["path"] = "/"
    assert "Password, please" in page(first, client)


def test_a_kept_password_is_forgotten(journey: Journey, link: Any, monkeypatch: Any) -> None:
    address, client = link(password="sesame-7"), Client()
    client.post(address, {"password": "sesame-7"})
    monkeypatch.setattr(sharing, "OPEN_FOR", dt.timedelta(seconds=-1))
    assert "Password, please" in page(address, client)


def test_guessing_is_slowed(journey: Journey, link: Any) -> None:
    address = link(password="sesame-7")
    for n in range(sharing.TRIES):
        assert Client().post(address, {"password": f"guess-{n}"}).status_code == 422
    # Also the right one has to wait, from whichever browser.
    assert Client().post(address, {"password": "sesame-7"}).status_code == 429
    ShareLink.objects.update(tries_since=timezone.now() - sharing.WITHIN)
    assert Client().post(address, {"password": "sesame-7"}).status_code == 303
    assert ShareLink.objects.get().tries == 0


def test_a_password_of_a_megabyte_is_just_wrong(journey: Journey, link: Any) -> None:
    address = link(password="sesame-7")
    assert Client().post(address, {"password": "x" * 1_000_000}).status_code == 422
    assert Client().post(address, {"password": "\x00"}).status_code == 422
    assert Client().post(address).status_code == 422


def test_after_revoking_the_kept_password_opens_nothing(journey: Journey, link: Any) -> None:
    address, client = link(password="sesame-7"), Client()
    client.post(address, {"password": "sesame-7"})
    page(address, client)
    ShareLink.objects.update(revoked_at=timezone.now())
    assert client.get(address).status_code == 404
    assert client.post(address, {"password": "sesame-7"}).status_code == 404


def test_a_guest_gets_no_session(journey: Journey, link: Any, settings: Any) -> None:
    address, client = link(password="sesame-7"), Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "fixed-by-somebody"
    client.post(address, {"password": "sesame-7"})
    page(address, client)
    # A session that the server never made is thrown away, not filled.
    assert client.cookies[settings.SESSION_COOKIE_NAME].value == ""
    assert client.get(url("journeys")).status_code == 302


def test_the_log_of_the_server_does_not_learn_the_address(
    journey: Journey, link: Any, caplog: Any
) -> None:
    address = link(password="sesame-7")
    with caplog.at_level(logging.DEBUG):
        Client().post(address, {"password": "wrong-one"})
    assert address not in caplog.text


def test_links_end_with_their_map(journey: Journey, link: Any) -> None:
    address = link()
    editing.delete_journey(journey=journey)
    assert Client().get(address).status_code == 404
