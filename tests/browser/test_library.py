"""The library of maps in a browser: begin, list, compare, check; also without a mouse or script."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_scopes import scope

from journeys import beginnings
from journeys.models import Journey

pytestmark = pytest.mark.browser

MAPS = "/w/cafe-am-markt/journeys/"
VISIT = MAPS + "ein-besuch-im-cafe/"


@pytest.fixture
def future(sample: Any) -> Journey:
    with scope(workspace=sample):
        today = Journey.objects.get(slug="ein-besuch-im-cafe")
        return beginnings.future(journey=today, actor=None)


@pytest.mark.parametrize(("language", "dark", "phone"), [("en", False, False), ("de", True, True)])
def test_no_page_of_the_library_breaks_a_rule_of_accessibility(
    visit: Callable[..., Any], future: Journey, language: str, dark: bool, phone: bool
) -> None:
    person = visit("marketer", language=language, dark=dark, phone=phone)
    broken: list[str] = []
    for path in (
        MAPS, MAPS + "new/", MAPS + "overview/", VISIT + "difference/", VISIT + "check/",
        VISIT + "title/", VISIT + "removal/",
    ):  # fmt: skip
        page = person.open(path)
        if page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]:
            broken.append(f"{path} is too wide")
        found = Axe().run(page).response["violations"]
        broken += [f"{path}: {one['id']} {one['nodes'][0]['html']}" for one in found]
    assert not broken


def test_a_map_begins_from_a_template_with_keys_alone(
    visit: Callable[..., Any], sample: Any
) -> None:
    page = visit("marketer").open(MAPS + "new/")
    page.locator("[value=blank-loyalty]").focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    assert page.locator("[name=start]:checked").get_attribute("value") == "template-retail"
    assert page.locator("[name=title]").get_attribute("placeholder") == "Shopping across channels"
    page.keyboard.press("Enter")
    page.wait_for_url("**/journeys/shopping-across-channels/")
    assert page.locator(".step-head").count() == 10


def test_it_works_without_script(visit: Callable[..., Any], sample: Any) -> None:
    page = visit("marketer", javascript=False).open(MAPS + "new/?language=de")
    page.check("[value=template-bank]")
    page.click(".create-foot button")
    assert page.url.endswith("/journeys/ein-konto-bei-der-bank/")


def test_choosing_a_map_chooses_its_way(visit: Callable[..., Any], sample: Any) -> None:
    page = visit("marketer").open(MAPS + "new/")
    page.select_option("[name=future_of]", "ein-besuch-im-cafe")
    assert page.is_checked("[value=future]")
    page.click(".create-foot button")
    page.wait_for_url("**/journeys/ein-besuch-im-cafe-future/")
    page.click("text=What changes")
    assert page.locator(".lead h2").inner_text() == "Both maps say the same."


def test_a_find_leads_to_its_cell(visit: Callable[..., Any], sample: Any) -> None:
    page = visit("marketer").open(VISIT + "check/")
    link = page.locator(".finds a[href*='focus=']:not([href*='focus=step'])").first
    place = (link.get_attribute("href") or "").rsplit("=", 1)[1]
    link.click()
    page.wait_for_selector(f"[data-cell='{place}']:focus")
    assert page.locator("#board [tabindex='0'][data-cell]").count() == 1
