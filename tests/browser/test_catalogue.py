"""Finding a touchpoint, looking at it beside the list, and going back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_filter_open_and_go_back(visit: Callable[..., Any], sample: Any) -> None:
    address = reverse("touchpoints:catalogue", kwargs={"workspace": sample.slug})
    page = visit("admin").open(address)
    rows = page.locator("#catalogue tbody tr")
    whole = rows.count()
    page.locator("#filters label", has_text="Earned").click()
    expect(page).to_have_url(re.compile(r"\?media=earned$"))
    expect(page.locator("#count-all")).to_have_text(str(whole))
    earned = int(page.locator("#count-earned").inner_text())
    assert 0 < earned < whole
    expect(rows).to_have_count(earned)
    name = rows.first.locator("th a span").inner_text()
    rows.first.locator("th a").click()
    expect(page.locator("aside#panel h2")).to_have_text(name)
    expect(page.locator("aside#panel h2")).to_be_focused()
    expect(page.locator("tr.on")).to_have_count(1)
    # The address alone shows the same: list, filter and panel.
    page.reload()
    expect(page.locator("aside#panel h2")).to_have_text(name)
    expect(rows).to_have_count(earned)
    page.keyboard.press("Escape")
    expect(page.locator("aside#panel")).to_have_count(0)
    expect(rows).to_have_count(earned)


def test_slash_goes_to_the_search(visit: Callable[..., Any], sample: Any) -> None:
    address = reverse("touchpoints:catalogue", kwargs={"workspace": sample.slug})
    page = visit("viewer").open(address)
    page.keyboard.press("/")
    page.keyboard.type("nowhere to be found")
    expect(page.locator("#catalogue h2")).to_have_text("Nothing matches.")
    expect(page.locator("#count-all")).to_have_text("0")


def test_without_javascript_the_filters_work(visit: Callable[..., Any], sample: Any) -> None:
    address = reverse("touchpoints:catalogue", kwargs={"workspace": sample.slug})
    page = visit("viewer", javascript=False).open(address)
    page.locator("#filters label", has_text="Earned").click()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#filters input[value=earned]")).to_be_checked()
    page.locator("#catalogue tbody th a").first.click()
    expect(page.locator("aside#panel h2")).to_be_visible()
