"""Sheets printed and typed in: each number once, what is wrong stays on the page."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from surveys import links, paper, publishing
from surveys.models import Answer, Link, Question, Response, Status
from tests.factories import QuestionFactory, SurveyFactory, TouchpointFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date.today().isoformat()


@pytest.fixture
def editor(sign_in: Callable[..., Client]) -> Client:
    return sign_in("marketer")


@pytest.fixture
def questions(workspace: Any) -> dict[str, Question]:
    """Rating, choice with other, several, text for the angry, matrix of two, consent."""
    with scope(workspace=workspace):
        asked = SurveyFactory(workspace=workspace, name="On paper", state="draft", language="en")
        made: dict[str, Question] = {}

        def ask(key: str, kind: str, **fields: Any) -> Question:
            plain = {} if kind == "rating" else {"scale_min": None, "scale_max": None}
            texts = {"en": f"About {key}?"}
            made[key] = QuestionFactory(
                workspace=workspace, survey=asked, key=key, kind=kind, texts=texts,
                text=f"About {key}?", position=len(made), **(plain | fields),
            )  # fmt: skip
            return made[key]

        options = [{"code": n, "texts": {"en": f"Way {n}"}} for n in (1, 2, 3)]
        rating = ask("rating", "rating", offers_unknown=True)
        ask("choice", "choice", options=options, has_other=True)
        several = ask("several", "several", options=options)
        for option in options:
            ask(f"several{option['code']}", "option", parent=several, code=option["code"])
        condition = [[{"question": rating.pk, "is": "at_most", "to": [2]}]]
        ask("why", "text", show_if=condition)
        matrix = ask("matrix", "matrix")
        for name in ("Bar", "Toilet"):
            place = TouchpointFactory(workspace=workspace, name=name)
            ask(name, "rating", parent=matrix, touchpoint=place)
            made[name].scale_min, made[name].scale_max = 1, 5
            made[name].save()
        ask("consent", "consent")
        publishing.publish(survey=asked, by=None)
    return made


@pytest.fixture
def link(workspace: Any, questions: dict[str, Question]) -> Link:
    with scope(workspace=workspace):
        survey = questions["rating"].survey
        survey.refresh_from_db()
        return links.create(survey=survey, source="paper", names=["Fair"])[0]


def url(link: Link, rest: str = "") -> str:
    return f"/w/firm/surveys/{link.survey_id}/invite/links/{link.pk}/paper/{rest}"


def line(questions: dict[str, Question], at: int = 0, **cells: str) -> dict[str, str]:
    named = {
        f"r{at}-q{questions[key].pk}": value for key, value in cells.items() if key in questions
    }
    plain = {
        f"r{at}-{key}": cells.get(key, first) for key, first in (("sheet", ""), ("day", TODAY))
    }
    return plain | named


def test_what_is_printed(editor: Client, link: Link) -> None:
    text = editor.get(url(link, "?count=2&first=7")).content.decode()
    assert f"{link.code}-0007" in text
    assert f"{link.code}-0008" in text
    assert "if question 1 is 2 or less" in text
    assert "Toilet" in text
    assert "5b" in text
    assert editor.get(url(link, "?count=999999&first=-3&language=xx")).status_code == 200


def test_a_sheet(editor: Client, link: Link, questions: dict[str, Question]) -> None:
    data = line(
        questions, sheet=f"{link.code}-0012", rating="2", choice="0=By kite", several="1 3",
        why="Cold", Bar="4", Toilet="n", consent="1",
    )  # fmt: skip
    assert editor.post(url(link, "entry/"), data).status_code == 302
    with scope(workspace=link.workspace):
        response = Response.objects.get()
        assert (response.source, response.link_id) == ("paper", link.pk)
        rows = {row.question_id: (row.status, row.score, row.raw) for row in Answer.objects.all()}
    scored = Status.SCORED
    assert rows[questions["rating"].pk] == (scored, 2, "2")
    assert rows[questions["choice"].pk] == (scored, 0, "other=By kite")
    assert [rows[questions[f"several{n}"].pk][1] for n in (1, 2, 3)] == [1, 0, 1]
    assert rows[questions["why"].pk] == (scored, None, "Cold")
    assert rows[questions["Bar"].pk][1] == 4
    assert rows[questions["Toilet"].pk][0] == Status.NEVER_USED


def test_the_same_sheet_twice_counts_once(
    editor: Client, link: Link, questions: dict[str, Question]
) -> None:
    data = line(questions, sheet="12", rating="5")
    for _again in range(2):
        assert editor.post(url(link, "entry/"), data).status_code == 302
    changed = line(questions, sheet="0012", rating="1")
    refused = editor.post(url(link, "entry/"), changed)
    assert refused.status_code == 422
    assert "there already" in refused.content.decode()
    assert editor.post(url(link, "entry/"), changed | {"overwrite": "1"}).status_code == 302
    with scope(workspace=link.workspace):
        assert Response.objects.count() == 1
        assert Answer.objects.get(question_id=questions["rating"].pk).score == 1


def test_good_lines_are_stored_and_bad_ones_stay(
    editor: Client, link: Link, questions: dict[str, Question]
) -> None:
    data = {
        **line(questions, 0, sheet="1", rating="5"),
        **line(questions, 1, sheet="2", rating="9", choice="1 2"),
        **line(questions, 2, sheet="", day=""),
        **line(questions, 3, sheet="x", rating="3"),
        **line(questions, 4, sheet="5", rating="3", day="2999-01-01"),
        **line(questions, 5, sheet="6"),
    }
    response = editor.post(url(link, "entry/"), data)
    assert response.status_code == 422
    text = response.content.decode()
    assert "1 sheet is stored" in text
    assert "Only one can be chosen" in text
    assert "no number of a sheet" in text
    assert "Which day" in text
    assert "Nothing is typed in" in text
    with scope(workspace=link.workspace):
        assert Response.objects.count() == 1


def test_answers_past_a_rule_do_not_count(
    editor: Client, link: Link, questions: dict[str, Question]
) -> None:
    data = line(questions, sheet="1", rating="5", why="Still angry")
    response = editor.post(url(link, "entry/"), data, follow=True)
    assert "Not counted" in response.content.decode()
    with scope(workspace=link.workspace):
        assert not Answer.objects.filter(question_id=questions["why"].pk).exists()


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("0007", 7), ("7KQ4XP-0012", 12), (" 7KQ4XP - 3 ", 3)]
)
def test_numbers_of_sheets(text: str, number: int) -> None:
    assert paper.sheet_number(text) == number


@pytest.mark.parametrize("text", ["", "0", "-1", "1000000", "x", "٣", "1e3", "7\n8"])
def test_no_numbers(text: str) -> None:
    with pytest.raises(paper.SheetError):
        paper.sheet_number(text)


def test_a_mark_is_not_a_cell(editor: Client, link: Link, questions: dict[str, Question]) -> None:
    data = line(questions, sheet="1", rating="?", Bar="n", consent="yes\x00")
    response = editor.post(url(link, "entry/"), data)
    assert "1 is yes, 0 is no" in response.content.decode()
    data = line(questions, sheet="1", rating="?", Bar="n")
    assert editor.post(url(link, "entry/"), data).status_code == 302


def test_who_may(sign_in: Callable[..., Client], link: Link) -> None:
    viewer = sign_in("viewer")
    assert viewer.get(url(link)).status_code == 200
    assert viewer.get(url(link, "entry/")).status_code == 403


def test_only_links_on_paper_have_sheets(editor: Client, link: Link) -> None:
    with scope(workspace=link.workspace):
        other = links.create(survey=link.survey, source="qr", names=["Bar"])[0]
    assert editor.get(url(other)).status_code == 404
