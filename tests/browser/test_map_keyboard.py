"""A whole map, built from an empty page with the keyboard alone; what the database then holds."""

from collections.abc import Callable
from typing import Any

import pytest
from django_scopes import scope
from playwright.sync_api import Page, expect

from journeys import editing
from journeys.models import Card, Journey, Lane, Phase, Step
from journeys.outline import Outline

pytestmark = pytest.mark.browser


@pytest.fixture
def empty(sample: Any) -> Journey:
    with scope(workspace=sample):
        return editing.create_journey(
            workspace=sample, actor=None, outline=Outline(title="Moving house", phases=())
        )


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def settled(page: Page) -> None:
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


def named(page: Page, name: str) -> None:
    """The new row's name is open: type over it, and save."""
    expect(page.locator(".map-editor-text")).to_be_focused()
    page.keyboard.type(name)
    press(page, "Enter")
    settled(page)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def command(page: Page, words: str) -> None:
    press(page, "Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type(words)
    expect(page.locator("[role=option].cur")).to_contain_text(words)
    press(page, "Enter")


def structure(page: Page) -> None:
    page.locator("[data-add-phase]").focus()
    press(page, "Enter")
    named(page, "Look")
    press(page, "+")
    named(page, "Search a flat")
    press(page, "+")
    named(page, "Visit it")
    command(page, "Add a phase")
    named(page, "Move")
    press(page, "+")
    named(page, "Carry boxes")
    assert "Carry boxes" in focused(page)
    # The lane's head is left of the first cell below.
    press(page, "ArrowDown", "Home", "Alt++")
    menu = page.get_by_role("menuitem", name="Thoughts", exact=True)
    expect(page.locator(".map-menu")).to_be_visible()
    while not menu.evaluate("row => row === document.activeElement"):
        press(page, "t")
    press(page, "Enter")
    expect(page.locator('.lane-head:has-text("Thoughts")')).to_be_focused()
    settled(page)


def test_a_map_is_built_with_the_keyboard(
    visit: Callable[..., Any], sample: Any, empty: Journey
) -> None:
    page = visit("admin").open(f"/w/cafe-am-markt/journeys/{empty.slug}/")
    structure(page)
    cards(page)
    with scope(workspace=sample):
        assert [p.name for p in Phase.objects.filter(journey=empty)] == ["Look", "Move"]
        steps = Step.objects.filter(phase__journey=empty).order_by("phase__position", "position")
        assert [s.name for s in steps] == ["Visit it", "Search a flat", "Carry boxes"]
        kinds = [lane.kind for lane in Lane.objects.filter(journey=empty)]
        assert kinds[:2] == ["thoughts", "action"]
        found = Card.objects.filter(lane__journey=empty).order_by("text")
        assert [(c.text, c.lane.kind, c.step.name) for c in found] == [
            ("Reads adverts\nCalls", "action", "Visit it"),
            ("Too small?", "thoughts", "Visit it"),
        ]
        first = steps.all()[1]
        assert [t.name for t in first.touchpoints.all()] == ["Landlord"]
        assert [float(s.assumed or 0) for s in steps.all()] == [0.0, 0.6, 0.0]


def cards(page: Page) -> None:
    # The lane "Thoughts" moves above the customer's actions.
    press(page, "Alt+ArrowUp")
    expect(page.locator('[role="row"][data-lane]').first).to_have_attribute("data-kind", "thoughts")
    settled(page)
    # A text begins with its first letter; Shift Enter breaks the line; Tab saves and goes on.
    press(page, "ArrowDown", "ArrowRight")
    page.keyboard.type("Reads adverts")
    press(page, "Shift+Enter")
    page.keyboard.type("Calls")
    press(page, "Tab")
    settled(page)
    press(page, "ArrowUp", "Enter")
    page.keyboard.type("Too small?")
    press(page, "Enter")
    settled(page)
    # Deleted, and taken back.
    press(page, "Delete")
    settled(page)
    expect(page.locator(".mcard", has_text="Too small?")).to_have_count(0)
    press(page, "Control+z")
    expect(page.locator(".mcard", has_text="Too small?")).to_have_count(1)
    settled(page)
    # The first card goes one step to the right, and its step's neighbour to the left.
    press(page, "ArrowDown", "ArrowLeft", "Alt+ArrowRight")
    card = page.locator('[data-kind="action"] [data-cell]').nth(1).locator(".mcard")
    expect(card).to_contain_text("Reads adverts")
    settled(page)
    press(page, "Escape", "Control+Home", "ArrowDown", "ArrowRight", "ArrowRight")
    assert "Visit it" in focused(page)
    press(page, "Alt+ArrowLeft")
    expect(page.locator(".step-head").first).to_contain_text("Visit it")
    settled(page)
    # A touchpoint for the step that is now second.
    press(page, "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("Landlord")
    expect(page.get_by_role("option").first).to_contain_text("Create touchpoint “Landlord”")
    press(page, "Enter")
    expect(page.locator(".chip[data-touchpoint]")).to_have_count(1)
    press(page, "Escape")
    settled(page)
    # The team's point of that step: into the lane below, Enter, up and down.
    press(page, "ArrowDown", "Enter")
    point = page.locator(".team-point:focus")
    expect(point).to_have_attribute("role", "slider")
    press(page, "PageUp", "ArrowUp", "ArrowDown", "ArrowUp")
    expect(page.locator('.team-point[aria-valuenow="0.6"]')).to_have_count(1)
    page.wait_for_timeout(450)
    settled(page)
