"""Beginning a survey: from a ready-made questionnaire, from nothing, as a copy."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from surveys.building import create_survey
from surveys.building.ready import READY
from surveys.models import Question, Survey
from tests.factories import SurveyFactory

PATH = reverse("surveys:survey-create", kwargs={"workspace": "firm"})


def begin(client: Client, **values: str) -> Any:
    return client.post(PATH, {"language": "de", "also": "", "who": "", "name": "", **values})


def test_the_page_shows_every_question_of_every_card(sign_in: Callable[..., Client]) -> None:
    page = sign_in("marketer").get(PATH, {"language": "de"}).content.decode()
    for one in READY:
        assert one.name["de"] in page
        for asked in one.questions:
            assert asked.texts["de"] in page
    assert "Copy of a survey" not in page


@pytest.mark.parametrize("ready", READY, ids=lambda ready: ready.key)
def test_a_ready_one_becomes_a_draft(
    sign_in: Callable[..., Client], workspace: Any, ready: Any
) -> None:
    response = begin(sign_in("marketer"), start=f"ready-{ready.key}", also="en")
    with scope(workspace=workspace):
        made = Survey.objects.get()
        assert made.name == ready.name["de"]
        assert made.all_languages == ["de", "en"]
        assert made.state == Survey.State.DRAFT
        assert made.is_anonymous == ready.is_anonymous
        assert Question.objects.filter(survey=made).exists()
    assert response.url == f"/w/firm/surveys/{made.pk}/questions/"


def test_a_blank_one_needs_a_name(sign_in: Callable[..., Client], workspace: Any) -> None:
    client = sign_in("marketer")
    refused = begin(client, start="blank")
    assert refused.status_code == 422
    assert "Give the survey a name." in refused.content.decode()
    begin(client, start="blank", name="Visit", language="ar", who="personal")
    with scope(workspace=workspace):
        made = Survey.objects.get()
        assert (made.name, made.language, made.is_anonymous) == ("Visit", "ar", False)


def test_a_name_that_is_taken_is_told(sign_in: Callable[..., Client], workspace: Any) -> None:
    with scope(workspace=workspace):
        SurveyFactory(workspace=workspace, name="Visit")
    refused = begin(sign_in("marketer"), start="blank", name="Visit")
    assert refused.status_code == 422
    assert "There is a survey of this name already." in refused.content.decode()


def test_an_own_survey_is_copied_and_a_foreign_one_is_not(
    sign_in: Callable[..., Client], workspace: Any, other_workspace: Any
) -> None:
    with scope(workspace=other_workspace):
        foreign = create_survey(workspace=other_workspace, name="Theirs", language="de", by=None)
    with scope(workspace=workspace):
        own = create_survey(workspace=workspace, name="Ours", language="de", by=None)
    client = sign_in("marketer")
    assert begin(client, start="copy").status_code == 422
    assert begin(client, start="copy", copy_of=str(foreign.pk)).status_code == 422
    assert begin(client, start="copy", copy_of=str(own.pk)).status_code == 302
    with scope(workspace=workspace):
        assert Survey.objects.count() == 2


def test_what_is_not_offered_is_refused(sign_in: Callable[..., Client], workspace: Any) -> None:
    client = sign_in("marketer")
    for values in ({"start": "ready-gone"}, {"start": "blank", "name": "X", "language": "xx"}):
        assert begin(client, **values).status_code == 422
    with scope(workspace=workspace):
        assert not Survey.objects.exists()
