"""The café's survey can be answered: it is open, in two languages, and asks what the map needs."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django_scopes import scope

from cxm.management.sample import Sample, asked, cafe, load_sample, personal
from journeys.models import Step
from surveys.collecting import storing
from surveys.histograms import Slice, read
from surveys.models import (
    Answer,
    Case,
    Invitee,
    Link,
    Question,
    Response,
    Source,
    Status,
    Survey,
    Tagging,
    Version,
)
from surveys.publishing import published
from surveys.questionnaire import Questionnaire, findings, from_json, pages, piped
from touchpoints.models import Customer, Segment

TODAY = dt.date(2026, 3, 10)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Sample]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_sample(today=TODAY)
        transaction.set_rollback(True)


@pytest.fixture
def sample(loaded: Sample, db: None) -> Iterator[Sample]:
    with scope(workspace=loaded.workspace):
        yield loaded


@pytest.fixture
def survey(sample: Sample) -> Survey:
    return Survey.objects.get(name=cafe.SURVEY)


@pytest.fixture
def now(survey: Survey) -> Questionnaire:
    found = published(survey)
    assert found is not None
    return found


def keyed(shown: Any) -> list[str]:
    return [item.key for item in shown]


def test_it_is_open_anonymous_and_bilingual(survey: Survey, now: Questionnaire) -> None:
    assert survey.state == Survey.State.OPEN
    assert survey.is_anonymous
    assert survey.all_languages == ["de", "en"]
    assert findings(now) == []
    for item in now.everything():
        assert item.texts["de"]
        assert item.texts["en"]
        assert all(option.texts.keys() >= {"de", "en"} for option in item.options if option.texts)
    assert all(texts["de"] and texts["en"] for texts in survey.texts.values())


def test_a_guest_is_asked_at_most_ten_questions(now: Questionnaire) -> None:
    ids = {item.key: item.id for item in now.everything()}
    used = [part.id for part in now.items[1].parts]
    replies = {
        ids["genutzt"]: {"used": used, "not": []},
        ids["gast"]: {"codes": [1]},
    }
    shown = keyed(pages(now, replies))
    assert len(shown) <= 10
    assert "warten" in shown
    assert "gestoert" not in shown
    assert "kannten" not in shown


def test_what_went_wrong_is_asked_only_after_a_bad_wait(now: Questionnaire) -> None:
    ids = {item.key: item.id for item in now.everything()}
    for score, is_asked in ((1, True), (2, True), (3, False), (5, False)):
        shown = keyed(pages(now, {ids["warten"]: {"score": score}}))
        assert ("gestoert" in shown) is is_asked
    bad = keyed(pages(now, {ids["warten"]: {"score": 1}}))
    assert bad[bad.index("warten") + 1] == "gestoert"


def test_only_who_does_not_come_often_is_asked_what_led_here(now: Questionnaire) -> None:
    ids = {item.key: item.id for item in now.everything()}
    assert "kannten" not in keyed(pages(now, {ids["gast"]: {"codes": [1]}}))
    assert "kannten" in keyed(pages(now, {ids["gast"]: {"codes": [3]}}))


def test_every_step_that_was_asked_about_still_is(now: Questionnaire) -> None:
    asked_about = {item.touchpoint for item in now.everything() if item.scale}
    for step in Step.objects.prefetch_related("touchpoints"):
        if step.name != "Tisch reservieren":
            assert asked_about & {place.pk for place in step.touchpoints.all()}, step.name


def test_the_first_version_asked_everything_and_the_same_questions(survey: Survey) -> None:
    first = from_json(Version.objects.get(survey=survey, number=1).definition)
    assert first.cap is None
    assert findings(first) == []
    assert {item.key for item in first.items} == {
        one.key for one in cafe.RATINGS + cafe.OUTCOMES + cafe.TEXTS
    }
    known = {*Question.objects.filter(survey=survey).values_list("pk", flat=True)}
    assert {item.id for item in first.everything()} <= known
    days = Version.objects.filter(survey=survey).order_by("number")
    assert days[0].published_at < days[1].published_at


def test_answers_came_by_tables_counter_and_letter(survey: Survey) -> None:
    ways = {link.pk: link for link in Link.objects.filter(survey=survey)}
    assert [link.name for link in ways.values()] == [
        *asked.TABLES, asked.COUNTER, asked.LETTER, asked.TABLET,
    ]  # fmt: skip
    rows = Response.objects.filter(survey_id=survey.pk)
    for row in rows:
        assert row.link_id is not None
        assert row.source == ways[row.link_id].source
        assert row.version == 1
        assert row.customer_id is None
    used = {*rows.values_list("link_id", flat=True)}
    assert [link.name for link in ways.values() if link.pk not in used] == [asked.TABLET]
    left = rows.filter(is_complete=False).count()
    assert 5 <= left <= 40
    by_mail = rows.filter(source=Source.EMAIL, is_complete=True).count()
    assert Invitee.objects.filter(state=Invitee.State.ANSWERED).count() == by_mail


def test_an_answer_by_the_code_on_the_table_moves_the_curve(
    sample: Sample, survey: Survey, now: Questionnaire
) -> None:
    waiting = Question.objects.get(survey=survey, key="warten")
    part = Slice(questions=(waiting.pk,))

    def scored() -> int:
        return sum(
            count.n
            for count in read(workspace_id=sample.workspace.pk, slice=part)
            if count.status == Status.SCORED
        )

    before = scored()
    code = Link.objects.get(survey=survey, name="Tisch 4")
    gast = next(item.id for item in now.items if item.key == "gast")
    filled = storing.Filled(
        now, {waiting.pk: {"score": 5}, gast: {"codes": [3]}}, TODAY, code.source, link_id=code.pk
    )
    stored = storing.store(workspace_id=sample.workspace.pk, filled=filled)
    assert scored() == before + 1
    response = Response.objects.get(id=stored)
    assert response.answered_on == dt.date(2026, 3, 9)
    assert response.segments == [Segment.objects.get(name="Touristen").pk]


def test_comments_have_tags_by_their_words(survey: Survey) -> None:
    taggings = list(Tagging.objects.select_related("tag"))
    texts = dict(
        Answer.objects.filter(id__in=[one.answer_id for one in taggings]).values_list("id", "raw")
    )
    assert len(taggings) >= 40
    assert len({one.tag.name for one in taggings}) == len(asked.TAGS)
    for one in taggings:
        assert any(word in texts[one.answer_id].lower() for word in one.tag.words)


def test_regulars_who_said_yes_have_a_case(sample: Sample) -> None:
    survey = Survey.objects.get(name=personal.NAME)
    assert not survey.is_anonymous
    now = published(survey)
    assert now is not None
    assert findings(now) == []
    answers = Response.objects.filter(survey_id=survey.pk)
    assert answers.count() == Customer.objects.count()
    cases = list(Case.objects.all())
    assert len(cases) >= 3
    assert {case.state for case in cases} == {"open", "working", "done"}
    consent = Question.objects.get(survey=survey, key="kontakt")
    for case in cases:
        said = Answer.objects.get(response_id=case.response_id, question_id=consent.pk)
        assert (said.score, said.raw) == (1, case.contact)


def test_its_texts_repeat_nothing_that_was_not_said(now: Questionnaire) -> None:
    for item in now.everything():
        assert piped(item.texts, questionnaire=now, replies={}, language="en")
