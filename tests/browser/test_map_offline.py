"""Typing survives a lost line and a reload; two people who write one card both see both texts."""

from collections.abc import Callable
from typing import Any

import pytest
from django_scopes import scope
from playwright.sync_api import Locator, Page, expect

from journeys import editing
from journeys.models import Card, Event, Journey, Lane, Step
from journeys.outline import Outline, PhaseOutline, StepOutline

pytestmark = pytest.mark.browser


@pytest.fixture
def drawn(sample: Any) -> Journey:
    """One phase, two steps, and a card in the first."""
    steps = (StepOutline(name="Search"), StepOutline(name="Visit"))
    outline = Outline(title="Moving house", phases=(PhaseOutline(name="Look", steps=steps),))
    with scope(workspace=sample):
        journey = editing.create_journey(workspace=sample, actor=None, outline=outline)
        editing.add_card(
            lane=Lane.objects.get(journey=journey, kind="action"),
            step=Step.objects.get(phase__journey=journey, name="Search"),
            actor=None,
            text="Looks for the right counter.",
        )
    return journey


def address(journey: Journey) -> str:
    return f"/w/cafe-am-markt/journeys/{journey.slug}/"


def cell(page: Page, step: int) -> Locator:
    return page.locator('[role="row"][data-kind="action"] [data-cell]').nth(step)


def state(page: Page, name: str) -> None:
    expect(page.locator("#saved")).to_have_attribute("data-state", name, timeout=20_000)


def texts(sample: Any, journey: Journey) -> list[str]:
    with scope(workspace=sample):
        found = Card.objects.filter(lane__journey=journey).order_by("step__position", "position")
        return [card.text for card in found]


def test_what_is_typed_without_a_line_is_kept_and_sent_once(
    visit: Callable[..., Any], sample: Any, drawn: Journey
) -> None:
    person = visit("marketer")
    page = person.open(address(drawn))
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/changes/", lambda route: route.abort())
    cell(page, 0).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.type(" Asks.")
    page.keyboard.press("Tab")
    page.keyboard.type("Walks through the rooms")
    page.keyboard.press("Enter")
    expect(cell(page, 1)).to_contain_text("Walks through the rooms")
    state(page, "offline")
    expect(page.locator("#saved")).to_contain_text("2 changes kept here")
    expect(cell(page, 0)).to_contain_text("kept here,")
    # The card that is new is written again before the server knows it.
    page.keyboard.press("Enter")
    page.keyboard.type(".")
    page.keyboard.press("Enter")
    assert texts(sample, drawn) == ["Looks for the right counter."]

    page.reload()
    expect(cell(page, 0)).to_contain_text("Looks for the right counter. Asks.")
    expect(cell(page, 1)).to_contain_text("Walks through the rooms.")
    page.unroute("**/changes/")
    state(page, "saved")
    expect(page.locator(".kept-note")).to_have_count(0)
    assert texts(sample, drawn) == [
        "Looks for the right counter. Asks.",
        "Walks through the rooms.",
    ]
    with scope(workspace=sample):
        assert (
            Event.objects.filter(journey=drawn, what="card-added", key__isnull=False).count() == 1
        )
    # The line breaks after the server has the change, before the page has the answer.
    page.route("**/changes/", _lost_answer())
    cell(page, 0).focus()
    page.keyboard.press("Delete")
    state(page, "saved")
    expect(cell(page, 0).locator(".mcard")).to_have_count(0)
    assert texts(sample, drawn) == ["Walks through the rooms."]
    person.complaints.clear()


def _lost_answer() -> Callable[[Any], None]:
    lost: list[bool] = []

    def handle(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(True)
        route.fetch()
        route.abort()

    return handle


def test_the_page_warns_before_it_closes_with_something_unsent(
    visit: Callable[..., Any], drawn: Journey
) -> None:
    person = visit("marketer")
    page = person.open(address(drawn))
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    cell(page, 1).click()
    page.keyboard.press("Enter")
    page.keyboard.type("half a thou")
    page.reload()
    assert asked == ["beforeunload"]


def test_two_versions_of_one_card_are_both_seen(
    visit: Callable[..., Any], sample: Any, drawn: Journey
) -> None:
    ours, theirs = visit("marketer"), visit("admin")
    mine = ours.open(address(drawn))
    other = theirs.open(address(drawn))
    mine.route("**/changes/", lambda route: route.abort())
    write(mine, "Looks for the right counter in hall B.")
    state(mine, "offline")
    write(other, "Looks for the open counter.")
    state(other, "saved")
    mine.unroute("**/changes/")
    mine.evaluate("dispatchEvent(new Event('online'))")

    dialog = mine.get_by_role("dialog", name="Two versions of the same card")
    expect(dialog).to_be_visible()
    expect(dialog.locator("ins").first).to_be_visible()
    field = dialog.locator("textarea")
    expect(field).to_have_value("Looks for the open counter in hall B.")
    expect(dialog).to_contain_text("The other version stays in the history.")
    # Put off, closed and come back: the question is still there.
    dialog.get_by_role("button", name="Decide later").click()
    state(mine, "conflict")
    mine.on("dialog", lambda asked: asked.accept())
    mine.reload()
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Take the merged text").click()
    state(mine, "saved")
    assert texts(sample, drawn) == ["Looks for the open counter in hall B."]
    with scope(workspace=sample):
        written = Event.objects.filter(journey=drawn, what="card-written").order_by("seq")
        assert [event.changes[0][3]["text"] for event in written] == [
            "Looks for the open counter.",
            "Looks for the right counter in hall B.",
            "Looks for the open counter in hall B.",
        ]
    ours.complaints.clear()


def write(page: Page, text: str) -> None:
    cell(page, 0).focus()
    page.keyboard.press("Enter")
    page.locator(".map-editor-text").fill(text)
    page.keyboard.press("Enter")


def test_a_table_is_shown_before_it_is_inserted(
    visit: Callable[..., Any], sample: Any, drawn: Journey
) -> None:
    page = visit("marketer").open(address(drawn))
    cell(page, 0).focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "Reads the signs\\tLooks at rooms\\tSigns\\n");
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    bar = page.get_by_role("dialog", name="Insert a table")
    expect(bar).to_contain_text("2 are new, 1 is replaced, adds 1 step")
    expect(cell(page, 0).locator("del")).to_have_text("Looks for the right counter.")
    page.keyboard.press("Escape")
    expect(page.locator(".paste-view")).to_have_count(0)
    assert texts(sample, drawn) == ["Looks for the right counter."]
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          const row = "<td>Reads the signs<td>Looks at rooms<td>Signs";
          data.setData("text/html", `<table><tr>${row}</table>`);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    page.keyboard.press("Enter")
    expect(page.locator(".step-head")).to_have_count(3)
    state(page, "saved")
    assert texts(sample, drawn) == ["Reads the signs", "Looks at rooms", "Signs"]


def test_who_is_signed_out_loses_nothing(
    visit: Callable[..., Any], sample: Any, drawn: Journey
) -> None:
    person = visit("marketer")
    page = person.open(address(drawn))
    page.context.clear_cookies()
    write(page, "Finds the counter.")
    expect(page.locator(".toast.bad")).to_contain_text("You are signed out")
    state(page, "offline")
    again = visit("marketer")
    page.context.add_cookies(again.context.cookies())
    page.evaluate("dispatchEvent(new Event('online'))")
    state(page, "saved")
    assert texts(sample, drawn) == ["Finds the counter."]
    person.complaints.clear()
