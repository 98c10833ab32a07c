"""Ready-made questionnaires: each becomes a draft that could be opened as it is."""

from typing import Any

import pytest

from surveys.building.ready import BY_KEY, LANGUAGES, READY, Ready, make
from surveys.models import Kind, Question, Survey
from surveys.publishing import definition_of, publish
from surveys.questionnaire import Problem, findings, pages
from tests.factories import TouchpointFactory

EACH = pytest.mark.parametrize("ready", READY, ids=lambda ready: ready.key)


@pytest.fixture
def catalogue(in_scope: Any) -> Any:
    for name in ("Kasse", "Welcome", "WLAN"):
        TouchpointFactory(workspace=in_scope, name=name)
    TouchpointFactory(workspace=in_scope, name="Poster", contact="indirect")
    return in_scope


def draft(ready: Ready, workspace: Any, *languages: str, **fields: Any) -> Survey:
    return make(
        ready=ready, workspace=workspace, language=languages[0], languages=languages[1:],
        by=None, **fields,
    )  # fmt: skip


@EACH
def test_it_can_be_opened_as_it_is(ready: Ready, catalogue: Any) -> None:
    survey = draft(ready, catalogue, "de", "en")
    assert findings(definition_of(survey)) == []
    publish(survey=survey, by=None)


@EACH
def test_every_word_is_there_in_both_languages_and_short(ready: Ready) -> None:
    for words in (ready.name, ready.what_for, *ready.texts.values()):
        assert set(words) >= set(LANGUAGES)
    for one in ready.questions:
        for words in (one.texts, *one.options):
            assert set(words) == set(LANGUAGES)
            assert all(0 < len(text) <= 80 for text in words.values())
        assert not one.help_texts or set(one.help_texts) == set(LANGUAGES)


@EACH
def test_nobody_is_asked_more_than_eight_things(ready: Ready, catalogue: Any) -> None:
    questionnaire = definition_of(draft(ready, catalogue, "de"))
    assert len(pages(questionnaire, {})) <= 8


def test_questions_find_their_touchpoints_by_name(catalogue: Any) -> None:
    survey = draft(BY_KEY["cafe"], catalogue, "en")
    bound = {
        question.text: question.touchpoint.name
        for question in Question.objects.filter(survey=survey, parent=None)
        if question.touchpoint
    }
    assert bound == {"How were you received?": "Welcome", "How easy was paying?": "Kasse"}
    matrix = Question.objects.get(survey=survey, kind=Kind.MATRIX)
    parts = [part.touchpoint.name for part in matrix.parts.select_related("touchpoint")
             if part.touchpoint]  # fmt: skip
    assert parts == ["Kasse", "Welcome", "WLAN"]


def test_an_empty_catalogue_leaves_the_matrix_out_or_says_so(in_scope: Any) -> None:
    cafe = draft(BY_KEY["cafe"], in_scope, "de")
    assert not Question.objects.filter(survey=cafe, kind=Kind.MATRIX).exists()
    assert findings(definition_of(cafe)) == []
    check = draft(BY_KEY["touchpoints"], in_scope, "de")
    assert [found.problem for found in findings(definition_of(check))] == [Problem.NO_TOUCHPOINT]


def test_rules_lead_to_the_questions_of_this_survey(in_scope: Any) -> None:
    survey = draft(BY_KEY["nps"], in_scope, "en")
    questionnaire = definition_of(survey)
    nps = questionnaire.items[0].id
    for score, text in ((3, "better"), (8, "missing"), (10, "keep")):
        shown = pages(questionnaire, {nps: {"score": score}})
        assert len(shown) == 2
        assert text in shown[1].texts["en"]


def test_anonymous_ones_ask_for_no_address(in_scope: Any) -> None:
    personal = draft(BY_KEY["hotline"], in_scope, "de")
    assert not personal.is_anonymous
    assert Question.objects.get(survey=personal, kind=Kind.CONSENT).asks_contact
    other = draft(BY_KEY["hotline"], in_scope, "de", is_anonymous=True)
    assert other.is_anonymous
    assert not Question.objects.filter(survey=other, kind=Kind.CONSENT).exists()


def test_a_language_that_it_is_not_written_in_has_english_beside_it(in_scope: Any) -> None:
    survey = draft(BY_KEY["nps"], in_scope, "fa")
    assert survey.all_languages == ["fa", "en"]
    found = {finding.problem for finding in findings(definition_of(survey))}
    assert Problem.NO_TEXT in found
    question = Question.objects.filter(survey=survey).first()
    assert question is not None
    assert set(question.texts) == {"en"}


def test_names_are_found_for_the_second_one_and_given_ones_kept(in_scope: Any) -> None:
    names = [draft(BY_KEY["event"], in_scope, "en").name for _round in range(2)]
    assert names == ["After the event", "After the event 2"]
    own = draft(BY_KEY["event"], in_scope, "en", name="Summer party")
    assert own.name == "Summer party"
    assert own.texts["title"] == {"en": "Summer party"}
    assert own.cap == 3
