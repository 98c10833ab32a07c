"""The order in which people meet questions."""

from typing import Any

from surveys.asked import in_order
from surveys.building import add_question, create_survey, remove_question, set_parts
from surveys.models import Question
from surveys.publishing import publish
from tests.factories import TouchpointFactory


def test_parts_follow_their_question_and_what_is_gone_comes_last(in_scope: Any) -> None:
    survey = create_survey(workspace=in_scope, name="Visit", language="en", by=None)
    first = add_question(survey=survey, kind="faces")
    matrix = add_question(survey=survey, kind="matrix")
    places = [TouchpointFactory(workspace=in_scope, name=name) for name in ("B", "A")]
    set_parts(question=matrix, touchpoints=places)
    last = add_question(survey=survey, kind="nps")
    publish(survey=survey, by=None)
    remove_question(question=first)
    rows = in_order(Question.objects.filter(survey=survey).select_related("touchpoint"))
    named = [row.touchpoint.name if row.touchpoint else row.kind for row in rows]
    assert named == ["matrix", "B", "A", "nps", "faces"]
    assert rows[-2].pk == last.pk
