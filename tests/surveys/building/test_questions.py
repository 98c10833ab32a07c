"""Building the draft: defaults, order, identity after publication, two editors at once."""

from collections.abc import Iterator
from typing import Any

import pytest
from django_scopes import scope

from surveys import building, publishing
from surveys.building import BuildError, StaleError
from surveys.models import ASKED_KINDS, Kind, Question, Quota, Rule, Survey
from tests.factories import SegmentFactory, TouchpointFactory, WorkspaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(workspace: Any) -> Iterator[Survey]:
    with scope(workspace=workspace):
        yield building.create_survey(
            workspace=workspace, name="Your visit", language="de", languages=["en", "ar"], by=None
        )


def listed(survey: Survey) -> list[str]:
    return [row.key for row in building.asked(survey)]


def publish(survey: Survey) -> None:
    survey.refresh_from_db()
    publishing.publish(survey=survey, by=None)


@pytest.mark.parametrize("kind", ASKED_KINDS)
def test_every_kind_begins_complete(survey: Survey, kind: str) -> None:
    touchpoint = TouchpointFactory(workspace=survey.workspace, name="Coffee bar")
    question = building.add_question(survey=survey, kind=kind)
    if kind == Kind.MATRIX:
        building.set_parts(question=question, touchpoints=[touchpoint])
    if kind == Kind.SECTION:
        building.add_question(survey=survey, kind=Kind.FACES)
    assert question.texts["de"]
    assert question.texts["en"]
    assert "ar" not in question.texts
    assert question.text == question.texts["de"]
    publish(survey)
    assert survey.version is None  # the instance given is not changed behind one's back
    assert Survey.objects.get().state == "open"


def test_a_question_names_its_touchpoint(survey: Survey) -> None:
    touchpoint = TouchpointFactory(workspace=survey.workspace, name="Toilette")
    question = building.add_question(survey=survey, kind="faces", touchpoint=touchpoint)
    assert question.texts == {"de": "Toilette: Wie war es?", "en": "Toilette: how was it?"}
    assert question.labels["5"] == "sehr gut"


def test_questions_are_put_moved_copied_and_removed(survey: Survey) -> None:
    first = building.add_question(survey=survey, kind="faces")
    last = building.add_question(survey=survey, kind="text")
    middle = building.add_question(survey=survey, kind="several", after=first)
    assert listed(survey) == [first.key, middle.key, last.key]
    building.move_question(question=last, before=first)
    assert listed(survey) == [last.key, first.key, middle.key]
    building.move_question(question=last)
    assert listed(survey) == [first.key, middle.key, last.key]
    copied = building.copy_question(question=middle)
    assert listed(survey) == [first.key, middle.key, copied.key, last.key]
    assert [part.code for part in copied.parts.all()] == [1, 2]
    building.remove_question(question=middle)
    assert listed(survey) == [first.key, copied.key, last.key]
    assert not Question.objects.filter(parent=middle.pk).exists()


def test_texts_change_per_language_and_control_signs_go(survey: Survey) -> None:
    question = building.add_question(survey=survey, kind="text", texts={"de": "Was?"})
    changed = building.change_question(question=question, texts={"en": "Wha\x00t?\u0007 "})
    assert changed.texts["de"] == "Was?"
    assert changed.texts["en"] == "What?"


@pytest.mark.parametrize(
    "fields",
    [
        {"texts": {"de": "x" * 2000}},
        {"texts": {"fr": "Quoi ?"}},
        {"texts": "no"},
        {"kind": "rank"},
        {"scale_min": 5, "scale_max": 5},
        {"scale_min": 0, "scale_max": 5000},
        {"show_if": [[{"question": 999_999, "is": "is", "to": [1]}]]},
        {"show_if": [[{"question": 999_999, "is": "eval", "to": [1]}]]},
        {"jumps": [{"when": [], "to": 999_999}]},
        {"options": [{"code": 1, "texts": {}, "segment": 999_999}]},
        {"options": [{"code": 1, "texts": {}}, {"code": 1, "texts": {}}]},
        {"options": [{"code": None, "texts": {}}] * 101},
        {"survey": 3},
    ],
)
def test_what_cannot_be_is_refused(survey: Survey, fields: dict[str, Any]) -> None:
    question = building.add_question(survey=survey, kind="rating")
    with pytest.raises(BuildError):
        building.change_question(question=question, **fields)


def test_nothing_of_another_workspace_or_survey(survey: Survey) -> None:
    question = building.add_question(survey=survey, kind="choice")
    other = WorkspaceFactory()
    with scope(workspace=other):
        touchpoint, segment = TouchpointFactory(workspace=other), SegmentFactory(workspace=other)
    foreign = building.add_question(
        survey=building.create_survey(
            workspace=survey.workspace, name="Other", language="en", by=None
        ),
        kind="faces",
    )
    with pytest.raises(BuildError):
        building.change_question(question=question, touchpoint=touchpoint)
    with pytest.raises(BuildError):
        building.change_question(
            question=question, options=[{"code": 1, "texts": {"de": "a"}, "segment": segment.pk}]
        )
    rule = [[{"question": foreign.pk, "is": "at_most", "to": [2]}]]
    with pytest.raises(BuildError):
        building.change_question(question=question, show_if=rule)
    with pytest.raises(BuildError):
        building.move_question(question=question, before=foreign)
    with pytest.raises(BuildError):
        building.add_question(survey=survey, kind="text", after=foreign)


def test_two_editors_of_one_question_are_told(survey: Survey) -> None:
    one = building.add_question(survey=survey, kind="text", texts={"de": "Was?"})
    two = building.add_question(survey=survey, kind="text")
    seen = Survey.objects.get(pk=survey.pk).revision
    building.change_question(question=two, revision=seen, texts={"de": "Anderes"})
    building.change_question(question=one, revision=seen, texts={"de": "Ihre Fassung"})
    with pytest.raises(StaleError, match=r"Ihre Fassung.*Meine Fassung"):
        building.change_question(question=one, revision=seen, texts={"de": "Meine Fassung"})
    assert Question.objects.get(pk=one.pk).text == "Ihre Fassung"


class TestAfterPublication:
    def test_words_keep_the_question(self, survey: Survey) -> None:
        question = building.add_question(survey=survey, kind="faces")
        publish(survey)
        changed = building.change_question(question=question, texts={"de": "Neu"}, rotates=True)
        assert changed.pk == question.pk

    def test_another_scale_is_another_question(self, survey: Survey) -> None:
        question = building.add_question(survey=survey, kind="rating")
        rule = [[{"question": question.pk, "is": "at_most", "to": [2]}]]
        later = building.add_question(survey=survey, kind="text", show_if=rule)
        building.change_question(
            question=question, jumps=[{"when": rule, "to": later.pk}, {"when": [], "to": 0}]
        )
        publish(survey)
        new = building.change_question(question=question, scale_max=7)
        question.refresh_from_db()
        later.refresh_from_db()
        assert new.pk != question.pk
        assert new.key == "q1"
        assert question.key == "q1-v1"
        assert question.is_retired
        assert question.replaced_by == new
        assert question.scale_max == 5
        assert later.show_if[0][0]["question"] == new.pk
        assert new.jumps[0]["when"][0][0]["question"] == new.pk
        assert listed(survey) == ["q1", "q2"]
        assert building.family([new.pk]) == {new.pk: new.pk, question.pk: new.pk}
        # Before it is published it changes in place.
        assert building.change_question(question=new, scale_max=9).pk == new.pk

    def test_a_choice_may_be_added_but_not_taken_away(self, survey: Survey) -> None:
        question = building.add_question(survey=survey, kind="choice")
        publish(survey)
        more = [*question.options, {"code": None, "texts": {"de": "Vielleicht"}}]
        same = building.change_question(question=question, options=more)
        assert same.pk == question.pk
        assert [o["code"] for o in same.options] == [1, 2, 3]
        fewer = building.change_question(question=same, options=same.options[1:])
        assert fewer.pk != question.pk

    def test_parts_retire_one_by_one_and_numbers_are_never_used_again(self, survey: Survey) -> None:
        question = building.add_question(survey=survey, kind="several", has_other=True)
        assert {p.code for p in question.parts.all()} == {0, 1, 2}
        publish(survey)
        kept = question.options[0]
        changed = building.change_question(question=question, options=[kept])
        assert changed.pk == question.pk
        assert question.parts.get(code=2).is_retired
        fresh = {"code": None, "texts": {"de": "Neu"}}
        changed = building.change_question(question=changed, options=[kept, fresh])
        assert [o["code"] for o in changed.options] == [1, 3]

    def test_a_touchpoint_of_a_matrix_comes_back_as_it_was(self, survey: Survey) -> None:
        bar, door = (TouchpointFactory(workspace=survey.workspace) for _n in range(2))
        matrix = building.add_question(survey=survey, kind="matrix")
        building.set_parts(question=matrix, touchpoints=[bar, door])
        part = matrix.parts.get(touchpoint=bar)
        publish(survey)
        building.set_parts(question=matrix, touchpoints=[door])
        part.refresh_from_db()
        assert part.is_retired
        building.set_parts(question=matrix, touchpoints=[door, bar])
        assert matrix.parts.get(touchpoint=bar).pk == part.pk
        definition = publishing.definition_of(survey)
        assert [part.touchpoint for part in definition.items[0].parts] == [door.pk, bar.pk]

    def test_a_removed_question_keeps_its_row(self, survey: Survey) -> None:
        question = building.add_question(survey=survey, kind="several")
        building.add_question(survey=survey, kind="text")
        publish(survey)
        building.remove_question(question=question)
        assert Question.objects.get(pk=question.pk).is_retired
        assert all(part.is_retired for part in question.parts.all())
        assert listed(survey) == ["q2"]


def test_a_copy_has_its_own_rules_and_parts(survey: Survey) -> None:
    touchpoint = TouchpointFactory(workspace=survey.workspace)
    matrix = building.add_question(survey=survey, kind="matrix")
    building.set_parts(question=matrix, touchpoints=[touchpoint])
    part = matrix.parts.get()
    rule = [[{"question": matrix.pk, "is": "is", "to": [part.pk]}]]
    building.add_question(survey=survey, kind="text", show_if=rule)
    new = building.copy_survey(survey=survey, by=None)
    first, second = building.asked(new)
    own = first.parts.get()
    assert own.pk != part.pk
    assert second.show_if == [[{"question": first.pk, "is": "is", "to": [own.pk]}]]
    assert new.name == "Your visit (copy)"
    assert new.state == "draft"
    assert not [finding for finding in publishing.definition_of(new).items if not finding.texts]


class TestSettings:
    def test_languages_come_and_go_without_loss(self, survey: Survey) -> None:
        question = building.add_question(survey=survey, kind="faces", texts={"ar": "كيف كان؟"})
        building.change_survey(survey=survey, languages=["en"])
        building.change_survey(survey=survey, languages=["en", "ar"])
        question.refresh_from_db()
        assert question.texts["ar"] == "كيف كان؟"

    def test_a_new_language_brings_the_words_it_has(self, workspace: Any) -> None:
        with scope(workspace=workspace):
            survey = building.create_survey(workspace=workspace, name="One", language="en", by=None)
            building.add_question(survey=survey, kind="faces")
            building.change_survey(survey=survey, languages=["de"])
            assert Question.objects.get().options[0]["texts"]["de"] == "sehr schlecht"

    def test_anonymous_is_settled_by_the_first_opening(self, survey: Survey) -> None:
        building.add_question(survey=survey, kind="faces")
        building.change_survey(survey=survey, is_anonymous=False)
        publish(survey)
        with pytest.raises(BuildError):
            building.change_survey(survey=survey, is_anonymous=True)

    @pytest.mark.parametrize(
        "fields",
        [
            {"name": ""},
            {"languages": ["<script>"]},
            {"cap": 0},
            {"min_answers": 2},
            {"max_answers": 10**12},
            {"texts": {"hello": {"de": "x"}}},
            {"texts": {"title": {"fr": "x"}}},
            {"opens_at": "tomorrow"},
            {"state": "open"},
        ],
    )
    def test_what_cannot_be_is_refused(self, survey: Survey, fields: dict[str, Any]) -> None:
        with pytest.raises(BuildError):
            building.change_survey(survey=survey, **fields)

    def test_quotas(self, survey: Survey) -> None:
        one, two = (SegmentFactory(workspace=survey.workspace) for _n in range(2))
        building.set_quotas(survey=survey, limits_by_segment={one: 10, two: 5})
        building.set_quotas(survey=survey, limits_by_segment={two: 7})
        assert [(quota.segment, quota.limit) for quota in Quota.objects.all()] == [(two, 7)]


def test_an_imported_survey_is_left_alone(workspace: Any) -> None:
    with scope(workspace=workspace):
        imported = Survey.objects.create(workspace=workspace, name="Old")
        with pytest.raises(BuildError):
            building.add_question(survey=imported, kind="faces")


def test_a_rule_for_cases_follows_its_question(survey: Survey) -> None:
    question = building.add_question(survey=survey, kind="rating")
    publish(survey)
    rule = Rule.objects.create(
        workspace=survey.workspace, survey=survey, kind="score", question=question, at_most=2
    )
    new = building.change_question(question=question, scale_max=7)
    rule.refresh_from_db()
    assert rule.question_id == question.pk  # people still answer the version before
    publish(survey)
    rule.refresh_from_db()
    assert rule.question_id == new.pk


def test_five_hundred_questions_and_no_more(survey: Survey) -> None:
    first = building.add_question(survey=survey, kind="faces")
    rule = [[{"question": first.pk, "is": "at_most", "to": [2]}]]
    rows = [
        Question(workspace=survey.workspace, survey=survey, key=f"x{n}", text="?", kind="text",
                 texts={"de": "?"}, position=n, show_if=rule)
        for n in range(1, 500)
    ]  # fmt: skip
    Question.objects.bulk_create(rows)
    with pytest.raises(BuildError):
        building.add_question(survey=survey, kind="text")
    publish(survey)
    building.move_question(question=first)
