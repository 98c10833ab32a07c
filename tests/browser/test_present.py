"""The presentation in a real browser: keys, swiping, no script, no barrier."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATH = "/w/cafe-am-markt/journeys/ein-besuch-im-cafe/present/"
Visit = Callable[..., Any]


def place(page: Page) -> str:
    return page.locator(".present nav .now").inner_text()


def test_keys_lead_through_the_phases(visit: Visit) -> None:
    page: Page = visit("viewer").open(PATH)
    names = page.locator(".present nav a").all_inner_texts()
    assert len(names) == 5
    assert place(page) == names[0]
    page.keyboard.press("ArrowRight")
    expect(page.locator(".present nav .now")).to_have_text(names[1])
    # The page was exchanged, so the full screen would have stayed; the headline has the focus.
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert "phase=2" in page.url
    page.keyboard.press("End")
    expect(page.locator(".present nav .now")).to_have_text(names[-1])
    page.keyboard.press("ArrowRight")
    expect(page.locator(".present nav .now")).to_have_text(names[-1])
    page.keyboard.press("Home")
    expect(page.locator(".present nav .now")).to_have_text(names[0])
    page.go_back()
    expect(page.locator(".present nav .now")).to_have_text(names[-1])
    page.keyboard.press("Escape")
    page.wait_for_url("**/ein-besuch-im-cafe/")


def test_b_blanks_the_screen_and_escape_brings_it_back(visit: Visit) -> None:
    page: Page = visit("viewer").open(PATH)
    page.keyboard.press("b")
    expect(page.locator(".blank")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Press B to go on")
    page.keyboard.press("Escape")
    expect(page.locator(".blank")).to_have_count(0)
    assert "/present/" in page.url


def test_a_swipe_turns_the_page(visit: Visit) -> None:
    page: Page = visit("viewer", phone=True).open(PATH)
    first = place(page)
    page.evaluate("""() => {
      const at = document.querySelector(".present h1");
      const touch = (x) => new Touch({ identifier: 1, target: at, clientX: x, clientY: 100 });
      const event = (type, x, touches) => at.dispatchEvent(new TouchEvent(type,
        { touches, changedTouches: [touch(x)], bubbles: true }));
      event("touchstart", 300, [touch(300)]);
      event("touchend", 100, []);
    }""")
    expect(page.locator(".present nav .now")).not_to_have_text(first)


def test_plain_links_without_javascript(visit: Visit) -> None:
    page: Page = visit("viewer", javascript=False).open(PATH)
    page.locator(".present nav a").nth(2).click()
    page.wait_for_url("**phase=3")
    assert page.locator(".present nav .now").count() == 1


def test_sizes_can_be_read_across_a_room(visit: Visit) -> None:
    page: Page = visit("analyst").open(f"{PATH}?phase=3")
    sizes = page.evaluate("""() => [...document.querySelectorAll(".present *")]
      .filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3
        && n.textContent.trim()) && !e.closest(".vh"))
      .map((e) => parseFloat(getComputedStyle(e).fontSize))""")
    assert min(sizes) >= 15
    style = page.locator(".present h1").evaluate(
        "(e) => [getComputedStyle(e).fontSize, getComputedStyle(e).lineHeight]"
    )
    assert style == ["46px", "54px"]
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("phone", [False, True])
def test_no_barriers(visit: Visit, dark: bool, phone: bool) -> None:
    page: Page = visit("analyst", dark=dark, phone=phone).open(f"{PATH}?phase=3")
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]][:2]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
