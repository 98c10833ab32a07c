"""From the code on the table to the thanks page, as a browser without scripts does it."""

import pytest

from surveys.models import Answer, Filling, Response
from tests.surveys.answering.cafe import Cafe, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]


def test_looking_changes_nothing(person: Person) -> None:
    page = person.open()
    assert page.status_code == 200
    assert not page.cookies
    assert "Question q1?" in person.text
    assert "Question 1 of 3" in person.text
    assert "Anonymous." in person.text
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert not Filling.objects.exists()


def test_a_whole_visit(person: Person, cafe: Cafe) -> None:
    person.open()
    assert person.say(2).status_code == 303
    assert "You gave 2. What happened?" in person.text
    assert "Question 2 of 4" in person.text
    person.say("Cold coffee 🙂")
    person.say(0, other="Ice")
    person.say(3)
    assert "Your 4 answers have arrived." in person.text
    assert "Your code word:" in person.text
    said = {answer.question_id: (answer.score, answer.raw) for answer in Answer.objects.all()}
    ids = {key: row.pk for key, row in cafe.rows.items()}
    assert said == {
        ids["q1"]: (2, "2"),
        ids["q2"]: (None, "Cold coffee 🙂"),
        ids["q3"]: (0, "other=Ice"),
        ids["q4"]: (3, "3"),
    }
    assert Response.objects.get().is_complete
