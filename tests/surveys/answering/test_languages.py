"""The language that a person reads."""

import re
from collections.abc import Callable

import polib
import pytest
from django.conf import settings
from django.test import Client

from surveys.answering.languages import choose, language, spoken
from surveys.models import Filling, Kind, Response
from tests.surveys.answering.cafe import Cafe, Person

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


@pytest.mark.parametrize(
    ("asked", "accepted", "found"),
    [
        ("", "", "de"),
        ("ar", "en", "ar"),
        ("xx", "en-GB,de;q=0.5", "en"),
        ("", "fr, ar;q=0.9, en;q=0.8", "ar"),
        ("", "de-AT", "de"),
        ("", "*;q=x,\x00", "de"),
    ],
)
def test_choosing(asked: str, accepted: str, found: str) -> None:
    assert choose(["de", "en", "ar"], asked=asked, accepted=accepted).code == found


def test_names_and_directions() -> None:
    assert language("ar").direction == "rtl"
    assert language("fa-AF").direction == "rtl"
    assert language("de").name == "Deutsch"
    assert language("pt-BR").words == "en"
    assert language("tlh").name == "Tlh"


def test_our_own_words_keep_every_placeholder() -> None:
    assert {"en", "de", "ar", "fr", "es"} <= set(spoken())
    for code in set(spoken()) - {"en", "de"}:
        folder = settings.LOCALE_PATHS[0] / code / "LC_MESSAGES"
        for entry in polib.pofile(str(folder / "django.po")):
            wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
            for text in (entry.msgstr_plural or {0: entry.msgstr}).values():
                found = set(PLACEHOLDER.findall(text))
                # "Your answer has arrived" needs no number.
                assert found == wanted or (entry.msgid_plural and not found), (code, entry.msgid)
        assert (folder / "django.mo").is_file()


@pytest.fixture
def bilingual(make: Callable[..., Cafe]) -> Cafe:
    cafe = make(language="de", languages=["ar"])
    cafe.ask("q1", Kind.FACES, texts={"de": "Wie war es?", "ar": "كيف كان؟"})
    cafe.ask("q2", Kind.TEXT, texts={"de": "Warum?", "ar": "لماذا؟"})
    return cafe.open()


@pytest.mark.django_db
def test_from_right_to_left(bilingual: Cafe, client: Client, everywhere: None) -> None:
    person = Person(client, bilingual.path, HTTP_ACCEPT_LANGUAGE="ar,en;q=0.5")
    page = person.open()
    assert page["Content-Language"] == "ar"
    assert '<html lang="ar" dir="rtl">' in person.text
    assert "كيف كان؟" in person.text
    person.say(4)
    assert "لماذا؟" in person.text
    assert "السؤال 2 من 2" in person.text
    assert Filling.objects.get().language == "ar"
    person.say("ok")
    assert Response.objects.get().language == "ar"


@pytest.mark.django_db
def test_changing_the_language_on_the_way(
    bilingual: Cafe, client: Client, everywhere: None
) -> None:
    person = Person(client, bilingual.path, HTTP_ACCEPT_LANGUAGE="de")
    person.open()
    person.say(4)
    person.open(person.path + "?lang=ar")
    assert "لماذا؟" in person.text
    person.open(person.path.split("?")[0])
    assert "Warum?" in person.text
