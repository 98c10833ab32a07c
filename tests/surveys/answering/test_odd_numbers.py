"""Numbers that are none, typed by anybody: a page in words, and files that still come."""

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from surveys.models import Answer, Kind
from tests.factories import MembershipFactory, UserFactory
from tests.surveys.answering.cafe import Cafe, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]
ODD = ("--5", "-", "----", "٣", "-٣", "5" * 5000)


@pytest.fixture
def marketer(workspace: Any) -> Client:
    client, user = Client(), UserFactory()
    MembershipFactory(workspace=workspace, user=user, role="marketer")
    client.force_login(user)
    return client


@pytest.mark.parametrize("value", ODD)
def test_an_odd_score_is_refused_in_words(person: Person, value: str) -> None:
    person.open()
    assert person.say(value).status_code == 422


@pytest.mark.parametrize("text", ODD[:-1])
def test_an_odd_comment_stops_no_file(
    make: Callable[..., Cafe], marketer: Client, text: str
) -> None:
    cafe = make(min_answers=3)
    cafe.ask("q1", Kind.TEXT)
    cafe.open()
    for _nobody in range(3):
        person = Person(Client(), cafe.path)
        person.open()
        person.say(text)
    with scope(workspace=cafe.workspace):
        assert Answer.objects.filter(raw=text).count() == 3
    where = {"workspace": cafe.workspace.slug, "survey": cafe.survey.pk}
    for name in ("export-answers", "export-responses", "export-xlsx", "export-sav"):
        answer: Any = marketer.get(reverse(f"surveys:{name}", kwargs=where))
        assert answer.status_code == 200
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if name == "export-xlsx":
            rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].values
            assert text in [cell for row in rows for cell in row]


def test_an_endless_number_is_no_id(cafe: Cafe, marketer: Client) -> None:
    endless = "9" * 5000
    where = {"workspace": cafe.workspace.slug, "survey": cafe.survey.pk}
    comments = reverse("surveys:comments", kwargs=where)
    assert marketer.get(comments, {"tag": endless}).status_code == 200
    question = where | {"question": cafe.rows["q1"].pk}
    place = reverse("surveys:question-place", kwargs=question)
    assert marketer.post(place, {"before": endless}).status_code == 302
    create = reverse("surveys:question-create", kwargs=where)
    assert marketer.post(create, {"kind": "text", "after": endless}).status_code == 302
    edit = reverse("surveys:question-edit", kwargs=question)
    form = {"shows": "options", f"option-{endless}-code": "1"}
    sent = urlencode(form), "application/x-www-form-urlencoded"
    assert marketer.post(edit, *sent).status_code in (302, 422)
