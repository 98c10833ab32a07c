"""Coming back: on the same phone, by one's word, by a letter; changing and taking back."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from surveys import collecting
from surveys.answering.letters import letter_path
from surveys.models import Answer, Filling, Invitee, Kind, Mailing, Response, Survey
from surveys.tasks import fold_dirty, sweep
from tests.surveys.answering.cafe import Cafe, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]


def finished(person: Person) -> str:
    person.open()
    for score in (5, 1, 9):
        person.say(score)
    assert "have arrived" in person.text
    return person.path


def below(path: str, name: str) -> str:
    return "/".join([*path.split("/")[:4], name, ""])


def test_scanning_again_asks_whether_to_go_on(person: Person, cafe: Cafe) -> None:
    person.open()
    answer = person.say(5)
    cookie = answer.cookies[f"cxm-{cafe.link.code}"]
    assert cookie["path"] == cafe.path
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    page = person.open(cafe.path)
    assert "You began before." in person.text
    assert f'href="{answer["Location"]}"' in person.text
    assert not page.cookies
    again = person.client.get(cafe.path, HTTP_X_ANSWER="1")
    assert "You began before." in again.content.decode()
    assert again["X-Address"] == cafe.path
    person.open(cafe.path + "?new=1")
    assert "Question q1?" in person.text


def test_whoever_left_may_go_on(person: Person, cafe: Cafe) -> None:
    person.open()
    person.say(2)
    person.say("Cold")
    Filling.objects.update(touched_at=timezone.now() - dt.timedelta(hours=2))
    sweep(0)
    fold_dirty(0)
    assert not Response.objects.get().is_complete
    person.say(1)  # the page was still open
    person.say(9)
    assert "have arrived" in person.text
    assert Response.objects.get().is_complete
    assert Answer.objects.count() == 4


def test_the_word_leads_back_to_the_answers(person: Person, cafe: Cafe) -> None:
    path = finished(person)
    found = re.search(r'<b class="num"[^>]*>([a-z]+-\d{3}-[a-z]+)</b>', person.text)
    assert found
    person.open(path)
    assert found[1] in person.text  # also when the page is loaded again
    assert found[1] not in str(Filling.objects.values())
    other = Client()
    assert other.get("/m/mine/").status_code == 200
    wrong = other.post("/m/mine/", {"code": cafe.link.code, "word": "mohn-111-turm"})
    assert wrong.status_code == 422
    words = found[1].upper().replace("-", " ")
    right = other.post("/m/mine/", {"code": cafe.link.code.lower(), "word": words})
    assert right.status_code == 303
    page = other.get(right["Location"])
    assert "Question q1?" in page.content.decode()
    other.post(below(right["Location"], "withdrawal"))
    assert not Response.objects.exists()
    assert not Answer.objects.exists()


def test_guessing_words_is_stopped(client: Client, cafe: Cafe) -> None:
    form = {"code": cafe.link.code, "word": "mohn-111-turm"}
    codes = [client.post("/m/mine/", form).status_code for _try in range(11)]
    assert codes == [422] * 10 + [429]


def test_changing_something(person: Person, cafe: Cafe) -> None:
    path = finished(person)
    answer = person.client.post(below(path, "change"), follow=True)
    assert "Change" in answer.content.decode()
    person.open(below(path, str(cafe.rows["q4"].pk)))
    person.say(3)
    assert "Your answers" in person.text
    assert Answer.objects.filter(score=9).exists()  # until it is finished
    person.client.post(below(path, "end"))
    assert not Answer.objects.filter(score=9).exists()
    assert Answer.objects.filter(score=3).exists()
    assert Response.objects.count() == 1


def test_taking_everything_back(person: Person) -> None:
    path = finished(person)
    for _twice in range(2):
        answer = person.client.post(below(path, "withdrawal"), follow=True)
        assert "Your answers are deleted." in answer.content.decode()
    assert not Response.objects.exists()
    assert not Answer.objects.exists()
    assert Filling.objects.get().answers == {}


@pytest.fixture
def invitee(cafe: Cafe) -> Invitee:
    with scope(workspace=cafe.workspace):
        mailing = Mailing.objects.create(
            workspace=cafe.workspace, survey=cafe.survey, link=cafe.link, name="Guests"
        )
        return Invitee.objects.create(
            workspace=cafe.workspace, mailing=mailing, email="anna@example.org", state="sent"
        )


def test_a_letter_of_an_anonymous_survey(client: Client, cafe: Cafe, invitee: Invitee) -> None:
    person = Person(client, letter_path(invitee.pk))
    for _scanner in range(3):
        assert person.open().status_code == 200
    assert not Filling.objects.exists()
    finished(person)
    invitee.refresh_from_db()
    assert invitee.state == Invitee.State.ANSWERED
    assert Filling.objects.get().invitee_id is None
    assert person.open(letter_path(invitee.pk)).status_code == 410
    assert "This letter was answered already." in person.text


def test_a_personal_letter_goes_on_where_one_was(client: Client, make: Any) -> None:
    cafe = make(is_anonymous=False)
    cafe.ask("q1", Kind.FACES)
    cafe.ask("q2", Kind.TEXT)
    cafe.open()
    with scope(workspace=cafe.workspace):
        mailing = Mailing.objects.create(
            workspace=cafe.workspace, survey=cafe.survey, link=cafe.link, name="Guests"
        )
        invitee = Invitee.objects.create(
            workspace=cafe.workspace, mailing=mailing, email="a@example.org", state="unsubscribed"
        )
    person = Person(client, letter_path(invitee.pk))
    person.open()
    assert "Firm sees that these answers are yours." in person.text
    person.say(4)
    elsewhere = Person(Client(), letter_path(invitee.pk))
    answer = elsewhere.client.get(elsewhere.path, follow=True)
    assert "Go on" in answer.content.decode()
    person.say("Fine")
    assert Response.objects.get().is_complete
    assert elsewhere.client.get(elsewhere.path).status_code == 303
    assert Response.objects.count() == 1


def test_a_letter_that_was_made_up(client: Client, invitee: Invitee) -> None:
    made_up = letter_path(invitee.pk).replace(f"/{invitee.pk}.", f"/{invitee.pk + 1}.")
    assert client.get(made_up).status_code == 404
    assert client.post(made_up).status_code == 404


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"state": Survey.State.CLOSED}, 410, "This survey is closed."),
        ({"opens_at": dt.timedelta(days=1)}, 403, "This survey is not open yet."),
        ({"closes_at": dt.timedelta(days=-1)}, 410, "This survey is closed."),
        ({"max_answers": 0}, 410, "This survey has all the answers it needs."),
    ],
)
def test_a_door_that_is_shut(
    person: Person, cafe: Cafe, fields: Any, status: int, words: str
) -> None:
    person.open()
    form = person.hidden() | {"value": "4"}
    values = {
        name: timezone.now() + value if isinstance(value, dt.timedelta) else value
        for name, value in fields.items()
    }
    Survey.objects.filter(pk=cafe.survey.pk).update(**values)
    assert person.open(cafe.path).status_code == status
    assert words in person.text
    assert person.client.post(cafe.path, form).status_code == status
    assert not Filling.objects.exists()


def test_closing_keeps_what_was_said_and_lets_people_delete(person: Person, cafe: Cafe) -> None:
    person.open()
    person.say(5)
    Survey.objects.filter(pk=cafe.survey.pk).update(
        state=Survey.State.CLOSED, texts={"closed": {"en": "See you next year."}}
    )
    assert person.client.post(person.path, {"value": "1"}).status_code == 410
    assert "See you next year." in person.client.get(person.path).content.decode()
    person.client.post(below(person.path, "withdrawal"))
    assert Filling.objects.get().state == Filling.State.WITHDRAWN


def test_a_link_that_was_switched_off(client: Client, cafe: Cafe) -> None:
    assert client.get(cafe.path).status_code == 200
    with scope(workspace=cafe.workspace):
        type(cafe.link).objects.update(is_active=False)
    assert client.get(cafe.path).status_code == 410


def test_who_was_held_back_can_still_delete(person: Person, cafe: Cafe) -> None:
    person.open()
    person.say(5, website="http://spam.example")
    person.say(1)
    person.say(9)
    assert Filling.objects.get().state == Filling.State.HELD
    assert "Change something" not in person.text
    person.client.post(below(person.path, "withdrawal"))
    assert Filling.objects.get().state == Filling.State.WITHDRAWN
    assert collecting.release(filling=Filling.objects.get()).state == Filling.State.WITHDRAWN
