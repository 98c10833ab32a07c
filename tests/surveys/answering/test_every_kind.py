"""Each kind of question: shown, answered, refused in words, shown again as it was answered."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from surveys.models import Answer, Filling, Kind, Status
from tests.surveys.answering.cafe import Cafe, Person, choices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]
Make = Callable[..., Cafe]


def stored(cafe: Cafe) -> dict[str, Any]:
    keys = {row.pk: key for key, row in cafe.rows.items()}
    return {keys[a.question_id]: (a.status, a.score, a.raw) for a in Answer.objects.all()}


def test_a_matrix_asks_only_for_what_was_used(make: Make, client: Client) -> None:
    cafe = make()
    cafe.matrix("q1", "Counter", "Wi-Fi", "Toilet")
    person = Person(client, cafe.open().path)
    person.open()
    assert "Counter" in person.text
    one, two, _three = (cafe.rows[f"q1.{code}"].pk for code in (1, 2, 3))
    person.say(**{f"used-{one}": "1", f"used-{two}": "0"})
    assert "How was: Counter?" in html.unescape(person.text)
    person.say(5)
    assert stored(cafe) == {
        "q1.1": (Status.SCORED, 5, "5"),
        "q1.2": (Status.NEVER_USED, None, "never"),
    }


def test_several_with_something_else(make: Make, client: Client) -> None:
    cafe = make()
    cafe.ask("q1", Kind.SEVERAL, options=choices("Cake", "Soup"), has_other=True)
    person = Person(client, cafe.open().path)
    person.open()
    person.say([1], other="Ice")
    assert stored(cafe) == {
        "q1.1": (Status.SCORED, 1, "1"),
        "q1.2": (Status.SCORED, 0, "0"),
        "q1.0": (Status.SCORED, 1, "Ice"),
    }


def test_a_ranking_by_numbers(make: Make, client: Client) -> None:
    cafe = make()
    cafe.ask("q1", Kind.RANKING, options=choices("Price", "Taste", "Speed"))
    person = Person(client, cafe.open().path)
    person.open()
    answer = person.say(**{"rank-1": "1", "rank-2": "1", "rank-3": "2"})
    assert answer.status_code == 422
    assert "Two answers have the same place." in person.text
    for wrong in ("9" * 5000, "--1", "²"):
        assert person.say(**{"rank-1": wrong, "rank-2": "1", "rank-3": "2"}).status_code == 422
    person.say(**{"rank-1": "3", "rank-2": "1", "rank-3": "2"})
    assert {key: score for key, (_s, score, _raw) in stored(cafe).items()} == {
        "q1.1": 3,
        "q1.2": 1,
        "q1.3": 2,
    }


def test_a_consent_with_an_address(make: Make, client: Client) -> None:
    cafe = make(is_anonymous=False)
    cafe.ask("q1", Kind.CONSENT, asks_contact=True)
    person = Person(client, cafe.open().path)
    person.open()
    assert person.say("1", contact="nobody").status_code == 422
    assert "Please write an e-mail address" in person.text
    assert 'value="nobody"' in person.text
    person.say("1", contact="Anna@Example.org")
    assert stored(cafe) == {"q1": (Status.SCORED, 1, "anna@example.org")}


@pytest.mark.parametrize(
    ("kind", "fields", "value"),
    [
        (Kind.NPS, {}, "10"),
        (Kind.CES, {"scale_min": 1, "scale_max": 7}, "7"),
        (Kind.CSAT, {}, "5"),
        (Kind.RATING, {"scale_min": 1, "scale_max": 9}, "9"),
        (Kind.FACES, {"is_reversed": True}, "1"),
    ],
)
def test_a_scale(make: Make, client: Client, kind: Kind, fields: Any, value: str) -> None:
    cafe = make()
    cafe.ask("q1", kind, **fields)
    cafe.ask("q2", Kind.TEXT)
    person = Person(client, cafe.open().path)
    person.open()
    for wrong in ("99", "-1", "--1", "4.5", "x", "４", "9" * 5000):
        assert person.say(wrong).status_code == 422
        assert "Please choose one of the answers shown." in person.text
    assert not Filling.objects.exists()
    person.say(value)
    person.open(person.path.replace(str(cafe.rows["q2"].pk), str(cafe.rows["q1"].pk)))
    assert f'value="{value}" checked' in person.text


@pytest.mark.parametrize("silent", ["skipped", "unknown", "never"])
def test_saying_nothing(make: Make, client: Client, silent: str) -> None:
    cafe = make()
    cafe.ask("q1", Kind.FACES, offers_unknown=True, offers_never_used=True)
    person = Person(client, cafe.open().path)
    person.open()
    assert "I never used this" in person.text
    person.say(silent=silent)
    status = Status.NEVER_USED if silent == "never" else Status.NO_ANSWER
    assert stored(cafe) == {"q1": (status, None, "" if silent == "skipped" else silent)}


def test_a_required_question(make: Make, client: Client) -> None:
    cafe = make()
    cafe.ask("q1", Kind.FACES, is_required=True)
    person = Person(client, cafe.open().path)
    person.open()
    assert "Skip" not in person.text
    assert person.say().status_code == 422
    assert "Please answer this question." in person.text
    assert person.say(silent="skipped").status_code == 422
    assert not Filling.objects.exists()


def test_what_was_typed_is_cleaned_or_refused(make: Make, client: Client) -> None:
    cafe = make()
    cafe.ask("q1", Kind.TEXT)
    person = Person(client, cafe.open().path)
    person.open()
    assert person.say("x" * 5000).status_code == 422
    assert "1000 letters too long" in person.text
    person.say("one\x00two\x1b\r\n🙂 <b>&")
    assert stored(cafe) == {"q1": (Status.SCORED, None, "onetwo\n🙂 <b>&")}
