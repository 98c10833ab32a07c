"""Search finds every kind of place, whatever capitals and accents, and nothing of others."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st

from journeys.models import Card, Comment, Lane, Persona
from journeys.search import PER_KIND, folded, marked, search, snippet, words_of
from tests.factories import (
    JourneyFactory,
    PhaseFactory,
    StepFactory,
    TouchpointFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def fill(workspace: Any, word: str = "Gepäck", n: int = 1) -> dict[str, Any]:
    """A map with the word in a row of every kind, ``n`` times."""
    journey = JourneyFactory(workspace=workspace, title=f"{word} reclaim", slug="reclaim")
    phase = PhaseFactory(workspace=workspace, journey=journey, name="Arrive")
    lane = Lane.objects.create(workspace=workspace, journey=journey, kind="pains", position=1)
    for number in range(n):
        step = StepFactory(workspace=workspace, phase=phase, name=f"Wait for {word} {number}")
        text = f"Where is the {word}? {number}"
        card = Card.objects.create(workspace=workspace, lane=lane, step=step, position=1, text=text)
        Persona.objects.create(workspace=workspace, name=f"P{number}", goals=f"find {word}")
        TouchpointFactory(workspace=workspace, name=f"{word} belt {number}")
        Comment.objects.create(
            workspace=workspace, journey=journey, text=f"{word}, again", author=UserFactory(),
            lane_ref=lane.pk, step_ref=step.pk, card_ref=card.pk,
        )  # fmt: skip
    return {"journey": journey, "lane": lane, "step": step, "card": card}


def kinds(workspace: Any, text: str) -> list[str]:
    return [hit.kind for hit in search(workspace=workspace, text=text).hits]


@pytest.mark.parametrize("text", ["gepäck", "GEPÄCK", "gepack", "Gepa\u0308ck", "  gepäck  "])
def test_every_kind_is_found_whatever_capitals_and_accents(text: str, in_scope: Any) -> None:
    made = fill(in_scope)
    found = search(workspace=in_scope, text=text)
    assert [hit.kind for hit in found.hits] == [
        "map", "step", "card", "persona", "touchpoint", "comment",
    ]  # fmt: skip
    place = f"{made['lane'].pk}-{made['step'].pk}"
    assert found.hits[0].url == "/w/firm/journeys/reclaim/"
    assert found.hits[1].url.endswith(f"?focus=step-{made['step'].pk}")
    assert found.hits[2].url.endswith(f"?focus={place}")
    assert found.hits[2].where == "Gepäck reclaim · Pain points · Wait for Gepäck 0"
    assert found.hits[5].url.endswith(f"?comment={Comment.objects.get().pk}")
    assert {hit.journey for hit in found.hits} == {made["journey"].pk, None}


def test_text_that_is_written_with_two_code_points_is_found(in_scope: Any) -> None:
    TouchpointFactory(workspace=in_scope, name="Cafe\u0301 und Straße")
    assert kinds(in_scope, "café") == ["touchpoint"]
    assert kinds(in_scope, "cafe") == ["touchpoint"]
    assert kinds(in_scope, "STRASSE") == ["touchpoint"]
    assert kinds(in_scope, "strasse cafe") == ["touchpoint"]
    assert kinds(in_scope, "strasse tea") == []


def test_signs_of_the_database_are_only_letters(in_scope: Any) -> None:
    TouchpointFactory(workspace=in_scope, name="50% off_now")
    TouchpointFactory(workspace=in_scope, name="500 officers know")
    for text in ("50%", "off_", "0% off_now"):
        assert len(kinds(in_scope, text)) == 1, text
    for text in ("%%", "__", "\\\\", "'; DROP TABLE journeys_card; --", "a\0b", "%' OR 1=1"):
        assert kinds(in_scope, text) == [], text


def test_few_queries_and_few_hits_however_much_there_is(
    in_scope: Any, django_assert_max_num_queries: Any
) -> None:
    fill(in_scope, n=30)
    with django_assert_max_num_queries(8):
        found = search(workspace=in_scope, text="gepäck")
    assert len([hit for hit in found.hits if hit.kind == "card"]) == PER_KIND
    assert found.more == {"step", "card", "persona", "touchpoint", "comment"}


def test_names_that_begin_with_the_word_come_first(in_scope: Any) -> None:
    for name in ("A wait", "Waiting room", "Long wait"):
        TouchpointFactory(workspace=in_scope, name=name)
    found = search(workspace=in_scope, text="wait")
    assert [hit.title for hit in found.hits] == ["Waiting room", "A wait", "Long wait"]


def test_nothing_of_another_workspace_is_found(
    workspace: Any, other_workspace: Any, sign_in: Callable[..., Any]
) -> None:
    with scope(workspace=other_workspace):
        fill(other_workspace, word="secret")
    client = sign_in("admin")
    url = reverse("journeys:search", args=["firm"])
    assert b"reclaim" not in client.get(url, {"q": "secret"}).content
    foreign = reverse("journeys:search", args=["rival"])
    assert client.get(foreign, {"q": "secret"}).status_code == 404


def test_the_page_marks_what_was_found(sign_in: Callable[..., Any], in_scope: Any) -> None:
    fill(in_scope)
    url = reverse("journeys:search", args=["firm"])
    content = sign_in("viewer").get(url, {"q": "gepack"}).content.decode()
    assert "<mark>Gepäck</mark> belt 0" in content
    assert "6 places" in content


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("", "Write what you look for"),
        ("a", "at least two letters"),
        (" \0 ", "at least two letters"),
        ("zzz", "Nothing in this workspace"),
        ("x" * 100_000, "Nothing in this workspace"),
    ],
)
def test_nothing_is_said_in_words(
    q: str, words: str, sign_in: Callable[..., Any], workspace: Any
) -> None:
    url = reverse("journeys:search", args=["firm"])
    response = sign_in("viewer").get(url, {"q": q})
    assert response.status_code == 200
    assert words in response.content.decode()
    asked = sign_in("viewer").get(url, {"q": q}, headers={"accept": "application/json"})
    assert (asked.json()["hits"], words in asked.json()["words"]) == ([], True)


def test_the_command_menu_gets_json(sign_in: Callable[..., Any], in_scope: Any) -> None:
    fill(in_scope)
    url = reverse("journeys:search", args=["firm"])
    response = sign_in("viewer").get(url, {"q": "reclaim"}, headers={"accept": "application/json"})
    assert "Accept" in response["Vary"]
    hit = response.json()["hits"][0]
    assert hit == {
        "kind": "map",
        "title": "Gepäck reclaim",
        "where": "map",
        "url": "/w/firm/journeys/reclaim/",
        "action": "open",
        "journey": hit["journey"],
        "group": "Maps",
    }


def test_scripts_are_shown_as_text(sign_in: Callable[..., Any], in_scope: Any) -> None:
    evil = "<script>alert(1)</script>"
    fill(in_scope, word=evil)
    url = reverse("journeys:search", args=["firm"])
    content = sign_in("viewer").get(url, {"q": evil}).content.decode()
    assert evil not in content
    assert "<mark>&lt;script&gt;" in content


def test_a_long_text_is_cut_around_the_word() -> None:
    text = "lorem ipsum " * 40 + "needle " + "dolor sit " * 40
    found = snippet(text, ("needle",))
    assert "needle" in found
    assert len(found) < 130
    assert found.startswith("… ")
    assert found.endswith(" …")


@given(st.text(max_size=60), st.text(max_size=20))
def test_marking_never_changes_the_text(text: str, asked: str) -> None:
    words = words_of(asked)
    assert "".join(piece for piece, _hit in marked(text, words)) == text
    for word in words:
        if word in "".join(folded(letter) for letter in text):
            assert any(hit for _piece, hit in marked(text, words))
