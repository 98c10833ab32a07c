"""Trying a survey out: the same pages and rules, nothing stored."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from surveys import building, publishing
from surveys.models import Answer, Filling, Response, Survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(workspace: Any) -> Iterator[Survey]:
    with scope(workspace=workspace):
        survey = building.create_survey(
            workspace=workspace, name="Your visit", language="en", languages=["ar"], by=None
        )
        faces = building.add_question(survey=survey, kind="faces", is_required=True)
        rule = [[{"question": faces.pk, "is": "at_most", "to": [2]}]]
        building.add_question(
            survey=survey, kind="text", texts={"en": "You said {q1}. Why?"}, show_if=rule
        )
        yield survey


@pytest.fixture
def page(sign_in: Callable[..., Client], survey: Survey) -> Any:
    client = sign_in("viewer")
    url = reverse("surveys:preview-page", args=(survey.workspace.slug, survey.pk))

    def send(**posted: Any) -> str:
        response = client.post(url, posted) if posted else client.get(url)
        send.status = response.status_code  # type: ignore[attr-defined]
        return response.content.decode()

    return send


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'name="(state|question)" value="([^"]*)"', html))


def test_the_whole_way_stores_nothing(page: Any, survey: Survey) -> None:
    html = page()
    assert "How was it?" in html
    html = page(**hidden(html), value="1")
    assert "You said very bad. Why?" in html
    assert "How was it?" in page(**hidden(html), back="1")
    html = page(**hidden(html), value="Too loud")
    assert "Nothing was stored" in html
    for model in (Filling, Response, Answer):
        assert not model.objects.filter(workspace=survey.workspace).exists()


def test_a_rule_that_does_not_hold_ends_early(page: Any) -> None:
    assert "Nothing was stored" in page(**hidden(page()), value="5")


@pytest.mark.parametrize("value", ["", "7", "x", "9" * 400])
def test_what_is_no_answer_is_said(page: Any, value: str) -> None:
    page(**hidden(page()), value=value)
    assert page.status == 422


def test_a_forged_state_begins_anew(page: Any) -> None:
    html = page()
    said = hidden(html) | {"state": "eyJ4IjogMX0:1:abc", "value": "1"}
    assert "Why?" in page(**said)
    assert page(state="", question="999", value="1")
    assert page.status == 200


def test_an_option_is_no_page(page: Any, survey: Survey) -> None:
    several = building.add_question(survey=survey, kind="several")
    for part in several.parts.all():
        assert page(state="", question=str(part.pk), value="1")
        assert page.status == 200


def test_it_may_stand_in_a_frame_of_its_own_pages_only(
    sign_in: Callable[..., Client], survey: Survey
) -> None:
    client = sign_in("viewer")
    args = (survey.workspace.slug, survey.pk)
    inner = client.get(reverse("surveys:preview-page", args=args))
    assert inner["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in inner["Content-Security-Policy"]
    outer = client.get(reverse("surveys:preview", args=args) + "?size=desktop&language=ar")
    assert "frame desktop" in outer.content.decode()
    right_to_left = client.get(reverse("surveys:preview-page", args=args) + "?lang=ar")
    assert '<html lang="ar" dir="rtl">' in right_to_left.content.decode()


def test_a_version_can_be_tried_as_well(sign_in: Callable[..., Client], survey: Survey) -> None:
    survey.refresh_from_db()
    publishing.publish(survey=survey, by=None)
    building.change_question(question=building.asked(survey)[0], texts={"en": "Was it good?"})
    url = reverse("surveys:preview-page", args=(survey.workspace.slug, survey.pk))
    client = sign_in("viewer")
    assert "Was it good?" in client.get(url).content.decode()
    assert "How was it?" in client.get(url + "?version=1").content.decode()
    assert client.get(url + "?version=9").status_code == 404
