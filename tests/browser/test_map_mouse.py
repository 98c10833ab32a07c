"""A whole map, built from an empty page with the mouse; what the database then holds."""

from collections.abc import Callable
from typing import Any

import pytest
from django_scopes import scope
from playwright.sync_api import Locator, Page, TimeoutError, expect

from journeys import editing
from journeys.models import Card, Journey, Lane, Phase, Step
from journeys.outline import Outline

pytestmark = pytest.mark.browser


@pytest.fixture
def empty(sample: Any) -> Journey:
    """A map without phases, with the lanes that every new map has."""
    with scope(workspace=sample):
        return editing.create_journey(
            workspace=sample, actor=None, outline=Outline(title="Moving house", phases=())
        )


def settled(page: Page) -> None:
    """Everything that was changed is on the server."""
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


def write(page: Page, text: str) -> None:
    """Type over what the open editor holds."""
    field = page.locator(".map-editor-text")
    expect(field).to_be_focused()
    field.fill(text)
    field.press("Enter")
    expect(field).to_have_count(0)


def at_rest(page: Page, what: Locator) -> Any:
    """Where it is, once it stays there: layers of the map are drawn anew when answers arrive."""
    before = None
    for _try in range(100):
        expect(what).to_be_visible()
        now = what.bounding_box()
        if now and now == before:
            return now
        before = now
        page.wait_for_timeout(50)
    raise AssertionError("It never came to rest.")


def drag(page: Page, start: Locator, end: Locator, *, dx: float = 0, dy: float = 0) -> None:
    a, b = at_rest(page, start), at_rest(page, end)
    page.mouse.move(a["x"] + a["width"] / 2, a["y"] + a["height"] / 2)
    page.mouse.down()
    page.mouse.move(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2 + 3, steps=6)
    page.mouse.move(b["x"] + b["width"] / 2 + dx, b["y"] + b["height"] / 2 + dy, steps=3)
    page.mouse.up()


def press_plus(page: Page, over: Locator) -> None:
    """Point at something and press the plus beside it; it goes when the map is drawn anew."""
    for _try in range(5):
        settled(page)
        at_rest(page, over)
        page.mouse.move(0, 0)
        over.hover()
        try:
            page.locator(".map-plus:visible").click(timeout=3000)
        except TimeoutError:
            continue
        return
    raise AssertionError("No plus stayed long enough to be pressed.")


def structure(page: Page) -> None:
    """Two phases with three steps, and a lane of another kind."""
    page.click("[data-add-phase]")
    write(page, "Look")
    page.click("[data-add-step]")
    write(page, "Search a flat")
    press_plus(page, page.locator(".step-head", has_text="Search a flat"))
    write(page, "Visit it")
    press_plus(page, page.locator(".phase-head", has_text="Look"))
    write(page, "Move")
    page.click("[data-add-step]")
    write(page, "Carry boxes")
    press_plus(page, page.locator('.lane-head:has-text("Customer action")'))
    page.get_by_role("menuitem", name="Thoughts", exact=True).click()
    expect(page.locator('[role="row"][data-kind="thoughts"]')).to_have_count(1)
    settled(page)


def cell(page: Page, kind: str, step: int) -> Locator:
    return page.locator(f'[role="row"][data-kind="{kind}"] [data-cell]').nth(step)


def test_a_map_is_built_with_the_mouse(
    visit: Callable[..., Any], sample: Any, empty: Journey
) -> None:
    page = visit("admin").open(f"/w/cafe-am-markt/journeys/{empty.slug}/")
    structure(page)
    with scope(workspace=sample):
        assert [p.name for p in Phase.objects.filter(journey=empty)] == ["Look", "Move"]
        names = Step.objects.filter(phase__journey=empty).order_by("phase__position", "position")
        assert [s.name for s in names] == ["Search a flat", "Visit it", "Carry boxes"]
        kinds = [lane.kind for lane in Lane.objects.filter(journey=empty)]
        assert kinds[:2] == ["action", "thoughts"]

    cell(page, "action", 0).dblclick()
    write(page, "Reads adverts")
    press_plus(page, cell(page, "thoughts", 1))
    write(page, "Too small?")
    settled(page)
    drag(page, page.locator(".mcard", has_text="Reads adverts"), cell(page, "action", 2))
    expect(cell(page, "action", 2)).to_contain_text("Reads adverts")
    settled(page)

    press_plus(page, cell(page, "touchpoints", 0))
    page.get_by_role("combobox").fill("Landlord")
    with page.expect_response(lambda answer: "/emotion/" in answer.url):
        page.get_by_role("option", name="Create touchpoint “Landlord”").first.click()
    expect(cell(page, "touchpoints", 0)).to_contain_text("Landlord")
    page.keyboard.press("Escape")
    settled(page)

    point = page.locator(".team-point[role=slider]").nth(1)
    point.hover()
    drag(page, point, point, dy=-46)
    expect(page.locator(".team-point[role=slider]").nth(1)).to_have_attribute("aria-valuenow", "1")
    settled(page)

    page.locator(".mcard", has_text="Too small?").click(button="right")
    page.get_by_role("menuitem", name="Delete the card").click()
    settled(page)
    with scope(workspace=sample):
        assert not Card.objects.filter(lane__journey=empty, text="Too small?").exists()
    page.click(".toast button:has-text('Undo')")
    expect(cell(page, "thoughts", 1)).to_contain_text("Too small?")
    settled(page)

    with scope(workspace=sample):
        cards = Card.objects.filter(lane__journey=empty).order_by("text")
        assert [(c.text, c.lane.kind, c.step.name) for c in cards] == [
            ("Reads adverts", "action", "Carry boxes"),
            ("Too small?", "thoughts", "Visit it"),
        ]
        first, second, _third = names.all()
        assert [touchpoint.name for touchpoint in first.touchpoints.all()] == ["Landlord"]
        assert second.assumed == 1
