"""Results while people answer: figures come by themselves, and nothing that was open closes."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django_scopes import scope
from playwright.sync_api import expect

from surveys.models import Answer, Survey, Tag
from tests.factories import QuestionFactory, SurveyFactory, answer

pytestmark = pytest.mark.browser
SLUG = "cafe-am-markt"


@pytest.fixture
def survey(sample: Any) -> Survey:
    """Open, with a scale and ten comments."""
    with scope(workspace=sample):
        made: Survey = SurveyFactory(workspace=sample, name="Open one", state="open", source="qr")
        wait = QuestionFactory(workspace=sample, survey=made, key="wait", text="Wie war das?")
        words = QuestionFactory(
            workspace=sample, survey=made, kind="text", scale_min=None, scale_max=None,
            text="Und sonst?", position=1,
        )  # fmt: skip
        answer(wait, *[4, 2, 3] * 4, day=dt.date(2026, 6, 1))
        for number in range(10):
            (response,) = answer(words, 0, day=dt.date(2026, 6, 2))
            said = Answer.objects.filter(response_id=response.id)
            said.update(raw=f"Lange gewartet, Nummer {number}", score=None)
        Tag.objects.create(workspace=sample, name="waiting", words=["wart", "gewart"])
        Tag.objects.create(workspace=sample, name="noise")
    return made


def results(survey: Survey) -> str:
    return reverse("surveys:results", kwargs={"workspace": SLUG, "survey": survey.pk})


def test_figures_come_by_themselves(visit: Callable[..., Any], sample: Any, survey: Survey) -> None:
    page = visit("analyst").open(results(survey))
    expect(page.locator("#results")).to_contain_text("22 responses")
    page.locator("#method summary").click()
    page.locator(".qs a.voice").focus()
    with scope(workspace=sample):
        answer(survey.questions.get(key="wait"), 5, 5, 5, day=dt.date(2026, 6, 3))
    expect(page.locator("#live-said")).to_contain_text("3 new responses")
    expect(page.locator("#results")).to_contain_text("25 responses")
    expect(page.locator("#method")).to_have_attribute("open", "")
    expect(page.locator(".qs a.voice")).to_be_focused()


def test_a_comment_is_tagged_by_hand(visit: Callable[..., Any], survey: Survey) -> None:
    page = visit("marketer").open(results(survey))
    first = page.locator("#comments .cl li").first
    expect(first.locator(".tag")).to_contain_text(["waiting"])
    first.locator("summary").click()
    first.get_by_role("button", name="noise").click()
    # The menu holds the word too: only the tag says that the page is drawn anew.
    expect(first.locator(".tag")).to_have_count(2)
    first.get_by_role("button", name="waiting does not fit").click()
    expect(first.locator(".tag")).to_have_count(1)
    page.get_by_role("link", name="waiting").click()
    expect(page.locator("#comments .cnt")).to_contain_text("9 tagged waiting")
    page.get_by_label("Search comments").fill("Nummer 3")
    expect(page.locator("#comments .cl li")).to_have_count(1)


@pytest.mark.parametrize(("language", "dark", "phone"), [("en", False, False), ("de", True, True)])
def test_no_rule_of_accessibility_is_broken(
    visit: Callable[..., Any], survey: Survey, language: str, dark: bool, phone: bool
) -> None:
    person = visit("marketer", language=language, dark=dark, phone=phone)
    tags = reverse("surveys:tags", kwargs={"workspace": SLUG})
    comments = reverse("surveys:comments", kwargs={"workspace": SLUG, "survey": survey.pk})
    for path in (results(survey), comments, tags):
        page = person.open(path)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
