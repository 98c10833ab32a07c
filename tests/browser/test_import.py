"""Bringing a file in, as a person does it: choose, decide, check, store, keep the mapping."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_scopes import scope, scopes_disabled
from playwright.sync_api import expect

from surveys import tasks
from surveys.models import Import, Response, SavedMapping, Survey

pytestmark = pytest.mark.browser

START = "/w/cafe-am-markt/surveys/import/"
LINES = "id,day,q1,nps,zip\n" + "".join(
    f"{number},{number % 28 + 1},{number % 5 + 1},{number % 12},94{number}\n"
    for number in range(1, 41)
)


@pytest.fixture
def guests(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    path = tmp_path / "guests.csv"
    path.write_text(LINES)
    return path


def faultless(page: Any) -> None:
    found = Axe().run(page).response["violations"]
    assert not [f"{item['id']}: {item['nodes'][0]['html']}" for item in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_a_person_brings_a_file_in(visit: Callable[..., Any], sample: Any, guests: Path) -> None:
    page = visit("analyst").open(START)
    faultless(page)
    page.set_input_files("[name=file]", guests)
    page.click("main button.primary")
    page.wait_for_url("**/columns/")
    faultless(page)
    check = page.locator("button[name=check]")
    assert check.is_disabled() or page.locator("tr.err").count()
    with page.expect_response("**row=c1"):
        page.fill("#c1-month", "2026-03")
        page.press("#c1-month", "Tab")
    page.wait_for_selector("#c1.ok")
    page.click("#c3-more summary")
    with page.expect_response("**row=c3"):
        page.fill("#c3-none", "11")
        page.press("#c3-none", "Tab")
    page.wait_for_selector("text=11 = no answer (3)")
    expect(page.locator("#c3-more")).to_have_attribute("open", "")
    with page.expect_response("**row=survey"):
        page.fill("#s-name", "Spring guests")
        page.press("#s-name", "Tab")
    check.click()
    page.wait_for_url("**/check/")
    assert "Every cell can be read" in page.inner_text("main")
    faultless(page)
    page.click("aside button.primary")
    page.wait_for_selector("text=Waiting to begin")
    with scopes_disabled():
        tasks.import_file(import_id=Import.objects.latest("id").pk)
    page.wait_for_selector("text=80 answers are stored")
    faultless(page)
    page.click("text=Save the mapping")
    page.wait_for_selector("text=is saved")
    with scope(workspace=sample):
        survey = Survey.objects.get(name="Spring guests")
        assert Response.objects.filter(survey_id=survey.pk).count() == 40
        assert SavedMapping.objects.filter(name="Spring guests").exists()
    page.click("text=See the survey")
    page.wait_for_selector("text=40 responses")
    faultless(page)


@pytest.mark.parametrize(("language", "dark"), [("de", False), ("en", True)])
def test_the_steps_fit_a_phone(
    visit: Callable[..., Any], guests: Path, language: str, dark: bool
) -> None:
    page = visit("analyst", language=language, dark=dark, phone=True).open(START)
    faultless(page)
    page.set_input_files("[name=file]", guests)
    page.click("main button.primary")
    page.wait_for_url("**/columns/")
    faultless(page)
    page.fill("#c1-month", "2026-03")
    page.press("#c1-month", "Tab")
    page.wait_for_selector("#c1.ok")
    page.click("button[name=check]")
    page.wait_for_url("**/check/")
    faultless(page)


def test_it_works_without_script(visit: Callable[..., Any], guests: Path) -> None:
    page = visit("analyst", javascript=False).open(START)
    page.set_input_files("[name=file]", guests)
    page.click("main button.primary")
    page.wait_for_url("**/columns/")
    page.fill("#c1-month", "2026-03")
    page.click("[data-apply]")
    page.wait_for_selector("#c1.ok")
    page.click("button[name=check]")
    page.wait_for_url("**/check/")
    page.click("aside button.primary")
    page.wait_for_selector("text=Look again")
