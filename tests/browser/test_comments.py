"""Talking about a cell, being told of it, and showing the map to a guest."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_scopes import scope
from playwright.sync_api import Page, expect

from journeys.models import Comment, Journey, ShareLink

pytestmark = pytest.mark.browser


@pytest.fixture
def map_path(sample: Any) -> str:
    with scope(workspace=sample):
        return f"/w/{sample.slug}/journeys/{Journey.objects.get().slug}/"


def rules(page: Page, part: str = "body") -> list[Any]:
    """What breaks a rule of accessibility in a part of the page."""
    return [
        (one["id"], [node["target"] for node in one["nodes"]][:3])
        for one in Axe().run(page, context=part).response["violations"]
    ]


def test_a_conversation(visit: Callable[..., Any], sample: Any, map_path: str) -> None:
    jana = visit("marketer")
    page = jana.open(map_path)
    page.wait_for_load_state("networkidle")
    cell = page.locator('[data-kind="pains"] [data-cell]').nth(3)
    cell.focus()
    page.keyboard.press("c")
    window = page.get_by_role("dialog")
    field = window.get_by_role("textbox", name="New comment")
    expect(field).to_be_focused()
    page.keyboard.type("Who owns this? @nor")
    expect(page.get_by_role("option")).to_have_text(["Nora Klein"])
    page.keyboard.press("Enter")
    expect(field).to_have_value("Who owns this? @Nora Klein ")
    page.keyboard.press("Enter")
    expect(window.locator(".said")).to_have_text("Who owns this? @Nora Klein")
    expect(window.get_by_role("textbox", name="Reply")).to_be_focused()
    expect(cell.locator(".pin")).to_have_text("1")
    expect(page.locator("[data-comments-total]")).to_have_text("1")
    assert rules(page, ".talk-pop") == []
    page.keyboard.type("half a tho")
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    expect(cell).to_be_focused()

    nora = visit("viewer", phone=True)
    other = nora.open(f"/w/{sample.slug}/")
    expect(other.locator("[data-bell] .count")).to_have_text("1")
    other.locator(".bell").click()
    assert rules(other) == []
    other.get_by_role("link", name="Open").click()
    thread = other.get_by_role("dialog")
    expect(thread.locator(".said")).to_contain_text("Who owns this?")
    thread.get_by_role("textbox", name="Reply").fill("I do.")
    thread.get_by_role("button", name="Reply").click()
    expect(thread.locator(".said")).to_have_text(["Who owns this? @Nora Klein", "I do."])
    expect(other.locator("[data-bell] .count")).to_have_count(0)

    page.locator("#comments-button").click()
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name="Comments")).to_be_focused()
    expect(panel.locator(".said").last).to_have_text("I do.")
    assert rules(page, "#panel") == []
    # What was opened is read; the panel is drawn once more by that.
    expect(page.locator("[data-bell] .count")).to_have_count(0)
    panel.get_by_role("button", name="Resolve").click()
    expect(panel.locator(".tag")).to_contain_text("resolved by")
    expect(cell.locator(".pin")).to_have_count(0)
    panel.get_by_role("link", name="Close").click()
    expect(page.locator("#comments-button")).to_be_focused()
    with scope(workspace=sample):
        assert Comment.objects.count() == 2


def test_a_guest(visit: Callable[..., Any], sample: Any, map_path: str) -> None:
    page = visit("marketer").open(f"{map_path}share/")
    page.get_by_label("For whom").fill("Agency Nord")
    page.get_by_label("Password").fill("sesame-7")
    page.get_by_role("button", name="Make a link").click()
    address = page.get_by_label("Address of the link").input_value()
    assert rules(page) == []
    path = "/s/" + address.split("/s/")[1]

    guest = visit(None, dark=True)
    shown = guest.open(path)
    assert rules(shown) == []
    shown.get_by_label("Password").fill("sesame-7")
    shown.get_by_role("button", name="Open the map").click()
    expect(shown.get_by_role("heading", level=1)).to_have_text("Ein Besuch im Café")
    expect(shown.get_by_role("table")).to_be_visible()
    expect(shown.get_by_text("Read only")).to_be_visible()
    assert rules(shown) == []
    assert shown.locator('a[href*="/w/"]').count() == 0

    page.get_by_role("button", name="Revoke Agency Nord").click()
    expect(page.get_by_text("revoked", exact=True)).to_be_visible()
    answer = shown.request.get(guest.origin + path)
    assert answer.status == 404
    with scope(workspace=sample):
        assert ShareLink.objects.get().revoked_at is not None
