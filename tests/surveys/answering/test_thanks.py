"""The thanks page, and the headers that all of these pages have."""

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from cxm.models import uuid7
from surveys import histograms
from surveys.answering import earlier
from surveys.models import Answer, Kind, Link, Response
from tests.surveys.answering.cafe import Cafe, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]


@pytest.fixture(autouse=True)
def fresh() -> None:
    earlier._cache.clear()


def answered(cafe: Cafe, key: str, month: dt.date, *scores: int) -> None:
    for score in scores:
        id = uuid7()
        Response.objects.create(
            workspace_id=cafe.workspace.pk, id=id, survey_id=cafe.survey.pk, external_id=str(id),
            answered_on=month, source="qr",
        )  # fmt: skip
        Answer.objects.create(
            workspace_id=cafe.workspace.pk, id=uuid7(), response_id=id, status=0, score=score,
            question_id=cafe.rows[key].pk, raw=str(score),
        )  # fmt: skip
    histograms.mark_dirty(workspace_id=cafe.workspace.pk, days=[month])


def thanks(cafe: Cafe) -> str:
    person = Person(Client(), cafe.path)
    person.open()
    for score in (5, 1, 9):
        person.say(score)
    return person.text


def test_few_answers_say_nothing(cafe: Cafe) -> None:
    answered(cafe, "q1", dt.date(2026, 3, 2), 1, 2, 3)
    page = thanks(cafe)
    assert "have arrived" in page
    assert "everybody" not in page


def test_months_with_enough_answers_are_shown(cafe: Cafe) -> None:
    answered(cafe, "q1", dt.date(2026, 3, 2), 1, 2, 1, 2, 1, 2)
    answered(cafe, "q1", dt.date(2026, 4, 6), 5, 4, 5, 4, 5, 5)
    answered(cafe, "q1", dt.date(2026, 5, 4), 5)
    page = thanks(cafe)
    assert "since March, 12 answers" in page
    assert "This month it is better than in March, proven." in page
    assert ">Mar<" in page
    assert ">May<" not in page


def test_the_picture_is_drawn_in_any_language(make: Any, client: Client) -> None:
    cafe = make(language="de")
    cafe.ask("q1", Kind.FACES, texts={"de": "Wie war es?"})
    cafe.open()
    answered(cafe, "q1", dt.date(2026, 3, 2), 1, 2, 1, 2, 1, 2)
    answered(cafe, "q1", dt.date(2026, 4, 6), 5, 4, 5, 4, 5, 5)
    person = Person(client, cafe.path, HTTP_ACCEPT_LANGUAGE="de")
    person.open()
    person.say(4)
    picture = person.text.split('role="img"')[1].split("</svg>")[0]
    drawn = re.findall(r'(?: d| cx| cy| x| y)="([^"]+)"', picture)
    assert len(drawn) > 8
    assert "," not in "".join(drawn)


def test_own_words_of_thanks(make: Any, client: Client) -> None:
    cafe = make(texts={"thanks": {"en": "Lovely, thank you."}})
    cafe.ask("q1", Kind.TEXT)
    person = Person(client, cafe.open().path)
    person.open()
    person.say("Hello")
    assert "Lovely, thank you." in person.text
    assert "Your answer has arrived." in person.text


def test_nothing_is_kept_on_the_way(person: Person) -> None:
    person.open()
    pages = [person.page, person.say(5), person.page, person.client.get("/m/NONE23/")]
    for page in pages:
        assert "no-store" in page["Cache-Control"]
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert page["X-Frame-Options"] == "DENY"
    assert set(person.client.cookies) == {f"cxm-{person.path.split('/')[2]}"}
    assert settings.SESSION_COOKIE_NAME not in person.client.cookies


def test_only_an_embedded_link_stands_inside_of_other_pages(cafe: Cafe, client: Client) -> None:
    assert "frame-ancestors 'none'" in client.get(cafe.path)["Content-Security-Policy"]
    Link.objects.update(source="embed")
    page = client.get(cafe.path)
    assert "frame-ancestors *" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page


def test_a_tablet_returns_to_the_start_and_keeps_nothing(cafe: Cafe) -> None:
    Link.objects.update(source="kiosk")
    person = Person(Client(), cafe.path)
    person.open()
    person.say(5)
    person.say(1)
    person.say(9)
    assert f'content="20; url={cafe.path}"' in person.text
    assert "Your code word" not in person.text
    assert not person.client.cookies


FONT = "fonts/voice-600-latin.woff2"


def test_the_first_page_is_light(cafe: Cafe, client: Client) -> None:
    import gzip

    from django.contrib.staticfiles import finders

    page = client.get(cafe.path, HTTP_ACCEPT_ENCODING="gzip")
    total = len(page.content)
    for name in ("css/answer.css", "js/answer/answer.js", "js/answer/rank.js", "mark.svg", FONT):
        found = finders.find(name)
        assert isinstance(found, str)
        with open(found, "rb") as file:
            total += len(gzip.compress(file.read(), 6))
    assert total < 60_000, total
