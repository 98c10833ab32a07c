"""Whatever a reader makes of a file can be stored, and the stored map says the same."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings

from journeys.formats.content import Content
from journeys.formats.json_read import read_json
from journeys.formats.loading import load_content
from journeys.formats.storing import store
from journeys.models import Journey, StepQuestion
from journeys.uploads import clean_name
from tests.factories import QuestionFactory, TouchpointFactory, UserFactory
from tests.journeys.format_maps import contents, same


def said(content: Content) -> Any:
    """The map without what only its own workspace can have."""
    found = same(content)
    lanes = [
        (
            lane,
            [
                (place, card, file and (clean_name(file.name), file.data))
                for place, (card, file) in cards
            ],
        )
        for lane, cards in found["lanes"]
    ]
    phases = [
        (name, collapsed, [(s[0], s[1], s[2], sorted(value for _p, value in s[7])) for s in steps])
        for name, collapsed, steps in found["phases"]
    ]
    people = [content.personas[row["persona_id"]] for _id, row in content.rows("persona")]
    return {
        "lanes": lanes,
        "phases": phases,
        "arrows": found["arrows"],
        "template": found["template"],
        "people": [(p.name, p.texts, p.reviewed_on) for p in people],
    }


@pytest.mark.usefixtures("in_scope")
@given(contents())
@settings(
    max_examples=25,
    # Making a smaller example asks the database hundreds of times.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_map_is_stored_as_it_was_read(workspace: Any, content: Content) -> None:
    with transaction.atomic():
        actor: Any = UserFactory()
        journey = store(
            content, workspace=workspace, actor=actor, title=content.title, missing="nothing"
        )
        assert said(load_content(journey)) == said(content)
        transaction.set_rollback(True)


def test_two_names_of_one_thing_are_one_link(in_scope: Any) -> None:
    question: Any = QuestionFactory(workspace=in_scope)
    TouchpointFactory(workspace=in_scope, name="Straße")
    survey, key = question.survey.name, question.key
    content = read_json(
        '{"format":"cxm-map","version":1,"phases":[{"name":"P","steps":[{"id":"s","name":"S",'
        '"questions":["a","b"],"touchpoints":["c","d"]}]}],"questions":['
        f'{{"id":"a","survey":"{survey}","key":"{key}"}},{{"id":"b","survey":"{survey}",'
        f'"key":"{key}"}}],"touchpoints":[{{"id":"c","name":"Strasse"}},'
        '{"id":"d","name":"STRASSE"}]}'
    )
    actor: Any = UserFactory()
    store(content, workspace=in_scope, actor=actor, title="Map")
    assert Journey.objects.count() == 1
    assert StepQuestion.objects.count() == 1
