"""The pages of a mailing."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from surveys.models import Invitee, Link, Mailing

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(sign_in: Callable[..., Client]) -> Client:
    return sign_in("marketer")


@pytest.fixture
def draft(workspace: Any, mail_to: Callable[..., Mailing]) -> Mailing:
    with scope(workspace=workspace):
        return mail_to("a@x.example", "b@x.example", start=False)


def address(survey: Any, rest: str = "") -> str:
    return f"/w/firm/surveys/{survey.pk}/invite/letters/{rest}"


def test_looking_stores_nothing_confirming_stores_all(editor: Client, survey: Any) -> None:
    data = {"name": "Spring", "people": "Anna <a@x.example>\nbroken\na@x.example\nb@x.example"}
    response = editor.post(address(survey, "new/"), data)
    text = response.content.decode()
    assert "2 people will get a letter" in text
    assert "The same address stands in line 1" in text
    with scope(workspace=survey.workspace):
        assert not Mailing.objects.exists()
        assert not Link.objects.exists()
    data = {"name": "Spring", "people": response.context["people"], "confirm": "1"}
    assert editor.post(address(survey, "new/"), data).status_code == 302
    with scope(workspace=survey.workspace):
        made = Mailing.objects.get()
        assert made.link.source == "email"
        people = Invitee.objects.values_list("email", "name", "customer_id")
        assert set(people) == {("a@x.example", "Anna", None), ("b@x.example", "", None)}


def test_a_file(editor: Client, survey: Any) -> None:
    file = SimpleUploadedFile("list.csv", b"email;name\na@x.example;Anna\n")
    response = editor.post(address(survey, "new/"), {"name": "Spring", "file": file})
    assert "1 person will get a letter" in response.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {"name": "Spring"},
        {"name": "", "people": "a@x.example"},
        {"name": "Spring", "people": "name\nAnna"},
        {"name": "Spring", "people": "x", "file": "y"},
    ],
)
def test_refused(editor: Client, survey: Any, data: dict[str, Any]) -> None:
    if "file" in data:
        data = data | {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4")}
    assert editor.post(address(survey, "new/"), data).status_code == 422


def test_nobody_left_is_no_mailing(editor: Client, survey: Any) -> None:
    data = {"name": "Spring", "people": "broken@", "confirm": "1"}
    response = editor.post(address(survey, "new/"), data)
    assert "Nobody can be written to" in response.content.decode()
    with scope(workspace=survey.workspace):
        assert not Mailing.objects.exists()


def test_the_letter(editor: Client, survey: Any, draft: Mailing) -> None:
    url = address(survey, f"{draft.pk}/letter/")
    assert editor.get(url).status_code == 200
    data = {"reminders": "1", "remind_after": "5", "subjects-en": "Hi", "bodies-en": "No link"}
    assert editor.post(url, data).status_code == 422
    data |= {"bodies-en": "Hello {name}\r\n{link}", "bodies-de": "{lnk} {link}", "subjects-de": "x"}
    assert "no place {lnk}" in editor.post(url, data).content.decode()
    data |= {"bodies-de": "", "subjects-de": ""}
    assert editor.post(url, data).status_code == 302
    draft.refresh_from_db()
    assert draft.bodies == {"en": "Hello {name}\n{link}"}
    assert (draft.reminders, draft.remind_after) == (1, 5)


def test_a_test_letter_to_oneself(editor: Client, survey: Any, draft: Mailing) -> None:
    editor.post(address(survey, f"{draft.pk}/test/"), {"language": "de"})
    (letter,) = mail.outbox
    assert letter.subject.startswith("Test:")
    assert letter.to[0].endswith("@firm.example>")
    assert f"/m/{draft.link.code}/" in letter.body


def test_clicked_twice_begins_once(editor: Client, survey: Any, draft: Mailing) -> None:
    url = address(survey, f"{draft.pk}/sending/")
    for _again in range(2):
        assert editor.post(url, {"send_at": ""}).status_code == 302
    draft.refresh_from_db()
    assert draft.state == Mailing.State.PLANNED
    assert draft.origin == "http://testserver"
    text = editor.get(address(survey, f"{draft.pk}/")).content.decode()
    assert "Goes out on" in text


def test_planned(editor: Client, survey: Any, draft: Mailing) -> None:
    url = address(survey, f"{draft.pk}/sending/")
    assert editor.post(url, {"send_at": "tomorrow"}).status_code == 422
    assert editor.post(url, {"send_at": "2999-01-01T10:00"}).status_code == 422
    later = timezone.localtime() + dt.timedelta(days=2)
    editor.post(url, {"send_at": later.strftime("%Y-%m-%dT%H:%M")})
    draft.refresh_from_db()
    assert draft.send_at is not None
    assert draft.send_at > timezone.now()
    editor.post(address(survey, f"{draft.pk}/state/"), {"do": "stop"})
    draft.refresh_from_db()
    assert draft.state == Mailing.State.STOPPED
    editor.post(address(survey, f"{draft.pk}/state/"), {"do": "go"})
    draft.refresh_from_db()
    assert draft.state == Mailing.State.PLANNED


def test_a_draft_is_thrown_away_with_its_list(editor: Client, survey: Any, draft: Mailing) -> None:
    editor.post(address(survey, f"{draft.pk}/removal/"))
    with scope(workspace=survey.workspace):
        assert not Mailing.objects.exists()
        assert not Invitee.objects.exists()
        assert not Link.objects.exists()


def test_what_has_begun_stays(editor: Client, survey: Any, draft: Mailing) -> None:
    editor.post(address(survey, f"{draft.pk}/sending/"), {"send_at": ""})
    editor.post(address(survey, f"{draft.pk}/removal/"))
    with scope(workspace=survey.workspace):
        assert Mailing.objects.exists()


def test_addresses_are_for_those_who_may_write(
    sign_in: Callable[..., Client], survey: Any, draft: Mailing
) -> None:
    viewer = sign_in("viewer")
    text = viewer.get(address(survey, f"{draft.pk}/")).content.decode()
    assert "a@x.example" not in text
    assert "Waiting" in text
    assert viewer.post(address(survey, f"{draft.pk}/sending/")).status_code == 403


def test_the_state_alone(editor: Client, survey: Any, draft: Mailing) -> None:
    response = editor.get(address(survey, f"{draft.pk}/"), headers={"HX-Request": "true"})
    assert response.content.decode().strip().startswith('<section id="state"')


def test_a_name_with_a_line_break_reaches_no_head(editor: Client, survey: Any) -> None:
    file = io.BytesIO(b'email,name\na@x.example,"Anna\r\nBcc: evil@x.example"\nb@x.example,Ben\n')
    upload = SimpleUploadedFile("l.csv", file.read())
    response = editor.post(address(survey, "new/"), {"name": "Spring", "file": upload})
    assert "1 person will get a letter" in response.content.decode()
    assert "Bcc" not in response.context["people"]


def test_another_workspace_s_mailing_is_not_there(
    sign_in: Callable[..., Client], survey: Any, draft: Mailing, other_workspace: Any
) -> None:
    stranger = sign_in("admin", to=other_workspace)
    url = f"/w/rival/surveys/{survey.pk}/invite/letters/{draft.pk}/"
    assert stranger.get(url).status_code == 404


def test_nobody_reads_who_answered_anonymously(editor: Client, survey: Any, draft: Mailing) -> None:
    with scope(workspace=survey.workspace):
        person = Invitee.objects.filter(mailing=draft).order_by("pk")[0]
        Invitee.objects.filter(mailing=draft).update(state=Invitee.State.SENT)
        Invitee.objects.filter(pk=person.pk).update(state=Invitee.State.ANSWERED)
    for anonymous, states in ((True, ["sent", "sent"]), (False, ["answered", "sent"])):
        survey.is_anonymous = anonymous
        with scope(workspace=survey.workspace):
            survey.save()
        page = editor.get(address(survey, f"{draft.pk}/")).context
        assert [row.state for row in page["page"]] == states
        assert [value for value, _words in page["states"]] == sorted(set(states), reverse=True)
    found = editor.get(address(survey, f"{draft.pk}/?state=answered")).context
    assert [row.pk for row in found["page"]] == [person.pk]
