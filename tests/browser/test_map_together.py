"""Two people on one map at once: they see each other, and each other's changes, by themselves."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django_scopes import scope
from playwright.sync_api import Browser, Page, expect

from journeys.models import Card, Lane, LaneKind, Step
from tests.browser.conftest import Person, session_cookie
from tests.streams import streaming_server

pytestmark = pytest.mark.browser
MAP = "/w/cafe-am-markt/journeys/ein-besuch-im-cafe/"
POST = """([what, args]) =>
    import("/static/js/map/core.js").then((core) => core.post(what, args)).then(Boolean)"""


@pytest.fixture
def meet(browser: Browser, sample: Any) -> Iterator[Callable[[str], Person]]:
    """``meet("admin")`` → this person at the map, on a server with streams."""
    people: list[Person] = []
    with streaming_server() as origin:

        def enter(role: str) -> Person:
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            context.set_default_timeout(15_000)
            context.add_cookies([session_cookie(role, origin)])  # type: ignore[list-item]
            people.append(Person(context, origin))
            people[-1].open(MAP)
            return people[-1]

        yield enter
        for person in people:
            person.context.close()
    assert not [text for person in people for text in person.complaints]


@pytest.fixture
def cells(sample: Any) -> list[str]:
    """Keys of cells that hold cards: one lane, every step."""
    with scope(workspace=sample):
        lane = Lane.objects.filter(kind=LaneKind.PAINS).first()
        assert lane is not None
        steps = Step.objects.filter(phase__journey=lane.journey_id)
        return [f"{lane.pk}-{step.pk}" for step in steps.order_by("phase__position", "position")]


def cell(page: Page, key: str) -> Any:
    return page.locator(f'[data-cell="{key}"]')


def add(page: Page, key: str, text: str) -> None:
    lane, step = map(int, key.split("-"))
    assert page.evaluate(POST, ["card-added", {"lane": lane, "step": step, "text": text}])


def test_two_people_see_each_other_and_each_change(
    meet: Callable[[str], Person], cells: list[str]
) -> None:
    jana, omar = meet("marketer").page, meet("admin").page
    for page in (jana, omar):
        expect(page.locator("#presence .avatar")).to_have_count(1)
    cell(jana, cells[1]).focus()
    expect(cell(omar, cells[1])).to_have_attribute("data-here", "Jana")
    omar.locator("#presence .avatar").click()
    expect(cell(jana, cells[1])).to_have_attribute("data-here", "Lea")

    add(jana, cells[1], "Looks for the door")
    expect(cell(omar, cells[1])).to_contain_text("Looks for the door")
    # The ring outlives the new content of the cell.
    expect(cell(omar, cells[1])).to_have_attribute("data-here", "Jana")
    assert jana.evaluate(POST, ["phase-added", {"name": "Afterwards"}])
    expect(omar.locator("[role=columnheader]", has_text="Afterwards")).to_be_visible()
    expect(cell(omar, cells[1])).to_have_attribute("data-here", "Jana")

    jana.context.close()
    expect(omar.locator("#presence .avatar")).to_have_count(0)
    expect(cell(omar, cells[1])).not_to_have_attribute("data-here", "Jana")


def test_changes_at_the_same_moment_all_arrive_everywhere(
    meet: Callable[[str], Person], cells: list[str], sample: Any
) -> None:
    pages = [meet("marketer").page, meet("admin").page]
    for number in range(6):
        for who, page in enumerate(pages):
            lane, step = map(int, cells[number % 3].split("-"))
            args = {"lane": lane, "step": step, "text": f"Card {who}-{number}"}
            # Not awaited: the two browsers are on their way at once.
            page.evaluate(
                """([what, args]) => {
                    import("/static/js/map/core.js").then((core) => core.post(what, args));
                }""",
                ["card-added", args],
            )
    for page in pages:
        for number in range(6):
            for who in range(2):
                expect(cell(page, cells[number % 3])).to_contain_text(f"Card {who}-{number}")
    texts = [[cell(page, key).inner_text() for key in cells[:3]] for page in pages]
    assert texts[0] == texts[1]
    with scope(workspace=sample):
        assert Card.objects.filter(text__startswith="Card ").count() == 12


def test_what_somebody_types_outlives_what_others_write_there(
    meet: Callable[[str], Person], cells: list[str]
) -> None:
    jana, omar = meet("marketer").page, meet("admin").page
    expect(jana.locator("#presence .avatar")).to_have_count(1)
    cell(jana, cells[2]).focus()
    jana.keyboard.type("Half a thought")
    add(omar, cells[2], "From somebody else")
    expect(cell(jana, cells[2])).to_contain_text("From somebody else")
    expect(jana.locator(".map-editor-text")).to_have_value("Half a thought")
    jana.keyboard.type(", now whole")
    jana.keyboard.press("Enter")
    for page in (jana, omar):
        expect(cell(page, cells[2])).to_contain_text("Half a thought, now whole")
        expect(cell(page, cells[2])).to_contain_text("From somebody else")


def test_without_streams_the_page_asks_by_itself(
    visit: Callable[..., Person], cells: list[str]
) -> None:
    """The server of this test answers pages alone, as some do."""
    jana, reader = visit("marketer").open(MAP), visit("viewer").open(MAP)
    assert reader.locator("[data-map]").get_attribute("data-live") == ""
    add(jana, cells[3], "Asked for")
    expect(cell(reader, cells[3])).to_contain_text("Asked for", timeout=15_000)


def test_a_past_state_stays_as_it_was(meet: Callable[[str], Person], cells: list[str]) -> None:
    now, then = meet("marketer").page, meet("admin").page
    add(now, cells[0], "One")
    then.goto(f"{then.url}?at=1")
    expect(then.locator("[data-map]")).to_have_attribute("data-live", "")
    asked: list[str] = []
    then.on("request", lambda request: asked.append(request.url))
    add(now, cells[0], "Two")
    # Longer than the page would wait to ask, were it to ask.
    then.wait_for_timeout(4500)
    expect(cell(then, cells[0])).not_to_contain_text("Two")
    assert not [url for url in asked if "news" in url or "/live/" in url]
