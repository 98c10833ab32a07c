"""Comments: on cells, steps, cards and the map, by everybody who may read it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from cxm.models import User
from journeys import comment_places, comments, editing
from journeys.mentions import Names
from journeys.models import Card, Comment, Event, Journey
from journeys.undoing import next_undo
from tests.factories import UserFactory
from tests.journeys.talking import PLAN, browser_of, card_on, lane, person, say, step, url

HTMX: Any = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def ann(workspace: Any) -> User:
    return person(workspace, "Ann Berg")


@pytest.fixture
def omar(workspace: Any) -> User:
    return person(workspace, "Omar Diaz", "marketer")


@pytest.fixture
def journey(in_scope: Any, omar: User) -> Journey:
    return editing.create_journey(workspace=in_scope, actor=omar, outline=PLAN)


def words_of(journey: Journey, user: User, show: str = "open") -> list[str]:
    return [thread.place.words for thread in comments.read_threads(journey, user, show)]


# ---------- the rows and their events ----------


def test_a_comment_is_one_event_and_wakes_colleagues(journey: Journey, ann: User) -> None:
    comment = say(journey, ann, lane=lane("pains").pk, step=step("Order").pk)
    event = Event.objects.get(journey=journey, what="comment-added")
    assert event.actor == ann
    assert [change[:2] for change in event.changes] == [["comment", comment.pk]]


def test_the_log_does_not_keep_the_words(journey: Journey, ann: User) -> None:
    comment = say(journey, ann, "Between us")
    editing.edit_comment(comment=comment, actor=ann, text="Just among us")
    editing.remove_comment(comment=comment, actor=ann)
    kept = str(list(Event.objects.values_list("changes", flat=True)))
    assert "etween us" not in kept
    assert "among us" not in kept


def test_undo_leaves_comments_alone(journey: Journey, omar: User) -> None:
    editing.rename_journey(journey=journey, actor=omar, title="Call")
    thread = say(journey, omar)
    editing.answer_comment(thread=thread, actor=omar, text="Because")
    event = next_undo(journey, omar)
    assert event is not None
    assert event.what == "journey-renamed"
    editing.undo(journey=journey, actor=omar)
    assert Comment.objects.count() == 2


def test_an_answer_opens_a_resolved_thread(journey: Journey, ann: User, omar: User) -> None:
    thread = say(journey, ann)
    assert editing.resolve_thread(thread=thread, actor=omar) is not None
    assert editing.resolve_thread(thread=thread, actor=omar) is None
    editing.answer_comment(thread=thread, actor=ann, text="Not yet")
    thread.refresh_from_db()
    assert thread.resolved_at is None
    assert editing.reopen_thread(thread=thread, actor=omar) is None


def test_an_answered_comment_stays(journey: Journey, ann: User, omar: User) -> None:
    thread = say(journey, ann)
    editing.answer_comment(thread=thread, actor=omar, text="Because")
    with pytest.raises(editing.AnsweredError):
        editing.remove_comment(comment=thread, actor=ann)
    assert Comment.objects.count() == 2


# ---------- where it stands ----------


def test_places_in_words(journey: Journey, ann: User) -> None:
    card = card_on(journey)
    say(journey, ann)
    say(journey, ann, step=step("Pay").pk)
    say(journey, ann, lane=lane("pains").pk, step=step("Pay").pk)
    say(journey, ann, lane=card.lane_id, step=card.step_id, card=card.pk)
    assert words_of(journey, ann) == [
        "Order · Pain points · “Queue is long”", "Pay · Pain points", "Pay", "The whole map",
    ]  # fmt: skip


def test_places_are_named_after_they_are_gone(journey: Journey, ann: User) -> None:
    card = card_on(journey)
    say(journey, ann, lane=card.lane_id, step=card.step_id, card=card.pk)
    say(journey, ann, lane=lane("quotes").pk, step=step("Pay").pk)
    editing.remove_lane(lane=lane("quotes"), actor=ann)
    editing.remove_step(step=step("Pay"), actor=ann)
    editing.remove_cards(cards=[card], journey=journey, actor=ann)
    threads = comments.read_threads(journey, ann)
    assert [t.place.words for t in threads] == [
        "Pay · In their words", "Order · Pain points · “Queue is long”",
    ]  # fmt: skip
    assert [t.place.is_gone for t in threads] == [True, True]
    assert threads[0].place.step is None


def test_a_card_takes_its_comments_along(journey: Journey, ann: User) -> None:
    card = card_on(journey)
    say(journey, ann, lane=card.lane_id, step=card.step_id, card=card.pk)
    editing.place_card(card=card, lane=lane("pains"), step=step("Pay"), before=None, actor=ann)
    key = f"{lane('pains').pk}-{step('Pay').pk}"
    assert comments.read_pins(journey).cells == {key: 1}
    place = comment_places.read_place(
        journey, lane=lane("pains").pk, step=step("Pay").pk, card=None
    )
    assert len(comments.read_threads(journey, ann, at=comment_places.at_place(place))) == 1


def test_pins_count_open_threads(journey: Journey, ann: User) -> None:
    say(journey, ann)
    say(journey, ann, step=step("Pay").pk)
    say(journey, ann, lane=lane("quotes").pk)
    cell: Any = {"lane": lane("pains").pk, "step": step("Pay").pk}
    thread = say(journey, ann, **cell)
    say(journey, ann, **cell)
    editing.answer_comment(thread=thread, actor=ann, text="more")
    editing.resolve_thread(thread=say(journey, ann, **cell), actor=ann)
    pins = browser_of(ann).get(url("comments-pins", journey)).json()
    assert pins == {
        "cells": {f"{cell['lane']}-{cell['step']}": 2},
        "steps": {str(cell["step"]): 1},
        "lanes": {str(lane("quotes").pk): 1},
        "map": 1,
        "total": 5,
    }


def test_filters(journey: Journey, ann: User, omar: User) -> None:
    first = say(journey, ann, "@Omar Diaz, why?")
    second = say(journey, omar, "@Ann look", step=step("Pay").pk)
    editing.resolve_thread(thread=second, actor=omar)

    def shown(user: User, show: str) -> list[int]:
        return [thread.id for thread in comments.read_threads(journey, user, show)]

    assert shown(ann, "open") == [first.pk]
    assert shown(ann, "resolved") == [second.pk]
    assert shown(ann, "mine") == [first.pk]
    assert shown(ann, "mentions") == [second.pk]
    assert shown(omar, "mentions") == [first.pk]
    page = browser_of(ann).get(url("comments", journey), {"show": "nonsense"})
    assert page.status_code == 200


def test_query_count_does_not_grow(journey: Journey, ann: User, omar: User) -> None:
    client = browser_of(ann)
    address = url("comments", journey)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    for _ in range(3):
        say(journey, ann, step=step("Pay").pk)
    client.get(address)
    few = asked()
    for _ in range(27):
        editing.answer_comment(thread=say(journey, omar), actor=ann, text="@Omar")
    assert asked() == few


# ---------- the pages ----------


def test_every_member_comments(workspace: Any, journey: Journey, sign_in: Any) -> None:
    client = sign_in("viewer")
    data = {"text": "Is this so?", "lane": lane("pains").pk, "step": step("Pay").pk}
    answer = client.post(url("comment-create", journey), data, **HTMX)
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "map:talk"
    assert "Is this so?" in answer.content.decode()
    with scope(workspace=workspace):
        assert Comment.objects.get().lane_ref == lane("pains").pk


def test_the_whole_story_without_javascript(journey: Journey, ann: User, omar: User) -> None:
    client, other = browser_of(ann), browser_of(omar)
    client.post(url("comment-create", journey), {"text": "Who owns this?"})
    thread = Comment.objects.get()
    other.post(url("comment-create", journey), {"text": "I do", "thread": thread.pk})
    page = client.get(url("comments", journey)).content.decode()
    assert "Who owns this?" in page
    assert "I do" in page
    edited = client.post(
        url("comment-edit", journey, comment=thread.pk), {"text": "Who keeps this?"}, follow=True
    )
    assert "Who keeps this?" in edited.content.decode()
    client.post(url("thread-resolution", journey, comment=thread.pk))
    assert "Who keeps" not in client.get(url("comments", journey)).content.decode()
    resolved = client.get(url("comments", journey), {"show": "resolved"}).content.decode()
    assert "resolved by Ann Berg" in resolved
    client.post(url("thread-resolution", journey, comment=thread.pk), {"open": "1"})
    assert "Who keeps" in client.get(url("comments", journey)).content.decode()


def test_removing(journey: Journey, ann: User, omar: User) -> None:
    client = browser_of(ann)
    thread = say(journey, ann)
    address = url("comment-removal", journey, comment=thread.pk)
    editing.answer_comment(thread=thread, actor=omar, text="Because")
    refused = client.post(address, **HTMX)
    assert refused.status_code == 422
    assert "Others have answered" in refused.content.decode()
    Comment.objects.filter(thread=thread).delete()
    gone = client.post(address, **HTMX)
    assert (gone.status_code, gone.content) == (200, b"")
    assert not Comment.objects.exists()


def test_nobody_changes_what_others_said(journey: Journey, ann: User, omar: User) -> None:
    thread = say(journey, ann, "Mine")
    client = browser_of(omar)
    edit = url("comment-edit", journey, comment=thread.pk)
    assert client.get(edit).status_code == 422
    assert client.post(edit, {"text": "Yours"}).status_code == 422
    assert client.post(url("comment-removal", journey, comment=thread.pk)).status_code == 422
    thread.refresh_from_db()
    assert thread.text == "Mine"


@pytest.mark.parametrize("text", ["", "   ", "x" * 1_000_000, "a\x00b"])
def test_what_cannot_be_said(journey: Journey, ann: User, text: str) -> None:
    client = browser_of(ann)
    thread = say(journey, ann)
    for data in ({}, {"thread": thread.pk}, {"from": "list"}):
        answer = client.post(url("comment-create", journey), {"text": text, **data}, **HTMX)
        assert answer.status_code == 422
        assert "alert" in answer.content.decode()
    edit = url("comment-edit", journey, comment=thread.pk)
    assert client.post(edit, {"text": text}, **HTMX).status_code == 422
    assert client.post(edit, {"text": text}).status_code == 422
    assert Comment.objects.count() == 1


def test_html_stays_text(journey: Journey, ann: User) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)> @Ann Berg<b>"
    card = card_on(journey, text="<i>card</i>")
    say(journey, ann, evil, lane=card.lane_id, step=card.step_id, card=card.pk)
    for address in (url("comments", journey), url("comments-place", journey)):
        place = {"lane": card.lane_id, "step": card.step_id}
        page = browser_of(ann).get(address, place).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<i>card" not in page
        assert '<b class="name">@Ann Berg</b>&lt;b&gt;' in page


def test_broken_characters_are_stored_as_question_marks(journey: Journey, ann: User) -> None:
    body = b"text=%ED%A0%80ok"
    answer = browser_of(ann).post(
        url("comment-create", journey), body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (302, 422)


def test_ids_of_others_are_not_there(
    journey: Journey, ann: User, other_workspace: Any, in_scope: Any
) -> None:
    with scope(workspace=other_workspace):
        foreign = editing.create_journey(workspace=other_workspace, actor=None, outline=PLAN)
        theirs = say(foreign, person(other_workspace, "Eve"), step=step("Pay").pk)
        their_step = step("Pay").pk
    second = editing.create_journey(workspace=in_scope, actor=ann, outline=PLAN)
    elsewhere = say(second, ann)
    client = browser_of(ann)
    create = url("comment-create", journey)
    for id in (theirs.pk, elsewhere.pk, 2**63, 10**30, "x", -1):
        assert client.post(create, {"text": "Hi", "thread": id}).status_code == 404
    for name in ("lane", "step", "card"):
        for id in (their_step, 999_999_999):
            answer = client.post(create, {"text": "Hi", name: id}, **HTMX)
            assert answer.status_code == 422
            assert "Pay" not in answer.content.decode()
    for name in ("comment-edit", "comment-removal", "thread-resolution", "thread-reading"):
        for id in (theirs.pk, elsewhere.pk, 2**63, 10**30):
            assert client.post(url(name, journey, comment=id), {"text": "Hi"}).status_code == 404
    assert client.get(url("comments-place", journey), {"thread": theirs.pk}).status_code == 404


def test_who_left_is_named_so(journey: Journey, ann: User, omar: User) -> None:
    say(journey, ann)
    ann.delete()
    assert comments.read_threads(journey, omar)[0].remarks[0].author == "Somebody who left"


def test_a_thread_is_found_after_its_cell_is_gone(journey: Journey, ann: User) -> None:
    thread = say(journey, ann, "Still here?", step=step("Pay").pk)
    editing.remove_step(step=step("Pay"), actor=ann)
    answer = browser_of(ann).get(url("comments-place", journey), {"thread": thread.pk}, **HTMX)
    page = answer.content.decode()
    assert "Still here?" in page
    assert "removed" in page
    assert "New comment" not in page


def test_removed_with_the_map(journey: Journey, ann: User) -> None:
    say(journey, ann, "@Ann")
    editing.delete_journey(journey=journey)
    assert not Comment.objects.exists()


# ---------- who is meant ----------


def test_names() -> None:
    people = [
        User(pk=n, name=name, email=f"p{n}@firm.example")
        for n, name in enumerate(["Ann Berg", "Anna Berg", "Omar Diaz", "Omar Diaz", ""], 1)
    ]
    names = Names(people)
    assert names.meant("@Ann Berg and @Anna Berg") == [1, 2]
    assert names.meant("@ann, see @ANNA!") == [1, 2]
    assert names.meant("@Annabel, x@Ann, mail@Ann Berg") == []
    assert names.meant("@Omar Diaz") == [3, 4]
    assert names.meant("@Omar") == []
    assert names.meant("(@p5)") == [5]
    assert "".join(part.text for part in names.parts("hi @Ann Berg, ok")) == "hi @Ann Berg, ok"
    assert Names([]).meant("@Ann") == []
    assert Names([]).parts("@Ann")[0].is_name is False


def test_names_that_look_like_patterns() -> None:
    names = Names([User(pk=1, name="A.*(b", email="a@b.example")])
    assert names.meant("@A.*(b!") == [1]
    assert names.meant("@Axxb") == []


def test_people_are_the_members(journey: Journey, ann: User, omar: User) -> None:
    UserFactory(name="Eve Outside")
    people = browser_of(ann).get(url("comments-people")).json()["people"]
    assert people == ["Ann Berg", "Omar Diaz"]


def test_card_of_another_cell(journey: Journey, ann: User) -> None:
    """A crafted place is corrected by the card: it stands where it stands."""
    card: Card = card_on(journey)
    data = {"text": "Hm", "card": card.pk, "lane": lane("pains").pk, "step": step("Pay").pk}
    browser_of(ann).post(url("comment-create", journey), data)
    assert Comment.objects.get().step_ref == step("Order").pk


def test_the_panel_beside_the_map(journey: Journey, ann: User) -> None:
    say(journey, ann, "Of a lane", lane=lane("quotes").pk)
    client = browser_of(ann)
    panel = client.get(url("comments", journey), **HTMX, HTTP_HX_TARGET="panel").content.decode()
    assert '<aside class="spanel" id="panel"' in panel
    place = {"lane": lane("quotes").pk}
    at = client.get(url("comments-place", journey), place, **HTMX).content.decode()
    assert "Of a lane" in at
    assert "In their words" in at
    whole = client.get(url("comments-place", journey), **HTMX).content.decode()
    assert "Of a lane" not in whole


def test_what_was_removed_a_moment_ago(journey: Journey, ann: User, monkeypatch: Any) -> None:
    """Looked up before its author removed it, changed after: not found, nothing half done."""
    thread = say(journey, ann)
    Comment.objects.all().delete()
    before = Event.objects.count()
    for change in (
        lambda: editing.answer_comment(thread=thread, actor=ann, text="Late"),
        lambda: editing.edit_comment(comment=thread, actor=ann, text="Late"),
        lambda: editing.remove_comment(comment=thread, actor=ann),
        lambda: editing.resolve_thread(thread=thread, actor=ann),
        lambda: editing.reopen_thread(thread=thread, actor=ann),
    ):
        with pytest.raises(Comment.DoesNotExist):
            change()
    assert (Event.objects.count(), Comment.objects.count()) == (before, 0)
    monkeypatch.setattr("journeys.talk_views.the_comment", lambda *_: thread)
    client = browser_of(ann)
    for name in ("comment-removal", "thread-resolution", "comment-edit"):
        address = url(name, journey, comment=thread.pk or 1)
        assert client.post(address, {"text": "Late"}).status_code == 404
