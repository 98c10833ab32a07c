"""Tablets: no cookie, no way out but the PIN."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from surveys import kiosk_views, links
from surveys.models import Link

pytestmark = pytest.mark.django_db


@pytest.fixture
def tablet(survey: Any) -> Iterator[Link]:
    kiosk_views.TRIES.clear()
    with scope(workspace=survey.workspace):
        made = links.create(survey=survey, source="kiosk", names=["Door"], pin="2468")
    yield made[0]
    kiosk_views.TRIES.clear()


def test_full_screen_without_a_cookie(tablet: Link) -> None:
    client = Client()
    response = client.get(f"/k/{tablet.code}/")
    text = response.content.decode()
    assert f'src="/m/{tablet.code}/"' in text
    assert text.count("<a ") == 1
    assert not client.cookies
    inside = client.get(f"/m/{tablet.code}/")
    assert inside["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in inside["Content-Security-Policy"]


def test_only_the_pin_leads_out(tablet: Link, sign_in: Callable[..., Client]) -> None:
    client = sign_in("marketer")
    assert client.get(f"/k/{tablet.code}/leave/").status_code == 200
    wrong = client.post(f"/k/{tablet.code}/leave/", {"pin": "1111"})
    assert wrong.status_code == 422
    right = client.post(f"/k/{tablet.code}/leave/", {"pin": "2468"})
    assert right["Location"] == "/accounts/login/"
    assert client.get("/w/firm/surveys/").status_code == 302


def test_guessing_ends_soon(tablet: Link) -> None:
    client = Client()
    codes = [
        client.post(f"/k/{tablet.code}/leave/", {"pin": f"{n:04}"}).status_code for n in range(7)
    ]
    assert codes == [422] * 5 + [429] * 2
    assert client.post(f"/k/{tablet.code}/leave/", {"pin": "2468"}).status_code == 429


def test_a_pin_of_another_tablet_begins_no_new_tries(survey: Any, tablet: Link) -> None:
    with scope(workspace=survey.workspace):
        own = links.create(survey=survey, source="kiosk", names=["Own"], pin="1357")[0]
    client = Client()
    for n in range(5):
        client.post(f"/k/{tablet.code}/leave/", {"pin": f"{n:04}"})
    assert client.post(f"/k/{own.code}/leave/", {"pin": "1357"}).status_code == 302
    assert client.post(f"/k/{tablet.code}/leave/", {"pin": "0005"}).status_code == 429


def test_only_tablets_have_this_page(survey: Any) -> None:
    with scope(workspace=survey.workspace):
        link = links.create(survey=survey, source="qr", names=["Bar"])[0]
    assert Client().get(f"/k/{link.code}/").status_code == 404
    assert Client().get("/k/nothing/").status_code == 404


def test_beginning_here_signs_out(
    survey: Any, tablet: Link, sign_in: Callable[..., Client]
) -> None:
    client = sign_in("marketer")
    url = f"/w/firm/surveys/{survey.pk}/invite/links/{tablet.pk}/tablet/"
    assert client.post(url)["Location"] == f"/k/{tablet.code}/"
    assert client.get("/w/firm/surveys/").status_code == 302
