"""From a step of a map to the question that asks about it, and what counts for a step."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from journeys import asking, editing, selection
from journeys.curve import read_curve
from journeys.models import Event, Step, StepQuestion
from surveys.models import Kind, Question, Survey
from tests.factories import (
    QuestionFactory,
    StepFactory,
    SurveyFactory,
    TouchpointFactory,
    answer,
    meet,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def step(workspace: Any) -> Step:
    with scope(workspace=workspace):
        made: Step = StepFactory(workspace=workspace, name="Order")
        meet(made, TouchpointFactory(workspace=workspace, name="Counter"))
    return made


def url(step: Step, name: str = "step-ask", *more: int) -> str:
    return reverse(f"journeys:{name}", args=["firm", step.phase.journey.slug, step.pk, *more])


def draft(workspace: Any, **fields: Any) -> Survey:
    with scope(workspace=workspace):
        made: Survey = SurveyFactory(workspace=workspace, state="draft", **fields)
    return made


def test_a_new_survey_is_begun(sign_in: SignIn, workspace: Any, step: Step) -> None:
    client = sign_in("marketer")
    page = client.get(url(step)).content.decode()
    assert "No question asks about it yet." in page
    assert "How was: Order?" in page
    assert "Counter" in page
    with scope(workspace=workspace):
        place = step.touchpoint_links.get().touchpoint_id
    response = client.post(
        url(step),
        {
            "survey": "new", "name": "Café", "kind": "faces", "touchpoint": place,
            "text-en": "How was the order?",
        },
    )  # fmt: skip
    with scope(workspace=workspace):
        question = Question.objects.get()
        assert response.url == reverse(  # type: ignore[attr-defined]
            "surveys:questions", args=["firm", question.survey_id]
        )
        assert question.survey.name == "Café"
        assert question.survey.state == Survey.State.DRAFT
        assert (question.kind, question.scale_min, question.scale_max) == (Kind.FACES, 1, 5)
        assert len(question.options) == 5
        assert question.touchpoint_id == place
        assert question.text == "How was the order?"
        assert StepQuestion.objects.get().question == question
        (event,) = Event.objects.filter(journey=step.phase.journey)
        assert event.what == "question-bound"
    page = client.get(url(step)).content.decode()
    assert "1 question asks about it already." in page
    assert "Draft" in page


def test_the_wording_is_in_the_languages_of_the_survey(
    sign_in: SignIn, workspace: Any, step: Step
) -> None:
    survey = draft(workspace, name="Café", language="de", languages=["en", "ja"])
    client = sign_in("marketer")
    page = client.get(url(step)).content.decode()
    assert "Wie war: Order?" in page
    assert "How was: Order?" in page
    client.post(
        url(step),
        {"survey": survey.pk, "kind": "faces", "touchpoint": "", "text-de": "Wie war: Order?"},
    )
    with scope(workspace=workspace):
        question = Question.objects.get()
        assert question.survey_id == survey.pk
        assert question.touchpoint_id is None
        assert question.texts["de"] == "Wie war: Order?"


@pytest.mark.parametrize(
    "posted",
    [
        {"survey": "new", "name": "", "kind": "faces", "text-en": "How?"},
        {"survey": "new", "name": "Café", "kind": "nps", "text-en": "How?"},
        {"survey": "new", "name": "Café", "kind": "faces", "text-en": ""},
        {"survey": "new", "name": "Café", "kind": "faces", "touchpoint": "99", "text-en": "How?"},
        {"survey": "new", "name": "Taken", "kind": "faces", "text-en": "How?"},
    ],
)
def test_what_cannot_be_makes_nothing(
    sign_in: SignIn, workspace: Any, step: Step, posted: dict[str, str]
) -> None:
    with scope(workspace=workspace):
        SurveyFactory(workspace=workspace, name="Taken", state="imported")
    assert sign_in("marketer").post(url(step), posted).status_code == 422
    with scope(workspace=workspace):
        assert not Question.objects.exists()
        assert Survey.objects.count() == 1


def test_only_who_may_edit_and_only_this_map(sign_in: SignIn, workspace: Any, step: Step) -> None:
    with scope(workspace=workspace):
        other = StepFactory(workspace=workspace)
    assert sign_in("analyst").get(url(step)).status_code == 403
    client = sign_in("marketer")
    wrong = reverse("journeys:step-ask", args=["firm", step.phase.journey.slug, other.pk])
    assert client.get(wrong).status_code == 404
    assert sign_in("outsider").get(url(step)).status_code == 404


def test_a_question_is_released(sign_in: SignIn, workspace: Any, step: Step) -> None:
    with scope(workspace=workspace):
        question = QuestionFactory(workspace=workspace)
        editing.bind_question(step=step, actor=None, question=question)
    client = sign_in("marketer")
    assert "Release" in client.get(url(step)).content.decode()
    client.post(url(step, "step-question-removal", question.pk))
    with scope(workspace=workspace):
        assert not StepQuestion.objects.exists()
        assert Question.objects.filter(pk=question.pk).exists()


def test_the_map_and_the_curve_lead_there(sign_in: SignIn, workspace: Any, step: Step) -> None:
    slug = step.phase.journey.slug
    with scope(workspace=workspace):
        editing.add_lane(journey=step.phase.journey, actor=None, kind="emotion", name="Emotion")
    client = sign_in("marketer")
    page = client.get(f"/w/firm/journeys/{slug}/?measured=1").content.decode()
    assert url(step) in page
    curve = client.get(f"/w/firm/journeys/{slug}/curve/?step={step.pk}").content.decode()
    assert url(step) in curve
    with scope(workspace=workspace):
        question = QuestionFactory(workspace=workspace, text="Was it quick?")
        editing.bind_question(step=step, actor=None, question=question)
        answer(question, 5, 5, 4, 4, 4, 3)
    curve = client.get(f"/w/firm/journeys/{slug}/curve/?step={step.pk}").content.decode()
    assert "Was it quick?" in curve


def test_a_viewer_is_not_asked_to_ask(sign_in: SignIn, workspace: Any, step: Step) -> None:
    slug = step.phase.journey.slug
    with scope(workspace=workspace):
        editing.add_lane(journey=step.phase.journey, actor=None, kind="emotion", name="Emotion")
    page = sign_in("viewer").get(f"/w/firm/journeys/{slug}/?measured=1").content.decode()
    assert "never asked" in page
    assert 'href="' + url(step) not in page


# ---------- what counts for a step ----------


def point(workspace: Any, step: Step) -> Any:
    reading = read_curve(
        workspace=workspace,
        journey=step.phase.journey,
        selected=selection.Selection(),
        choices=selection.load_choices(workspace),
    )
    return reading, reading.point(step.pk)


def test_kinds_without_a_scale_never_count(in_scope: Any, step: Step) -> None:
    place = step.touchpoint_links.get().touchpoint
    survey = SurveyFactory(workspace=in_scope)
    common = {"workspace": in_scope, "survey": survey, "touchpoint": place}
    faces = QuestionFactory(kind=Kind.FACES, **common)
    answer(faces, 5, 5, 4, 4, 3, 1)
    several = QuestionFactory(kind=Kind.SEVERAL, scale_min=None, scale_max=None, **common)
    for kind in (Kind.OPTION, Kind.RANK):
        part = QuestionFactory(kind=kind, scale_min=None, scale_max=None, parent=several, **common)
        answer(part, *[1] * 9)
    for kind in (Kind.CHOICE, Kind.CONSENT):
        other = QuestionFactory(kind=kind, scale_min=None, scale_max=None, **common)
        answer(other, *[1] * 9)
        editing.bind_question(step=step, actor=None, question=other)
    _reading, found = point(in_scope, step)
    assert found.n == 6
    assert found.raw.mean == pytest.approx(22 / 6)


def test_parts_of_a_matrix_and_retired_questions_count(in_scope: Any, step: Step) -> None:
    place = step.touchpoint_links.get().touchpoint
    survey = SurveyFactory(workspace=in_scope)
    matrix = QuestionFactory(
        workspace=in_scope, survey=survey, kind=Kind.MATRIX, scale_min=None, scale_max=None
    )
    part = QuestionFactory(
        workspace=in_scope, survey=survey, kind=Kind.FACES, parent=matrix, touchpoint=place
    )
    old = QuestionFactory(workspace=in_scope, survey=survey, touchpoint=place, is_retired=True)
    answer(part, 5, 5, 4)
    answer(old, 1, 2, 3, 4)
    _reading, found = point(in_scope, step)
    assert found.n == 7


def test_a_question_that_replaced_a_bound_one_counts_on_its_own_scale(
    in_scope: Any, step: Step
) -> None:
    survey = SurveyFactory(workspace=in_scope)
    newest = QuestionFactory(workspace=in_scope, survey=survey, scale_max=7)
    middle = QuestionFactory(
        workspace=in_scope, survey=survey, scale_max=3, is_retired=True, replaced_by=newest
    )
    bound = QuestionFactory(workspace=in_scope, survey=survey, is_retired=True, replaced_by=middle)
    editing.bind_question(step=step, actor=None, question=bound)
    answer(bound, 5, 5)  # +2 each
    answer(middle, 3, 3)
    answer(newest, 7, 7)
    reading, found = point(in_scope, step)
    assert found.n == 6
    assert found.estimate.mean == pytest.approx(2)
    assert len(reading.curve.joined_scales) == 3
    page_says = reading.curve.joined_scales
    assert {scale.high for scale in page_says} == {3, 5, 7}


def test_a_question_bound_twice_counts_once(in_scope: Any, step: Step) -> None:
    place = step.touchpoint_links.get().touchpoint
    question = QuestionFactory(workspace=in_scope, touchpoint=place)
    editing.bind_question(step=step, actor=None, question=question)
    answer(question, 5, 4, 4, 3, 2)
    _reading, found = point(in_scope, step)
    assert found.n == 5
    assert [part.id for part in found.step.parts if part.questions] == [place.pk]
    assert [row.question for row in asking.asking(step)] == [question]


def test_renamed_moved_and_duplicated_steps_keep_what_asks(in_scope: Any, step: Step) -> None:
    question = QuestionFactory(workspace=in_scope)
    editing.bind_question(step=step, actor=None, question=question)
    answer(question, 5, 4, 4, 3, 2)
    editing.rename_step(step=step, actor=None, name="Ordering")
    editing.duplicate_step(step=step, actor=None)
    reading, found = point(in_scope, step)
    assert found.n == 5
    assert [p.n for p in reading.curve.points] == [5, 5]


def test_a_question_that_is_asked_already_is_bound(
    sign_in: SignIn, workspace: Any, other_workspace: Any, step: Step
) -> None:
    with scope(workspace=workspace):
        question = QuestionFactory(workspace=workspace, text="Was it quick?")
        QuestionFactory(workspace=workspace, kind=Kind.CHOICE, scale_min=None, scale_max=None)
    with scope(workspace=other_workspace):
        theirs = QuestionFactory(workspace=other_workspace)
    client = sign_in("marketer")
    assert "Was it quick?" in client.get(url(step)).content.decode()
    for wrong in (theirs.pk, "x", ""):
        client.post(url(step, "step-question-create"), {"question": wrong})
        with scope(workspace=workspace):
            assert not StepQuestion.objects.exists()
    client.post(url(step, "step-question-create"), {"question": question.pk})
    with scope(workspace=workspace):
        assert StepQuestion.objects.get().question == question
