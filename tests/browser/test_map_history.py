"""Looking at what a map was, what has changed since, and bringing it back."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_scopes import scope
from playwright.sync_api import expect

from journeys import editing
from journeys.models import Card, Event, Journey
from journeys.rows import load_state

pytestmark = pytest.mark.browser


@pytest.fixture
def past(sample: Any) -> tuple[str, int, str]:
    """The sample's map after two more changes: its path, the event before them, a cell's key."""
    with scope(workspace=sample):
        journey = Journey.objects.get()
        card = Card.objects.select_related("lane").filter(lane__kind="action")[0]
        editing.write_card(card=card, actor=None, text="Sees the poster and smiles.")
        editing.rename_journey(journey=journey, actor=None, title="Another title")
        path = f"/w/{sample.slug}/journeys/{journey.slug}/"
        return path, journey.last_seq, f"{card.lane_id}-{card.step_id}"


def test_a_past_state_is_read_and_brought_back(
    visit: Callable[..., Any], sample: Any, past: tuple[str, int, str]
) -> None:
    path, seq, cell = past
    with scope(workspace=sample):
        before = Event.objects.count()
    page = visit("marketer").open(f"{path}?at={seq}")
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    expect(page.locator(".asof-banner")).to_contain_text("2 changes since")
    expect(page.locator(f'[data-cell="{cell}"] .since ins').first).to_be_visible()
    page.get_by_role("button", name="State only").click()
    expect(page.locator(".since")).to_have_count(0)
    # A past state cannot be written in.
    page.locator(f'[data-cell="{cell}"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-editing]")).to_have_count(0)
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [n["html"] for n in rule["nodes"]]) for rule in found] == []
    page.get_by_role("button", name="Restore this state").click()
    page.wait_for_url(f"**{path}")
    expect(page.locator(f'[data-cell="{cell}"]')).not_to_contain_text("smiles")
    with scope(workspace=sample):
        journey = Journey.objects.get()
        assert Event.objects.count() == before + 1
        assert load_state(journey.pk)["journey"][journey.pk]["title"] != "Another title"


def test_a_state_is_named_and_found_again(
    visit: Callable[..., Any], past: tuple[str, int, str]
) -> None:
    page = visit("marketer").open(past[0])
    page.locator("#history-button").click()
    expect(page.get_by_role("heading", name="History")).to_be_focused()
    expect(page.locator(".chg")).to_contain_text("smiles")
    page.get_by_text("Name this state").click()
    page.get_by_role("textbox", name="Name of this state").fill("After the workshop")
    page.get_by_role("button", name="Name", exact=True).click()
    page.locator("#history-button").click()
    expect(page.get_by_role("link", name="After the workshop")).to_be_visible()
