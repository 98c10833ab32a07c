"""From a phone to a case: published, answered page by page, finished, changed, taken back."""

from typing import Any

import pytest

from cxm.models import uuid7
from surveys import collecting, people_data, publishing
from surveys.collecting import doors
from surveys.collecting.fillings import Progress
from surveys.models import Case, Filling, Invitee, Link, Mailing, Question, Response, Rule, Survey
from tests.factories import MembershipFactory, TouchpointFactory
from touchpoints.models import Customer

ADDRESS = "kim@home.example"


@pytest.fixture
def asked(in_scope: Any) -> dict[str, Question]:
    survey = Survey.objects.create(
        workspace=in_scope, name="Visit", state="draft", is_anonymous=False, language="en"
    )
    common = {"workspace": in_scope, "survey": survey}
    bar = TouchpointFactory(workspace=in_scope, name="Bar")
    rows = {
        "score": Question.objects.create(
            **common, key="a", text="Coffee?", texts={"en": "Coffee?"}, kind="faces",
            scale_min=1, scale_max=5, touchpoint=bar, position=1,
        ),
        "text": Question.objects.create(
            **common, key="b", text="Why?", texts={"en": "Why?"}, kind="text", position=2
        ),
        "consent": Question.objects.create(
            **common, key="c", text="Write?", texts={"en": "Write?"}, kind="consent",
            asks_contact=True, position=3,
        ),
    }  # fmt: skip
    publishing.publish(survey=survey, by=None)
    Rule.objects.create(**common, kind="score", at_most=2)
    return rows


def begin(asked: dict[str, Question], **more: Any) -> Progress:
    survey = asked["score"].survey
    link = Link.objects.filter(survey=survey).first() or Link.objects.create(
        workspace=survey.workspace, survey=survey, source="qr"
    )
    door = doors.find(link.code)
    assert door is not None
    return collecting.begin(door=door, token=collecting.new_token(), language="en", **more)


def say(at: Progress, question: Question, **reply: Any) -> Progress:
    return collecting.answer(at=at, item=at.questionnaire.by_id[question.pk], reply=reply)


def unhappy(asked: dict[str, Question], **more: Any) -> Progress:
    at = say(begin(asked, **more), asked["score"], score=1)
    at = say(at, asked["text"], text="Cold")
    return say(at, asked["consent"], yes=True, contact=ADDRESS)


def test_finished_changed_and_taken_back(asked: dict[str, Question]) -> None:
    at = unhappy(asked)
    assert not Case.objects.exists()
    filling = collecting.finish(filling=at.filling, word="mohn-471-turm")
    case = Case.objects.get()
    assert (case.contact, case.question, case.response_id) == (
        ADDRESS, asked["score"], filling.response_id,
    )  # fmt: skip
    assert case.touchpoint is not None

    filling = collecting.reopen(filling=filling)
    at = say(collecting.fillings.progress(filling), asked["score"], score=5)
    filling = collecting.finish(filling=at.filling)
    assert Case.objects.get() == case
    filling = collecting.reopen(filling=filling)
    at = say(collecting.fillings.progress(filling), asked["consent"], yes=False)
    filling = collecting.finish(filling=at.filling)
    case.refresh_from_db()
    assert case.contact == ""
    collecting.withdraw(filling=filling)
    assert not Case.objects.exists()


def test_held_back_opens_a_case_only_when_released(asked: dict[str, Question]) -> None:
    filling = collecting.finish(filling=unhappy(asked).filling, hold=True)
    assert not Case.objects.exists()
    filling = collecting.release(filling=filling)
    assert Case.objects.count() == 1
    filling = collecting.hold(filling=filling)
    assert not Case.objects.exists()
    collecting.release(filling=filling)
    assert Case.objects.count() == 1


def test_all_of_a_person_goes_whichever_way_they_are_looked_for(
    asked: dict[str, Question], in_scope: Any
) -> None:
    admin = MembershipFactory(workspace=in_scope).user
    kim = Customer.objects.create(workspace=in_scope, external_id="C-17")
    link = Link.objects.create(workspace=in_scope, survey=asked["score"].survey, source="email")
    mailing = Mailing.objects.create(workspace=in_scope, survey=link.survey, link=link, name="June")
    for wanted in (ADDRESS, "C-17", "Mohn 471 Turm"):
        invitee = Invitee.objects.create(
            workspace=in_scope, mailing=mailing, email=f"{uuid7()}@home.example",
            customer_id=kim.id,
        )  # fmt: skip
        filling = unhappy(asked, invitee=invitee).filling
        filling = collecting.finish(filling=filling, word="mohn-471-turm")
        held = people_data.find(workspace=in_scope, asked=wanted)
        assert [one.response.id for one in held.responses if one.response] == [filling.response_id]
        people_data.erase(workspace=in_scope, asked=wanted, by=admin)
        assert not any(kind.objects.exists() for kind in (Response, Filling, Case))
