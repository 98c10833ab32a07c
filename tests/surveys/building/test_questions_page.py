"""The builder's page: what it shows, saves and refuses, for whom."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from surveys import building, publishing
from surveys.models import Question, Survey
from tests.factories import SegmentFactory, TouchpointFactory, WorkspaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(workspace: Any) -> Iterator[Survey]:
    with scope(workspace=workspace):
        yield building.create_survey(
            workspace=workspace, name="Your visit", language="de", languages=["en", "ar"], by=None
        )


@pytest.fixture
def editor(sign_in: Callable[..., Client]) -> Client:
    return sign_in("marketer")


def at(survey: Survey, name: str = "questions", *args: Any) -> str:
    return reverse(f"surveys:{name}", args=(survey.workspace.slug, survey.pk, *args))


def form_of(client: Client, survey: Survey, question: Question) -> dict[str, Any]:
    """What the page's own form would send: every field as it stands there."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.inside, self.select, self.area = False, "", ""
            self.data: dict[str, Any] = {}

        def put(self, name: str, value: str) -> None:
            self.data.setdefault(name, []).append(value)

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            attr = dict(attrs)
            if tag == "form":
                self.inside = attr.get("id") == "question-form"
            if not self.inside:
                return
            kind = attr.get("type", "text")
            if tag == "input" and attr.get("name") and "disabled" not in attr:
                if kind not in ("checkbox", "radio") or "checked" in attr:
                    self.put(
                        attr["name"], attr.get("value") or ("on" if kind == "checkbox" else "")
                    )
            elif tag == "select":
                self.select = attr["name"]
                self.data.setdefault(self.select, [""])
            elif tag == "option" and "selected" in attr:
                self.data[self.select] = [attr["value"]]
            elif tag == "textarea":
                self.area = attr["name"]
                self.data[self.area] = [""]

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                self.area = ""
            if tag == "form":
                self.inside = False

        def handle_data(self, data: str) -> None:
            if self.area:
                self.data[self.area][0] += data

    page = client.get(at(survey) + f"?q={question.pk}")
    assert page.status_code == 200
    reader = Reader()
    reader.feed(page.content.decode())
    return reader.data


@pytest.mark.parametrize("kind", ["faces", "rating", "nps", "csat", "ces", "choice", "several",
                                  "ranking", "text", "consent", "section", "matrix"])  # fmt: skip
def test_saving_what_stands_there_changes_nothing(
    editor: Client, survey: Survey, kind: str
) -> None:
    first = building.add_question(survey=survey, kind="faces")
    rule = [[{"question": first.pk, "is": "at_most", "to": [2]}]]
    question = building.add_question(survey=survey, kind=kind, show_if=rule)
    if kind == "matrix":
        building.set_parts(
            question=question, touchpoints=[TouchpointFactory(workspace=survey.workspace)]
        )
    before = publishing.definition_of(Survey.objects.get(pk=survey.pk))
    data = form_of(editor, survey, question)
    response = editor.post(at(survey, "question-edit", question.pk), data)
    assert response.status_code == 302
    assert publishing.definition_of(Survey.objects.get(pk=survey.pk)) == before


def test_an_empty_survey_invites_the_first_question(editor: Client, survey: Survey) -> None:
    page = editor.get(at(survey)).content.decode()
    assert "No question yet" in page
    response = editor.post(at(survey, "question-create"), {"kind": "faces"})
    question = Question.objects.get(survey=survey)
    assert response["Location"] == at(survey) + f"?q={question.pk}"
    page = editor.get(response["Location"]).content.decode()
    assert "Wie war es?" in page
    assert "sehr gut" in page
    assert 'dir="rtl"' in page


def test_a_save_by_script_brings_what_follows_and_not_the_editor(
    editor: Client, survey: Survey
) -> None:
    question = building.add_question(survey=survey, kind="faces")
    data = form_of(editor, survey, question) | {"text-de": "Wie war das Warten?"}
    url = at(survey, "question-edit", question.pk)
    response = editor.post(url, data, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "HX-Reswap" not in response
    assert 'id="rows"' in page
    assert 'id="editor"' not in page
    assert "Wie war das Warten?" in page
    assert Question.objects.get(pk=question.pk).text == "Wie war das Warten?"
    revision = Survey.objects.get(pk=survey.pk).revision
    assert f'value="{revision}"' in page


def test_another_kind_draws_the_editor_anew(editor: Client, survey: Survey) -> None:
    question = building.add_question(survey=survey, kind="faces")
    data = form_of(editor, survey, question) | {"kind": "nps"}
    url = at(survey, "question-edit", question.pk)
    response = editor.post(url, data, headers={"HX-Request": "true"})
    assert response["HX-Reswap"] == "outerHTML"
    assert 'id="editor"' in response.content.decode()
    assert Question.objects.get(pk=question.pk).scale_max == 10


def test_two_editors_see_both_texts(editor: Client, survey: Survey) -> None:
    question = building.add_question(survey=survey, kind="faces")
    data = form_of(editor, survey, question) | {"text-de": "Meine Fassung"}
    building.change_question(question=question, texts={"de": "Ihre Fassung"})
    url = at(survey, "question-edit", question.pk)
    for headers in ({}, {"HX-Request": "true"}):
        response = editor.post(url, data, headers=headers)
        assert response.status_code == 422
        page = response.content.decode()
        assert "Ihre Fassung" in page
        assert "Meine Fassung" in page
    assert Question.objects.get(pk=question.pk).text == "Ihre Fassung"
    editor.post(url, data | {"op": "mine"})
    assert Question.objects.get(pk=question.pk).text == "Meine Fassung"


def test_options_are_added_moved_and_removed(editor: Client, survey: Survey) -> None:
    question = building.add_question(survey=survey, kind="choice")
    url = at(survey, "question-edit", question.pk)

    def press(op: str, **more: str) -> list[int]:
        editor.post(url, form_of(editor, survey, question) | {"op": op} | more)
        return [option["code"] for option in Question.objects.get(pk=question.pk).options]

    assert press("option-add") == [1, 2, 3]
    assert press("option-up-2") == [1, 3, 2]
    assert press("option-remove-0") == [3, 2]
    assert press("option-down-0", **{"option-0-text-de": "Vielleicht"}) == [2, 3]
    assert Question.objects.get(pk=question.pk).options[1]["texts"]["de"] == "Vielleicht"


def test_an_option_puts_into_a_segment(editor: Client, survey: Survey) -> None:
    segment = SegmentFactory(workspace=survey.workspace)
    question = building.add_question(survey=survey, kind="choice")
    data = form_of(editor, survey, question) | {"option-1-segment": str(segment.pk)}
    editor.post(at(survey, "question-edit", question.pk), data)
    assert Question.objects.get(pk=question.pk).options[1]["segment"] == segment.pk


def test_a_rule_begins_complete_and_is_said_in_words(editor: Client, survey: Survey) -> None:
    first = building.add_question(survey=survey, kind="faces")
    second = building.add_question(survey=survey, kind="text")
    url = at(survey, "question-edit", second.pk)

    def press(**fields: Any) -> Any:
        editor.post(url, form_of(editor, survey, second) | fields)
        return Question.objects.get(pk=second.pk).show_if

    one = {"question": first.pk, "is": "at_most", "to": [2]}
    assert press(op="if-or") == [[one]]
    assert "Only if 1 is at most 2" in editor.get(at(survey)).content.decode()
    assert press(op="if-0-and") == [[one, one]]
    assert press(**{"if-0-1-is": "skipped"}) == [[one, {**one, "is": "skipped", "to": []}]]
    assert press(**{"if-0-1-is": "is", "if-0-1-to": ["4", "5"]})[0][1]["to"] == [4, 5]
    assert press(op="if-or")[1][0]["question"] == first.pk
    assert press(op="if-0-0-remove")[0][0]["is"] == "is"


def test_jumps_come_and_go(editor: Client, survey: Survey) -> None:
    first = building.add_question(survey=survey, kind="faces")
    last = building.add_question(survey=survey, kind="text")
    url = at(survey, "question-edit", first.pk)
    editor.post(url, form_of(editor, survey, first) | {"op": "jump-add"})
    first.refresh_from_db()
    assert first.jumps == [
        {"when": [[{"question": first.pk, "is": "at_most", "to": [2]}]], "to": 0}
    ]
    editor.post(url, form_of(editor, survey, first) | {"jump-0-to": str(last.pk)})
    first.refresh_from_db()
    assert first.jumps[0]["to"] == last.pk
    editor.post(url, form_of(editor, survey, first) | {"op": "jump-0-remove"})
    first.refresh_from_db()
    assert first.jumps == []


def test_a_matrix_takes_touchpoints(editor: Client, survey: Survey) -> None:
    bar, door = (TouchpointFactory(workspace=survey.workspace) for _n in range(2))
    matrix = building.add_question(survey=survey, kind="matrix")
    url = at(survey, "question-edit", matrix.pk)
    for touchpoint in (bar, door):
        data = form_of(editor, survey, matrix) | {"touchpoint-new": str(touchpoint.pk)}
        assert editor.post(url, data).status_code == 302
    editor.post(url, form_of(editor, survey, matrix) | {"op": "part-up-1"})
    parts = matrix.parts.order_by("position")
    assert [part.touchpoint_id for part in parts] == [door.pk, bar.pk]
    editor.post(url, form_of(editor, survey, matrix) | {"part-0-text-de": "Die Tür?"})
    assert matrix.parts.get(touchpoint=door).text == "Die Tür?"
    editor.post(url, form_of(editor, survey, matrix) | {"op": "part-remove-0"})
    assert [part.touchpoint_id for part in parts.all()] == [bar.pk]


def test_order_by_steps_and_by_place(editor: Client, survey: Survey) -> None:
    one, two, three = (building.add_question(survey=survey, kind="faces") for _n in range(3))

    def order() -> list[int]:
        return [row.pk for row in building.asked(survey)]

    editor.post(at(survey, "question-place", three.pk), {"step": "-1"})
    assert order() == [one.pk, three.pk, two.pk]
    editor.post(at(survey, "question-place", one.pk), {"step": "-1"})
    assert order() == [one.pk, three.pk, two.pk]
    editor.post(at(survey, "question-place", one.pk), {"step": "1"})
    assert order() == [three.pk, one.pk, two.pk]
    editor.post(at(survey, "question-place", three.pk), {"before": ""})
    assert order() == [one.pk, two.pk, three.pk]
    editor.post(at(survey, "question-place", three.pk), {"before": str(one.pk)})
    assert order() == [three.pk, one.pk, two.pk]


def test_copy_and_removal(editor: Client, survey: Survey) -> None:
    one, two = (building.add_question(survey=survey, kind="faces") for _n in range(2))
    editor.post(at(survey, "question-copy", one.pk))
    assert building.asked(survey).count() == 3
    response = editor.post(at(survey, "question-removal", two.pk))
    assert response.status_code == 302
    assert not Question.objects.filter(pk=two.pk).exists()
    assert editor.post(at(survey, "question-removal", two.pk)).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"text-de": "x" * 5000},
        {"touchpoint": "999999"},
        {"touchpoint": "' or 1=1"},
        {"kind": "option"},
        {"if-0-0-question": "999999", "if-0-0-is": "is", "if-0-0-to": "1"},
        {"jump-0-to": "999999"},
        {"scale_min": "9", "scale_max": "1"},
        {"scale_max": "1e9"},
    ],
)
def test_bad_input_is_said_and_nothing_stored(
    editor: Client, survey: Survey, fields: dict[str, str]
) -> None:
    question = building.add_question(survey=survey, kind="rating")
    before = publishing.definition_of(survey)
    url = at(survey, "question-edit", question.pk)
    response = editor.post(url, form_of(editor, survey, question) | fields)
    assert response.status_code == 422
    assert publishing.definition_of(survey) == before


def test_nothing_foreign_can_be_reached(editor: Client, survey: Survey) -> None:
    own = building.add_question(survey=survey, kind="matrix")
    other = WorkspaceFactory()
    with scope(workspace=other):
        foreign_survey = building.create_survey(
            workspace=other, name="Secret", language="en", by=None
        )
        foreign = building.add_question(survey=foreign_survey, kind="faces")
        touchpoint = TouchpointFactory(workspace=other)
    for name in ("question-edit", "question-copy", "question-place", "question-removal"):
        assert editor.post(at(survey, name, foreign.pk), {}).status_code == 404
    slug = survey.workspace.slug
    assert (
        editor.get(reverse("surveys:questions", args=(slug, foreign_survey.pk))).status_code == 404
    )
    data = form_of(editor, survey, own) | {"touchpoint-new": str(touchpoint.pk)}
    assert editor.post(at(survey, "question-edit", own.pk), data).status_code == 422
    response = editor.post(at(survey, "question-place", own.pk), {"before": str(foreign.pk)})
    assert response.status_code == 404


def test_script_in_texts_stays_text(editor: Client, survey: Survey) -> None:
    evil = "<script>alert(1)</script>"
    building.add_question(survey=survey, kind="faces", texts={"de": evil, "en": evil})
    page = editor.get(at(survey)).content.decode()
    assert evil not in page
    assert "&lt;script&gt;alert(1)" in page


def test_viewers_read_and_nothing_more(sign_in: Callable[..., Client], survey: Survey) -> None:
    question = building.add_question(survey=survey, kind="faces")
    viewer = sign_in("viewer")
    page = viewer.get(at(survey)).content.decode()
    assert "<fieldset disabled>" in page
    assert "Open survey" not in page
    assert viewer.post(at(survey, "question-edit", question.pk), {}).status_code == 403


def test_as_many_queries_for_thirty_questions_as_for_three(
    editor: Client, survey: Survey, django_assert_max_num_queries: Any
) -> None:
    for _n in range(30):
        building.add_question(survey=survey, kind="faces")
    with django_assert_max_num_queries(16):
        assert editor.get(at(survey)).status_code == 200


def test_the_history_says_each_wording_with_its_figures(editor: Client, survey: Survey) -> None:
    question = building.add_question(survey=survey, kind="rating")
    publishing.publish(survey=Survey.objects.get(pk=survey.pk), by=None)
    new = building.change_question(question=question, scale_max=7, texts={"de": "Neu gefragt"})
    page = editor.get(at(survey, "question-history", new.pk)).content.decode()
    assert "Wie bewerten Sie es?" in page
    assert "another scale, not asked any more" in page
    assert at(survey, "question-history", new.pk) in editor.get(at(survey)).content.decode()


def test_an_imported_survey_has_its_own_page(editor: Client, workspace: Any) -> None:
    with scope(workspace=workspace):
        imported = Survey.objects.create(workspace=workspace, name="Old")
    response = editor.get(at(imported))
    assert response["Location"] == reverse("surveys:survey", args=(workspace.slug, imported.pk))
