"""What somebody may post, and what is refused: nothing is stored that was not asked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from surveys import publishing
from surveys.models import Answer, Filling, Kind, Link, Question, Response
from tests.surveys.answering.cafe import Cafe, Person, choices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]


def begun(person: Person, score: int = 2) -> Any:
    person.open()
    person.say(score)
    return Filling.objects.get()


def page_of(person: Person, question: Question) -> str:
    return "/".join([*person.path.split("/")[:4], str(question.pk), ""])


def test_a_page_that_is_not_on_the_way(person: Person, cafe: Cafe) -> None:
    begun(person, 5)
    for key in ("q2", "q4"):  # hidden by its rule; not reached yet
        answer = person.client.post(page_of(person, cafe.rows[key]), {"value": "3"})
        assert answer.status_code == 409
        assert "This question is not on your way." in answer.content.decode()
    assert person.client.post(person.path.rstrip("/") + "9/", {"value": "3"}).status_code == 409
    assert set(Filling.objects.get().answers) == {str(cafe.rows["q1"].pk)}


def test_looking_at_such_a_page_leads_to_the_open_one(person: Person, cafe: Cafe) -> None:
    begun(person, 5)
    answer = person.client.get(page_of(person, cafe.rows["q4"]), follow=True)
    assert answer.status_code == 200
    assert "Your answers" in answer.content.decode()


def test_a_token_belongs_to_one_link(person: Person, cafe: Cafe, make: Any) -> None:
    begun(person)
    other = make(name="Other")
    other.ask("q1", Kind.FACES)
    other.open()
    foreign = person.path.replace(cafe.link.code, other.link.code)
    assert person.client.get(foreign).status_code == 404
    assert person.client.post(foreign, {"value": "3"}).status_code == 404
    assert Filling.objects.count() == 1


def test_a_start_page_works_for_its_link_only_and_once(person: Person, cafe: Cafe) -> None:
    person.open()
    form = person.hidden() | {"value": "4"}
    assert person.client.post(cafe.path, form | {"stamp": "forged"}).status_code == 422
    assert person.client.post(cafe.path, form | {"stamp": form["stamp"] + "x"}).status_code == 422
    assert not Filling.objects.exists()
    first = person.client.post(cafe.path, form)
    again = person.client.post(cafe.path, form)
    assert first["Location"] == again["Location"]
    assert Filling.objects.count() == 1


def test_sending_the_last_answer_twice_counts_once(person: Person) -> None:
    begun(person, 5)
    person.say(1)
    last, form = person.action, person.hidden() | {"value": "9"}
    one, two = person.client.post(last, form), person.client.post(last, form | {"value": "1"})
    assert one["Location"] == two["Location"]
    assert one["Location"].endswith("/thanks/")
    assert Response.objects.count() == 1
    assert Answer.objects.filter(score=9).count() == 1


def test_back_shows_what_was_said_and_changes_it(person: Person, cafe: Cafe) -> None:
    begun(person, 2)
    person.open(page_of(person, cafe.rows["q1"]))
    assert 'value="2" checked' in person.text
    person.say(5)
    assert "Question q3?" in person.text  # the way is another one now
    assert Filling.objects.count() == 1


def test_a_comment_of_two_megabytes(person: Person) -> None:
    begun(person, 1)
    answer = person.client.post(person.path, {"value": "x" * 2_000_000})
    assert answer.status_code == 413
    assert "Nothing was stored." in answer.content.decode()
    assert len(Filling.objects.get().answers) == 1


def test_bytes_that_are_no_text(person: Person) -> None:
    begun(person, 1)
    answer = person.client.post(
        person.path, b"value=caf%E9%00%FF+ok", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 303
    said = [reply["text"] for reply in Filling.objects.get().answers.values() if "text" in reply]
    assert said == ["caf\ufffd\ufffd ok"]


def test_codes_that_are_none(client: Client, cafe: Cafe) -> None:
    for code in ("ZZZZZZ", "a%00bcde", "%FFabcde", "abcdefghijklmnop"):
        answer = client.get(f"/m/{code}/")
        assert answer.status_code == 404
    assert client.get(cafe.path.lower(), follow=True).redirect_chain == [(cafe.path, 302)]


def test_another_version_does_not_disturb_who_is_answering(person: Person, cafe: Cafe) -> None:
    begun(person, 5)
    with scope(workspace=cafe.workspace):
        cafe.ask("q5", Kind.TEXT)
        publishing.publish(survey=cafe.survey, by=None)
    person.say(1)
    person.say(9)
    assert "have arrived" in person.text
    assert Response.objects.get().version == 1
    fresh = Person(Client(), cafe.path)
    fresh.open()
    assert "of 4" in fresh.text


def test_a_script_gets_the_next_page_at_once(person: Person) -> None:
    person.open()
    answer = person.client.post(person.action, person.hidden() | {"value": "5"}, HTTP_X_ANSWER="1")
    assert answer.status_code == 200
    assert answer["X-Address"].startswith(person.action)
    assert "<html" not in answer.content.decode()
    assert "Question q3?" in answer.content.decode()


def test_the_pages_that_follow_wait_on_the_phone(person: Person, cafe: Cafe) -> None:
    begun(person, 5)
    pages = person.client.get("/".join([*person.path.split("/")[:4], "ahead", ""])).json()["pages"]
    assert [page["decides"] for page in pages] == [False, False]
    assert pages[0]["address"] == person.path
    assert pages[0]["next"] == pages[1]["address"]
    assert "Question q4?" in pages[1]["html"]


def test_a_section_that_is_skipped_by_a_jump(make: Callable[..., Cafe], client: Client) -> None:
    cafe = make()
    cafe.ask("q1", Kind.CHOICE, options=choices("Yes", "No"))
    cafe.ask("q2", Kind.TEXT)
    cafe.ask("q3", Kind.NPS)
    with scope(workspace=cafe.workspace):
        cafe.rows["q1"].jumps = [
            {
                "when": [[{"question": cafe.rows["q1"].pk, "is": "is", "to": [2]}]],
                "to": cafe.rows["q3"].pk,
            }
        ]
        cafe.rows["q1"].save()
    person = Person(client, cafe.open().path)
    person.open()
    person.say(2)
    assert "Question q3?" in person.text
    person.say(9)
    assert Link.objects.count() == 1
    assert Response.objects.get().is_complete
