"""The heatmap at the keyboard, in both themes."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PATH = "/w/cafe-am-markt/journeys/heatmap/"
CELL = "#heat-table td.c"


@pytest.mark.parametrize("dark", [False, True])
def test_arrow_keys_move_and_the_popover_says_what_a_cell_is(
    visit: Callable[..., Any], dark: bool
) -> None:
    page = visit("analyst", dark=dark).open(PATH)
    first = page.locator(CELL).first
    first.focus()
    tip = page.locator("#heat-tip")
    expect(tip).to_contain_text("95% interval")
    expect(tip).to_contain_text("n = ")
    page.keyboard.press("ArrowRight")
    focused = page.locator(f"{CELL}:focus")
    expect(focused).to_have_attribute("tabindex", "0")
    assert page.locator(f'{CELL}[tabindex="0"]').count() == 1
    spoken = focused.get_attribute("aria-label")
    assert "proven" in spoken
    expect(tip.locator("strong")).to_have_text(spoken.partition(":")[0])
    page.keyboard.press("ArrowDown")
    expect(focused).not_to_have_attribute("aria-label", spoken)
    page.keyboard.press("Control+End")
    page.keyboard.press("Control+Home")
    expect(first).to_be_focused()
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(first).to_be_focused()


def test_the_picture_is_fetched_when_it_is_wanted(visit: Callable[..., Any]) -> None:
    page = visit("analyst").open(PATH)
    assert page.locator("#heat .plot").count() == 0
    page.get_by_text("As a picture").click()
    page.wait_for_selector("#heat .plot .heatmaplayer")
    with page.expect_download() as download:
        page.locator('[data-chart-export="svg"]').click()
    assert download.value.suggested_filename == "heatmap.svg"


def test_without_script_the_cells_still_say_how_many_answered(visit: Callable[..., Any]) -> None:
    page = visit("viewer", javascript=False).open(PATH)
    page.get_by_role("link", name="Show n in the cells").click()
    assert page.locator(f"{CELL} small").first.inner_text().strip().isdigit()


def test_on_a_phone_the_table_scrolls_in_its_own_room(visit: Callable[..., Any]) -> None:
    page = visit("viewer", phone=True).open(PATH)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(CELL).first.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    cell = page.locator(f"{CELL}:focus").bounding_box()
    head = page.locator("#heat-table tbody th.tp").first.bounding_box()
    assert head["x"] >= 0
    assert cell["x"] >= head["x"] + head["width"]
