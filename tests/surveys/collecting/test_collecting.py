"""From the first tap to the facts: each answer stored once, whatever people do."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from cxm.models import Workspace
from surveys import collecting, histograms, publishing
from surveys.collecting import Progress, doors, fillings
from surveys.collecting.doors import Door, Shut
from surveys.models import (
    Answer,
    DirtyDay,
    Erasure,
    Filling,
    Invitee,
    Kind,
    Link,
    Mailing,
    Question,
    Quota,
    Response,
    Status,
    Survey,
    Version,
)
from surveys.questionnaire import Item
from tests.factories import SegmentFactory, TouchpointFactory

Begin = Callable[..., Progress]
Cafe = dict[str, Question]

pytestmark = pytest.mark.django_db


def options(*words: str) -> list[dict[str, Any]]:
    return [{"code": code, "texts": {"de": word}} for code, word in enumerate(words, 1)]


@pytest.fixture
def survey(workspace: Workspace, in_scope: None) -> Survey:
    return Survey.objects.create(
        workspace=workspace, name="Ihr Besuch", language="de", state=Survey.State.DRAFT
    )


@pytest.fixture
def cafe(workspace: Workspace, survey: Survey) -> Cafe:
    """q1 matrix of two touchpoints, q2 faces, q3 text if q2 ≤ 2, q4 several, q5 NPS."""

    def ask(key: str, kind: Kind, position: int, **fields: Any) -> Question:
        fields.setdefault("texts", {"de": f"{key}?"})
        return Question.objects.create(
            workspace=workspace, survey=survey, key=key, kind=kind, position=position, **fields
        )

    rows = {"q1": ask("q1", Kind.MATRIX, 1)}
    for code, name in enumerate(("Tresen", "WLAN"), 1):
        rows[f"q1.{code}"] = ask(
            f"q1.{code}", Kind.FACES, 1, parent=rows["q1"], code=code, scale_min=1, scale_max=5,
            touchpoint=TouchpointFactory.create(workspace=workspace, name=name),
        )  # fmt: skip
    rows["q2"] = ask("q2", Kind.FACES, 2, scale_min=1, scale_max=5, offers_unknown=True)
    low = [[{"question": rows["q2"].pk, "is": "at_most", "to": [2]}]]
    rows["q3"] = ask("q3", Kind.TEXT, 3, show_if=low)
    rows["q4"] = ask("q4", Kind.SEVERAL, 4, options=options("Kuchen", "Kaffee"), has_other=True)
    for code in (0, 1, 2):
        rows[f"q4.{code}"] = ask(f"q4.{code}", Kind.OPTION, 4, parent=rows["q4"], code=code)
    rows["q5"] = ask("q5", Kind.NPS, 5, scale_min=0, scale_max=10)
    return rows


@pytest.fixture
def door(cafe: Cafe, survey: Survey) -> Door:
    publishing.publish(survey=survey, by=None)
    link = Link.objects.create(workspace=survey.workspace, survey=survey, source="qr")
    found = doors.find(link.code.lower())
    assert found is not None
    return found


@pytest.fixture
def begin(door: Door) -> Callable[..., Progress]:
    def begun(token: str = "", **fields: Any) -> Progress:
        token = token or collecting.new_token()
        return collecting.begin(door=door, token=token, language="de", **fields)

    return begun


def say(at: Progress, question: Question, **reply: Any) -> Progress:
    item: Item = at.questionnaire.by_id[question.pk]
    return collecting.answer(at=at, item=item, reply=reply)


def filled(at: Progress, cafe: Cafe) -> Progress:
    """A whole visit: one touchpoint used, a bad wait with a sentence, cake and something else."""
    at = say(at, cafe["q1"], used=[cafe["q1.1"].pk], **{"not": [cafe["q1.2"].pk]})
    at = say(at, cafe["q1.1"], score=4)
    at = say(at, cafe["q2"], score=2)
    at = say(at, cafe["q3"], text="Zu lange gewartet 🙂")
    at = say(at, cafe["q4"], codes=[1], other="Suppe")
    return say(at, cafe["q5"], score=9)


def stored(cafe: Cafe) -> dict[str, tuple[int, int | None, str]]:
    keys = {question.pk: key for key, question in cafe.items()}
    return {
        keys[answer.question_id]: (answer.status, answer.score, answer.raw)
        for answer in Answer.objects.all()
    }


def test_a_whole_visit_becomes_one_response(begin: Begin, cafe: Cafe) -> None:
    at = filled(begin(), cafe)
    assert [item.key for item in at.pages] == ["q1", "q1.1", "q2", "q3", "q4", "q5"]
    filling = collecting.finish(filling=at.filling, word="mohn-471-turm")
    assert filling.state == Filling.State.FINISHED
    response = Response.objects.get()
    assert (response.source, response.version, response.is_complete) == ("qr", 1, True)
    scored = int(Status.SCORED)
    assert stored(cafe) == {
        "q1.1": (scored, 4, "4"),
        "q1.2": (int(Status.NEVER_USED), None, "never"),
        "q2": (scored, 2, "2"),
        "q3": (scored, None, "Zu lange gewartet 🙂"),
        "q4.0": (scored, 1, "Suppe"),
        "q4.1": (scored, 1, "1"),
        "q4.2": (scored, 0, "0"),
        "q5": (scored, 9, "9"),
    }
    assert collecting.finish(filling=filling).response_id == response.id
    assert Response.objects.count() == 1


def test_an_anonymous_response_knows_its_week_only(begin: Begin, cafe: Cafe) -> None:
    at = filled(begin(), cafe)
    filling = collecting.finish(filling=at.filling)
    monday = collecting.week_of(timezone.localdate())
    response = Response.objects.get()
    assert response.answered_on == monday
    assert response.customer_id is None
    midnight = int(dt.datetime.combine(monday, dt.time(), dt.UTC).timestamp() * 1000)
    ids = [response.id, *Answer.objects.values_list("id", flat=True)]
    assert {row.int >> 80 for row in ids} == {midnight}
    assert {row.version for row in ids} == {7}
    filling.refresh_from_db()
    assert {filling.started_at, filling.touched_at} == {
        dt.datetime.combine(monday, dt.time(), dt.UTC)
    }


def test_sending_twice_counts_once(begin: Begin, cafe: Cafe) -> None:
    token = collecting.new_token()
    say(begin(token), cafe["q2"], score=2)
    at = say(begin(token), cafe["q2"], score=2)
    assert Filling.objects.count() == 1
    assert at.replies == {cafe["q2"].pk: {"score": 2}}


def test_what_fell_away_by_going_back_is_not_stored(begin: Begin, cafe: Cafe) -> None:
    at = filled(begin(), cafe)
    at = say(at, cafe["q2"], score=5)
    collecting.finish(filling=at.filling)
    assert "q3" not in stored(cafe)
    assert stored(cafe)["q2"][1] == 5


def test_a_question_that_was_not_shown_is_refused(begin: Begin, cafe: Cafe) -> None:
    with pytest.raises(ValueError, match="not asked"):
        say(begin(), cafe["q3"], text="Sneaked in")
    assert Filling.objects.get().answers == {}


def test_after_the_end_nothing_is_added(begin: Begin, cafe: Cafe) -> None:
    at = say(begin(), cafe["q2"], score=4)
    collecting.finish(filling=at.filling)
    later = say(at, cafe["q5"], score=0)
    assert not later.is_open
    assert stored(cafe) == {"q2": (int(Status.SCORED), 4, "4")}


def test_changing_replaces_and_keeps_the_day(begin: Begin, cafe: Cafe) -> None:
    at = filled(begin(), cafe)
    first = collecting.finish(filling=at.filling).response_id
    Response.objects.update(answered_on=dt.date(2026, 1, 5))
    at = fillings.progress(collecting.reopen(filling=at.filling))
    at = say(at, cafe["q5"], score=3)
    again = collecting.finish(filling=at.filling)
    response = Response.objects.get()
    assert again.response_id == first == response.id
    assert response.answered_on == dt.date(2026, 1, 5)
    assert stored(cafe)["q5"][1] == 3
    assert DirtyDay.objects.filter(day=dt.date(2026, 1, 5)).exists()


def test_withdrawing_leaves_nothing_but_the_proof(begin: Begin, cafe: Cafe) -> None:
    at = filled(begin(), cafe)
    filling = collecting.finish(filling=at.filling, word="mohn-471-turm")
    collecting.withdraw(filling=filling)
    collecting.withdraw(filling=filling)
    filling.refresh_from_db()
    assert (filling.answers, filling.response_id, filling.word_hash) == ({}, None, "")
    assert not Response.objects.exists()
    assert not Answer.objects.exists()
    assert Erasure.objects.get().counts == {"responses": 1, "answers": 6}


def test_held_back_counts_only_when_released(begin: Begin, cafe: Cafe) -> None:
    at = filled(begin(), cafe)
    filling = collecting.finish(filling=at.filling, hold=True)
    assert filling.state == Filling.State.HELD
    assert not Response.objects.exists()
    collecting.release(filling=filling)
    assert Response.objects.count() == 1
    filling.refresh_from_db()
    collecting.hold(filling=filling)
    assert not Answer.objects.exists()
    assert DirtyDay.objects.exists()


def test_who_left_is_stored_as_far_as_they_came(begin: Begin, cafe: Cafe) -> None:
    at = say(begin(), cafe["q1"], skipped=True)
    say(at, cafe["q2"], score=1)
    begin()
    soon = timezone.now() + dt.timedelta(minutes=1)
    assert collecting.sweep() == 0
    assert collecting.sweep(before=soon) == 2
    assert collecting.sweep(before=soon) == 0
    response = Response.objects.get()
    assert not response.is_complete
    assert stored(cafe) == {
        "q2": (int(Status.SCORED), 1, "1"),
        "q3": (int(Status.NO_ANSWER), None, ""),
    }
    assert set(Filling.objects.values_list("state", flat=True)) == {Filling.State.LEFT}


def test_doors_say_why_they_are_shut(door: Door, survey: Survey) -> None:
    assert doors.find("NOSUCH") is None
    assert door.shut is None
    now = timezone.now()
    for fields, why in (
        ({"opens_at": now + dt.timedelta(hours=1)}, Shut.NOT_YET),
        ({"closes_at": now}, Shut.OVER),
        ({"state": Survey.State.CLOSED}, Shut.OVER),
    ):
        Survey.objects.filter(pk=survey.pk).update(**fields)
        found = doors.find(door.link.code)
        assert found is not None
        assert found.shut == why
        Survey.objects.filter(pk=survey.pk).update(
            opens_at=None, closes_at=None, state=Survey.State.OPEN
        )


def test_enough_answers_close_the_door(begin: Begin, cafe: Cafe, door: Door) -> None:
    Survey.objects.filter(pk=door.survey.pk).update(max_answers=1)
    collecting.finish(filling=filled(begin(), cafe).filling)
    found = doors.find(door.link.code)
    assert found is not None
    assert collecting.shut_for(found, None) == Shut.FULL


def test_a_full_quota_thanks_and_stores_nothing(begin: Begin, cafe: Cafe, door: Door) -> None:
    segment = SegmentFactory.create(workspace=door.survey.workspace)
    door.link.segment = segment
    door.link.save()
    Quota.objects.create(
        workspace=door.survey.workspace, survey=door.survey, segment=segment, limit=1
    )
    states = [collecting.finish(filling=filled(begin(), cafe).filling).state for _ in range(2)]
    assert states == [Filling.State.FINISHED, Filling.State.FULL]
    assert Response.objects.get().segments == [segment.pk]


def test_one_letter_gives_one_response_and_is_forgotten(
    begin: Begin, cafe: Cafe, door: Door
) -> None:
    mailing = Mailing.objects.create(
        workspace=door.survey.workspace, survey=door.survey, link=door.link, name="May"
    )
    invitee = Invitee.objects.create(
        workspace=door.survey.workspace, mailing=mailing, email="guest@example.org"
    )
    ways = [filled(begin(invitee=invitee), cafe) for _ in range(2)]
    states = [collecting.finish(filling=at.filling).state for at in ways]
    assert states == [Filling.State.FINISHED, Filling.State.WITHDRAWN]
    invitee.refresh_from_db()
    assert invitee.state == Invitee.State.ANSWERED
    assert set(Filling.objects.values_list("invitee_id", flat=True)) == {None}
    assert collecting.shut_for(door, invitee) == Shut.ANSWERED


def test_new_answers_count_at_once_and_after_folding(begin: Begin, cafe: Cafe, door: Door) -> None:
    collecting.finish(filling=filled(begin(), cafe).filling)
    wanted = histograms.Slice(questions=(cafe["q2"].pk,))
    workspace_id = door.survey.workspace_id
    fresh = histograms.read(workspace_id=workspace_id, slice=wanted)
    assert [(row.score, row.n) for row in fresh] == [(2, 1)]
    histograms.fold(workspace_id=workspace_id)
    assert histograms.read(workspace_id=workspace_id, slice=wanted) == fresh


def test_those_with_the_fewest_answers_come_first(
    begin: Begin, cafe: Cafe, door: Door, survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fillings, "_FRESH", -1.0)
    Question.objects.filter(pk__in=[cafe["q2"].pk, cafe["q5"].pk]).update(rotates=True)
    Survey.objects.filter(pk=survey.pk).update(cap=1)
    survey.refresh_from_db()
    version = publishing.publish(survey=survey, by=None)
    assert version.number == 2
    assert Version.objects.count() == 2
    asked = []
    for _person in range(4):
        now = doors.find(door.link.code)
        assert now is not None
        at = collecting.begin(door=now, token=collecting.new_token(), language="de")
        (page,) = [item for item in at.pages if item.rotates]
        asked.append(page.key)
        collecting.finish(filling=collecting.answer(at=at, item=page, reply={"score": 4}).filling)
    assert sorted(asked) == ["q2", "q2", "q5", "q5"]


def test_opening_again_without_a_change_makes_no_version(door: Door, survey: Survey) -> None:
    assert publishing.publish(survey=survey, by=None).number == 1


def test_a_stamp_is_of_its_link_and_of_its_days() -> None:
    stamp = collecting.stamp("7KQ4XP")
    assert collecting.stamped("7KQ4XP", stamp) == collecting.stamped("7KQ4XP", stamp)
    for code, value, longest in (
        ("OTHER2", stamp, dt.timedelta(days=1)),
        ("7KQ4XP", stamp + "x", dt.timedelta(days=1)),
        ("7KQ4XP", stamp, dt.timedelta(seconds=-1)),
        ("7KQ4XP", "", dt.timedelta(days=1)),
    ):
        with pytest.raises(collecting.StampError):
            collecting.stamped(code, value, longest=longest)


def test_a_code_word_is_found_however_it_is_written() -> None:
    word = "mohn-473-turm"
    assert collecting.hash_word(word) == collecting.hash_word(
        f"  {word.upper()} ".replace("-", " ")
    )
