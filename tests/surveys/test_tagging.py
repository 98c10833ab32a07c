"""Tags: suggested by words, decided by hand, counted the same everywhere."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys import tagging
from surveys.comments import read_comments
from surveys.models import Answer, Question, Response, Status, Survey, Tag, Tagging
from surveys.results_selection import Selection
from tests.factories import QuestionFactory, answer

WAITED = "Zwanzig Minuten gewartet, dann kam jemand."
TEXTS = [WAITED, "Lange Warteschlange", "Lovely cake", "Nicer than the airport", "Steak"] + [
    f"Fine {number}" for number in range(5)
]


@pytest.fixture
def survey(workspace: Any) -> Survey:
    with scope(workspace=workspace):
        asked: Question = QuestionFactory(
            workspace=workspace, kind="text", scale_min=None, scale_max=None, text="What else?"
        )
        for text in TEXTS:
            (response,) = answer(asked, Status.SCORED)
            Answer.objects.filter(response_id=response.id).update(raw=text, score=None)
        found: Survey = asked.survey
    return found


@pytest.fixture
def waiting(workspace: Any) -> Tag:
    with scope(workspace=workspace):
        tag: Tag = Tag.objects.create(workspace=workspace, name="waiting", words=["wart", "gewart"])
    return tag


def answer_of(text: str) -> Answer:
    return Answer.objects.get(raw=text)


def post(client: Client, survey: Survey, text: str, tag: Tag, **more: str) -> Any:
    with scope(workspace=survey.workspace):
        pk = answer_of(text).id
    kwargs = {"workspace": "firm", "survey": survey.pk, "answer": pk}
    address = reverse("surveys:tagging-create", kwargs=kwargs)
    return client.post(address, {"tag": tag.pk, **more})


def test_words_suggest_a_tag_where_a_word_begins_so() -> None:
    tag = Tag(name="tea", words=["tea", "kaffee "])
    assert tagging.suggests(tag, "No TEA left")
    assert tagging.suggests(tag, "Ein Kaffee-Fleck")
    assert not tagging.suggests(tag, "Steak")
    assert not tagging.suggests(Tag(name="nothing"), "tea")


def test_hand_wins_over_words(workspace: Any, survey: Survey, waiting: Tag) -> None:
    with scope(workspace=workspace):
        found = read_comments(survey, Selection(), tag=waiting)
        assert {comment.text for comment in found.shown} == {WAITED, "Lange Warteschlange"}
        assert found.tags == ((waiting, 2),)
        kwargs: dict[str, Any] = {"workspace": workspace, "tag": waiting}
        tagging.set_tag(**kwargs, answer_id=answer_of(WAITED).id, fits=False)
        tagging.set_tag(**kwargs, answer_id=answer_of("Steak").id, fits=True)
        found = read_comments(survey, Selection(), tag=waiting)
        assert {comment.text for comment in found.shown} == {"Steak", "Lange Warteschlange"}
        assert found.tags == ((waiting, 2),)
        tagging.set_tag(**kwargs, answer_id=answer_of("Steak").id, fits=False)
        assert Tagging.objects.count() == 2
        assert read_comments(survey, Selection(), tag=waiting).found == 1


# A page shows the marks that Python finds, and counts what PostgreSQL finds.
WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=8)
SAMPLES = st.sampled_from(
    ["Wärm", "wärme", "ÖL", "größe", "naïf", "кофе", "Кофе", "🙂", "c++", "\n"]
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.one_of(WORDS, SAMPLES), min_size=1, max_size=3), text=WORDS, more=SAMPLES)
def test_database_and_page_agree(workspace: Any, words: list[str], text: str, more: str) -> None:
    tag, said = Tag(name="x", words=words), f"{text}{more} {words[0]}{text} {more}"
    wanted = tagging.pattern(tag.words)
    counted = False
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::text ~* %s", [said, wanted])
            (counted,) = cursor.fetchone()
    assert counted == tagging.suggests(tag, said)


def test_a_tag_is_put_on_and_taken_off(
    sign_in: Callable[..., Client], workspace: Any, survey: Survey, waiting: Tag
) -> None:
    client = sign_in("marketer")
    assert post(client, survey, "Steak", waiting).status_code == 302
    fragment = client.post(
        reverse(
            "surveys:tagging-create",
            kwargs={"workspace": "firm", "survey": survey.pk, "answer": _id(workspace, "Steak")},
        ),
        {"tag": waiting.pk, "fits": "0"},
        headers={"hx-request": "true"},
    )
    assert fragment.status_code == 200
    assert "<li id=" in fragment.content.decode()
    with scope(workspace=workspace):
        assert Tagging.objects.get().fits is False


def _id(workspace: Any, text: str) -> Any:
    with scope(workspace=workspace):
        return answer_of(text).id


def test_who_may_not_tag(
    sign_in: Callable[..., Client], workspace: Any, other_workspace: Any, survey: Survey,
    waiting: Tag,
) -> None:  # fmt: skip
    assert post(sign_in("analyst"), survey, "Steak", waiting).status_code == 403
    assert post(sign_in("outsider"), survey, "Steak", waiting).status_code == 404
    with scope(workspace=other_workspace):
        foreign = Tag.objects.create(workspace=other_workspace, name="theirs")
    marketer = sign_in("marketer")
    assert post(marketer, survey, "Steak", foreign).status_code == 404
    with scope(workspace=workspace):
        scale = QuestionFactory(workspace=workspace)
        (response,) = answer(scale, 4)
        score = Answer.objects.get(response_id=response.id).id
    kwargs = {"workspace": "firm", "survey": survey.pk, "answer": score}
    address = reverse("surveys:tagging-create", kwargs=kwargs)
    assert marketer.post(address, {"tag": waiting.pk}).status_code == 404


def test_tags_are_made_named_and_deleted(sign_in: Callable[..., Client], workspace: Any) -> None:
    client = sign_in("marketer")
    create = reverse("surveys:tag-create", kwargs={"workspace": "firm"})
    assert client.post(create, {"name": " Noise ", "word_list": "laut, loud\nLärm, laut"})
    with scope(workspace=workspace):
        tag = Tag.objects.get()
    assert (tag.name, tag.words) == ("Noise", ["laut", "loud", "Lärm"])
    again = client.post(create, {"name": "noise"})
    assert again.status_code == 422
    assert "There is a tag of this name already." in again.content.decode()
    edit = reverse("surveys:tag-edit", kwargs={"workspace": "firm", "tag": tag.pk})
    assert "laut, loud, Lärm" in client.get(edit).content.decode()
    assert client.post(edit, {"name": "Loud", "word_list": ""}).status_code == 302
    assert client.post(edit, {"name": "", "word_list": ""}).status_code == 422
    page = client.get(reverse("surveys:tags", kwargs={"workspace": "firm"})).content.decode()
    assert "Loud" in page
    removal = reverse("surveys:tag-removal", kwargs={"workspace": "firm", "tag": tag.pk})
    assert client.post(removal).status_code == 302
    with scope(workspace=workspace):
        assert not Tag.objects.exists()


def test_a_source_of_a_few_comments_shows_none(workspace: Any, survey: Survey) -> None:
    with scope(workspace=workspace):
        few = [r.id for r in Response.objects.order_by("id")[:2]]
        Response.objects.filter(id__in=few).update(source="kiosk")
        found = read_comments(survey, Selection())
        assert found.total == 8
        assert [(source.value, n) for source, n in found.hidden_sources] == [("kiosk", 2)]
        assert WAITED not in {comment.text for comment in found.shown}
        assert read_comments(survey, Selection(source="kiosk")).shown == ()


def test_filters_of_the_results_hold_for_comments(workspace: Any, survey: Survey) -> None:
    with scope(workspace=workspace):
        Response.objects.update(language="de")
        first = list(Response.objects.values_list("id", flat=True)[:1])
        Response.objects.filter(id__in=first).update(language="en")
        assert read_comments(survey, Selection(language="de")).total == 9
        # One text alone is never shown.
        assert read_comments(survey, Selection(language="en")).total == 0
