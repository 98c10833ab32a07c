"""Building a questionnaire in the browser: by mouse, by keys, without script, and two at once."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_scopes import scope
from playwright.sync_api import Page, expect

from surveys import building
from surveys.models import Question, Survey
from touchpoints.models import Touchpoint

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft(sample: Any) -> Iterator[Survey]:
    with scope(workspace=sample):
        survey = building.create_survey(
            workspace=sample, name="Terrasse", language="de", languages=["en", "ar"], by=None
        )
        place = Touchpoint.objects.order_by("pk")[0]
        building.add_question(survey=survey, kind="faces", touchpoint=place)
        building.add_question(survey=survey, kind="text")
        building.add_question(survey=survey, kind="choice")
        yield survey


def path(survey: Survey, rest: str = "questions/") -> str:
    return f"/w/{survey.workspace.slug}/surveys/{survey.pk}/{rest}"


def texts(page: Page) -> list[str]:
    return page.locator("#rows .tx > a").all_inner_texts()


def fault(page: Page) -> str:
    """What axe has to say, in words; empty if nothing."""
    found = Axe().run(page)
    return found.generate_report() if found.violations_count else ""


def test_from_nothing_to_an_open_survey(visit: Callable[..., Any], sample: Any) -> None:
    with scope(workspace=sample):
        survey = building.create_survey(workspace=sample, name="Neu", language="de", by=None)
    page = visit("marketer").open(path(survey))
    page.get_by_role("button", name="Five faces").click()
    page.wait_for_url(re.compile(r"\?q=\d+"))
    text = page.locator("#text-de")
    text.fill("Wie war die Terrasse?")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    expect(page.locator("#rows")).to_contain_text("Wie war die Terrasse?")
    expect(page.locator("#phone")).to_contain_text("Wie war die Terrasse?")
    expect(text).to_be_focused()

    page.locator("#add-question").click()
    page.get_by_role("button", name="Text", exact=True).click()
    expect(page.locator("#rows > li")).to_have_count(2)
    expect(page.locator("#text-de")).to_be_focused()
    page.keyboard.type("Was hat gestört?")
    page.get_by_role("button", name="Show only if").click()
    expect(page.locator("#rule-words")).to_contain_text("people see it if 1 is at most 2")
    page.locator("[name=if-0-0-is]").select_option("is")
    page.locator("summary[data-chosen]").click()
    page.get_by_role("checkbox", name="5 sehr gut").check()
    expect(page.locator("summary[data-chosen]")).to_contain_text("5 sehr gut")
    expect(page.locator("#rows")).to_contain_text("5 sehr gut")
    expect(page.locator("#rows")).to_contain_text("Was hat gestört?")

    page.get_by_role("link", name="Open survey").click()
    page.get_by_role("button", name="Open the survey").click()
    expect(page.locator("#saved")).to_contain_text("Open, version 1")
    page.locator("#text-de").fill("Und, wie war die Terrasse?")
    expect(page.locator("#changes")).to_contain_text("Changed since version 1")


def test_order_by_keys_and_by_dragging(visit: Callable[..., Any], draft: Survey) -> None:
    page = visit("marketer").open(path(draft))
    before = texts(page)
    grip = page.locator(".grip").first
    grip.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#said")).to_contain_text("place 2")
    assert texts(page) == [before[1], before[0], before[2]]
    expect(page.locator(".grip").nth(1)).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#said")).to_contain_text("at the end")
    page.locator(".grip").nth(2).drag_to(
        page.locator("#rows > li").nth(0), target_position={"x": 40, "y": 4}
    )
    expect(page.locator("#said")).to_contain_text("place 1")
    assert texts(page) == before
    page.reload()
    assert texts(page) == before


def test_choosing_another_question_loses_nothing_typed(
    visit: Callable[..., Any], draft: Survey
) -> None:
    page = visit("marketer").open(path(draft))
    page.locator("#text-en").fill("How was the terrace?")
    page.locator("#rows .tx > a").nth(1).click()
    expect(page.locator("#text-de")).to_have_value("Was sollten wir wissen?")
    page.locator("#rows .tx > a").nth(0).click()
    expect(page.locator("#text-en")).to_have_value("How was the terrace?")
    page.go_back()
    expect(page.locator("#text-de")).to_have_value("Was sollten wir wissen?")


def test_two_editors_of_one_question(visit: Callable[..., Any], draft: Survey) -> None:
    late = visit("admin")
    one, two = visit("marketer").open(path(draft)), late.open(path(draft))
    one.locator("#text-de").fill("Ihre Fassung")
    expect(one.locator("#saved")).to_contain_text("Draft saved")
    two.locator("#text-de").fill("Meine Fassung")
    alert = two.locator("#editor-error")
    expect(alert).to_contain_text("Ihre Fassung")
    expect(alert).to_contain_text("Meine Fassung")
    expect(two.locator("#text-de")).to_have_value("Meine Fassung")
    two.get_by_role("button", name="Save mine").click()
    expect(two.locator("#editor-error")).to_be_empty()
    with scope(workspace=draft.workspace):
        assert building.asked(draft)[0].text == "Meine Fassung"
    # The browser notes that the server refused; here that was the point.
    late.complaints = [text for text in late.complaints if "422" not in text]


def test_without_script(visit: Callable[..., Any], draft: Survey) -> None:
    page = visit("marketer", javascript=False).open(path(draft))
    page.locator("#text-de").fill("Ohne Skript?")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#rows")).to_contain_text("Ohne Skript?")
    page.get_by_role("button", name="Move down").click()
    assert texts(page)[1] == "Ohne Skript?"


def test_right_to_left_and_enter_harm_nothing(visit: Callable[..., Any], draft: Survey) -> None:
    page = visit("marketer").open(path(draft))
    arabic = page.locator("#text-ar")
    assert arabic.evaluate("field => getComputedStyle(field).direction") == "rtl"
    arabic.fill("كيف كانت الشرفة؟")
    page.get_by_role("link", name="العربيّة", exact=True).click()
    expect(page.locator(".phone")).to_have_attribute("dir", "rtl")
    expect(page.locator(".phone")).to_contain_text("كيف كانت الشرفة؟")
    page.locator("#kind").select_option("rating")
    page.locator("#scale_max").fill("7")
    page.keyboard.press("Enter")
    expect(page.locator("#scale_max")).to_have_value("7")
    expect(page.locator(".labels tbody tr")).to_have_count(7)
    with scope(workspace=draft.workspace):
        assert Question.objects.filter(survey=draft, parent=None).count() == 3


def test_the_preview_walks_through(visit: Callable[..., Any], draft: Survey) -> None:
    page = visit("viewer").open(path(draft, "preview/?lang=de"))
    frame = page.frame_locator("iframe")
    frame.get_by_role("radio", name="sehr gut").check()
    frame.get_by_role("button", name=re.compile("Next|Weiter")).last.click()
    expect(frame.locator("h1")).to_contain_text("Was sollten wir wissen?")
    frame.get_by_role("button", name=re.compile("Back|Zurück")).click()
    expect(frame.locator("h1")).to_contain_text("Wie war es?")


@pytest.mark.parametrize(
    ("dark", "phone"), [(False, False), (True, True)], ids=["light-desktop", "dark-phone"]
)
def test_axe_finds_nothing(
    visit: Callable[..., Any], draft: Survey, dark: bool, phone: bool
) -> None:
    with scope(workspace=draft.workspace):
        first, second, _third = building.asked(draft)
        rule = [[{"question": first.pk, "is": "is", "to": [1, 2]}]]
        building.change_question(question=second, show_if=rule)
        matrix = building.add_question(survey=draft, kind="matrix")
        building.set_parts(question=matrix, touchpoints=list(Touchpoint.objects.all()[:3]))
    person = visit("marketer", dark=dark, phone=phone)
    for chosen in (first.pk, second.pk, matrix.pk, "settings", "opening"):
        page = person.open(path(draft) + f"?q={chosen}")
        page.wait_for_load_state("networkidle")
        assert not fault(page), chosen
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), chosen
    assert not fault(person.open(path(draft, "preview/")))
    with scope(workspace=draft.workspace):
        from surveys.publishing import publish

        draft.refresh_from_db()
        publish(survey=draft, by=None)
    assert not fault(person.open(path(draft, "versions/1/")))
