"""Beginning, settings, opening, closing, versions, copies of a survey."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from surveys import building
from surveys.models import Quota, Survey, Version
from tests.factories import SegmentFactory, WorkspaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(workspace: Any) -> Iterator[Survey]:
    with scope(workspace=workspace):
        yield building.create_survey(
            workspace=workspace, name="Your visit", language="de", languages=["en"], by=None
        )


@pytest.fixture
def editor(sign_in: Callable[..., Client]) -> Client:
    return sign_in("marketer")


def at(survey: Survey, name: str, *args: Any) -> str:
    return reverse(f"surveys:{name}", args=(survey.workspace.slug, survey.pk, *args))


def test_beginning_leads_to_the_questions(editor: Client, workspace: Any) -> None:
    url = reverse("surveys:survey-create", args=(workspace.slug,))
    page = editor.get(url).content.decode()
    assert "Blank" in page
    assert "What it asks" in page
    data = {"start": "blank", "name": "Talk", "language": "de", "also": "ar", "who": "personal"}
    response = editor.post(url, data)
    with scope(workspace=workspace):
        survey = Survey.objects.get(name="Talk")
    assert response["Location"] == at(survey, "questions")
    assert survey.all_languages == ["de", "ar"]
    assert not survey.is_anonymous
    assert editor.post(url, {"start": "blank", "language": "de"}).status_code == 422


class TestSettings:
    def test_saved_by_form(self, editor: Client, survey: Survey) -> None:
        segment = SegmentFactory(workspace=survey.workspace)
        data = {
            "name": "Ihr Besuch", "title-de": "Ihr Besuch", "intro-en": "Hello", "cap": "3",
            "max_answers": "500", "min_answers": "", "opens_at": "2026-06-01T08:00",
            "anonymity": "personal", "shows": ["quotas"], f"quota-{segment.pk}": "40",
        }  # fmt: skip
        assert editor.post(at(survey, "survey-edit"), data).status_code == 302
        survey.refresh_from_db()
        assert (survey.name, survey.cap, survey.max_answers) == ("Ihr Besuch", 3, 500)
        assert survey.texts["intro"]["en"] == "Hello"
        assert not survey.is_anonymous
        assert survey.opens_at is not None
        assert Quota.objects.get().limit == 40
        page = editor.get(at(survey, "questions") + "?q=settings").content.decode()
        assert 'value="2026-06-01T08:00"' in page

    def test_languages(self, editor: Client, survey: Survey) -> None:
        url = at(survey, "survey-edit")
        editor.post(url, {"language-new": "ar"})
        editor.post(url, {"op": "language-first-en"})
        survey.refresh_from_db()
        assert survey.all_languages == ["en", "de", "ar"]
        editor.post(url, {"op": "language-remove-de", "title-de": "Weg", "title-en": "Here"})
        survey.refresh_from_db()
        assert survey.all_languages == ["en", "ar"]

    @pytest.mark.parametrize(
        "data",
        [
            {"cap": "0"},
            {"cap": "many"},
            {"min_answers": "1"},
            {"opens_at": "soon"},
            {"opens_at": "2026-02-30T10:00"},
            {"opens_at": "2026-06-02T08:00", "closes_at": "2026-06-01T08:00"},
            {"language-new": "nothing at all"},
            {"title-fr": "Bonjour"},
            {"shows": "quotas", "quota-999999": "5"},
        ],
    )
    def test_refused_with_words(self, editor: Client, survey: Survey, data: dict[str, str]) -> None:
        response = editor.post(at(survey, "survey-edit"), data)
        assert response.status_code == 422
        assert "errs" in response.content.decode()
        htmx = editor.post(at(survey, "survey-edit"), data, headers={"HX-Request": "true"})
        assert htmx.status_code == 422
        assert 'id="editor-error"' in htmx.content.decode()


class TestOpening:
    def test_blocked_with_the_places(self, editor: Client, survey: Survey) -> None:
        response = editor.post(at(survey, "publication"))
        assert response.status_code == 422
        assert "There is no question yet." in response.content.decode()
        assert not Version.objects.exists()

    def test_open_change_open_again_close_and_reopen(self, editor: Client, survey: Survey) -> None:
        question = building.add_question(survey=survey, kind="faces")
        editor.post(at(survey, "publication"), {"note": "First"}, follow=True)
        survey.refresh_from_db()
        assert survey.state == "open"
        page = editor.get(at(survey, "questions")).content.decode()
        assert "Open, version 1" in page
        building.change_question(question=question, texts={"de": "Und, wie war es?"})
        page = editor.get(at(survey, "questions")).content.decode()
        assert "Changed since version 1" in page
        opening = editor.get(at(survey, "questions") + "?q=opening").content.decode()
        assert "Note for this version" in opening
        editor.post(at(survey, "publication"))
        survey.refresh_from_db()
        assert survey.version is not None
        assert survey.version.number == 2
        editor.post(at(survey, "closing"))
        survey.refresh_from_db()
        assert survey.state == "closed"
        page = editor.get(at(survey, "questions")).content.decode()
        assert "This survey is closed" in page
        editor.post(at(survey, "reopening"))
        survey.refresh_from_db()
        assert survey.state == "open"
        old = editor.get(at(survey, "version", 1)).content.decode()
        assert "Wie war es?" in old
        assert "Und, wie war es?" not in old
        assert editor.get(at(survey, "version", 7)).status_code == 404

    def test_get_opens_and_closes_nothing(self, editor: Client, survey: Survey) -> None:
        for name in ("publication", "closing", "reopening", "survey-copy", "survey-removal"):
            assert editor.get(at(survey, name)).status_code == 405


class TestCopyAndRemoval:
    def test_copy(self, editor: Client, survey: Survey) -> None:
        building.add_question(survey=survey, kind="several")
        editor.post(at(survey, "survey-copy"))
        copied = Survey.objects.exclude(pk=survey.pk).get()
        assert building.asked(copied).count() == 1

    def test_only_what_was_never_open_can_go(self, editor: Client, survey: Survey) -> None:
        building.add_question(survey=survey, kind="several")
        editor.post(at(survey, "publication"))
        editor.post(at(survey, "survey-removal"))
        assert Survey.objects.filter(pk=survey.pk).exists()
        fresh = building.create_survey(
            workspace=survey.workspace, name="Fresh", language="en", by=None
        )
        building.add_question(survey=fresh, kind="several")
        editor.post(at(fresh, "survey-removal"))
        assert not Survey.objects.filter(pk=fresh.pk).exists()


def test_nothing_of_another_workspace(editor: Client, survey: Survey) -> None:
    other = WorkspaceFactory()
    with scope(workspace=other):
        foreign = building.create_survey(workspace=other, name="S", language="en", by=None)
    slug = survey.workspace.slug
    for name in ("survey-edit", "publication", "closing", "survey-copy", "survey-removal"):
        assert editor.post(reverse(f"surveys:{name}", args=(slug, foreign.pk))).status_code == 404
