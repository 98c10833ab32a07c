"""Ask three, cover all: the touchpoints of a matrix take turns, the matrix itself does not."""

import random
from collections import Counter
from typing import Any

import pytest

from surveys.building import add_question, change_survey, create_survey, set_parts
from surveys.building.words import at_most_seen
from surveys.models import Survey
from surveys.publishing import definition_of
from surveys.questionnaire import Questionnaire, from_json, pages, to_json
from tests.factories import TouchpointFactory


@pytest.fixture
def questionnaire(in_scope: Any) -> Questionnaire:
    survey = create_survey(workspace=in_scope, name="Check", language="en", by=None)
    matrix = add_question(survey=survey, kind="matrix", rotates=True)
    places = [TouchpointFactory(workspace=in_scope) for _place in range(7)]
    set_parts(question=matrix, touchpoints=places)
    add_question(survey=survey, kind="nps")
    change_survey(survey=survey, cap=3)
    return definition_of(Survey.objects.get(pk=survey.pk))


def test_everybody_is_asked_what_they_used_and_three_of_it(questionnaire: Questionnaire) -> None:
    matrix, nps = questionnaire.items
    assert [item.id for item in pages(questionnaire, {})] == [matrix.id, nps.id]
    used = [part.id for part in matrix.parts]
    for n in range(8):
        shown = pages(questionnaire, {matrix.id: {"used": used[:n], "not": used[n:]}})
        assert shown[0] == matrix
        assert shown[-1] == nps
        assert len(shown) == 2 + min(n, 3)
    assert at_most_seen(questionnaire) == 2


def test_a_version_keeps_it(questionnaire: Questionnaire) -> None:
    assert from_json(to_json(questionnaire)) == questionnaire


def test_every_touchpoint_gets_its_answers(questionnaire: Questionnaire) -> None:
    """Fewest answers first, as ``collecting.fillings.rotation`` orders them."""
    chance = random.Random(3)
    matrix = questionnaire.items[0]
    used = [part.id for part in matrix.parts]
    counts: Counter[int] = Counter(dict.fromkeys(used, 0))
    for _person in range(140):
        rotation = sorted(used, key=lambda part: (counts[part], chance.random()))
        shown = pages(questionnaire, {matrix.id: {"used": used, "not": []}}, rotation)
        counts.update(item.id for item in shown if item.parent == matrix.id)
    assert sum(counts.values()) == 140 * 3
    assert max(counts.values()) - min(counts.values()) <= 1
