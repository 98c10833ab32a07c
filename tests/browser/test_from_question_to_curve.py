"""The whole way: a question is written, printed as a code, answered on phones, and on the curve."""

import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from django_scopes import scope
from PIL import Image
from playwright.sync_api import Page, expect

from surveys.models import Link

pytestmark = pytest.mark.browser

SURVEYS = "/w/cafe-am-markt/surveys/"
CURVE = "/w/cafe-am-markt/journeys/ein-besuch-im-cafe/curve/"
STEP = "Tisch reservieren"
WAITING = "Auf die Bestellung warten"
# The last one fits badly, so that the mean is not what everybody says: (5+5+4+5+2)/5 = 4.2.
ANSWERS = ("5", "5", "4", "5", "2")


def step_on_curve(page: Page) -> str:
    return page.locator("#curve-table tr", has_text=STEP).inner_text()


def answers_at(page: Page, step: str) -> int:
    """How many answers the curve's table counts at a step."""
    row = page.locator("#curve-table tr", has=page.get_by_role("rowheader", name=step))
    return int(row.locator("td").nth(3).inner_text().replace(",", ""))


def write_the_question(page: Page) -> None:
    page.get_by_label("Blank").check()
    page.locator("[name=name]").fill("Reservierung")
    page.get_by_label("First language").select_option("de")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Five faces").click()
    page.wait_for_url(re.compile(r"\?q=\d+"))
    page.locator("#text-de").fill("Wie leicht war das Reservieren?")
    page.locator("#touchpoint").select_option(label="Telefonische Reservierung")
    expect(page.locator("#rows")).to_contain_text("Telefonische Reservierung")
    expect(page.locator("#rows")).to_contain_text("Wie leicht war das Reservieren?")
    page.get_by_role("link", name="Open survey").click()
    page.get_by_role("button", name="Open the survey").click()
    expect(page.locator("#saved")).to_contain_text("Open, version 1")


def address_on_the_card(page: Page) -> str:
    """Makes a code for the telephone's desk and reads its picture, as a phone's camera would."""
    page.get_by_role("link", name="Invite", exact=True).click()
    page.get_by_role("link", name="QR code per place").last.click()
    page.get_by_label("Places").fill("Neben dem Telefon")
    page.get_by_role("button", name="Make the links").click()
    page.get_by_role("link", name="Table card").first.click()
    page.wait_for_url("**/card/")
    picture = urljoin(page.url, page.get_by_role("link", name="PNG").get_attribute("href"))
    read = zxingcpp.read_barcode(Image.open(io.BytesIO(page.request.get(picture).body())))
    assert read is not None
    return read.text


def answer_on_a_phone(page: Page, score: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("h1")).to_contain_text("Wie leicht war das Reservieren?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(f'input[name="value"][value="{score}"]').check(force=True)
    page.wait_for_timeout(1_100)  # nobody answers within a second
    page.get_by_role("button", name="Fertig").click()
    expect(page.locator("h1")).to_contain_text("Vielen Dank")


def test_from_an_empty_survey_to_the_changed_curve(visit: Callable[..., Any]) -> None:
    analyst = visit("analyst")
    assert "never asked" in step_on_curve(analyst.open(CURVE))

    page = visit("marketer").open(SURVEYS + "create/")
    write_the_question(page)
    path = urlsplit(address_on_the_card(page)).path

    for score in ANSWERS[:4]:
        answer_on_a_phone(visit(None, language="de", phone=True).open(path), score)
    assert "hidden" in step_on_curve(analyst.open(CURVE))
    last = visit(None, language="de", phone=True)
    assert not Axe().run(last.open(path)).violations_count
    answer_on_a_phone(last.page, ANSWERS[4])
    assert not Axe().run(last.page).violations_count

    row = step_on_curve(analyst.open(CURVE))
    assert "+1.20" in row, row
    assert re.search(r"\b5\b", row)


def answer_all(page: Page) -> None:
    """Everything was met; good and very good in turns, as a person and no program would say."""
    assert page.locator("html").get_attribute("lang") == "de"
    for turn in range(14):
        if page.url.endswith("/thanks/"):
            break
        expect(page.locator("h1")).to_be_visible()
        for group in page.locator("[role=radiogroup]").all():
            is_used_or_not = group.locator("input[name^=used]").count()
            group.locator("label").nth(0 if is_used_or_not else turn % 2).click()
        before = page.url + page.locator("h1").inner_text()
        page.locator("footer button.primary").click()
        page.wait_for_function(
            "was => location.href + document.querySelector('h1').innerText !== was", arg=before
        )
    expect(page.locator("body")).to_contain_text("Vielen Dank")


def test_the_code_on_a_table_of_the_sample_moves_its_curve(
    visit: Callable[..., Any], sample: Any
) -> None:
    with scope(workspace=sample):
        code = Link.objects.get(name="Tisch 4").code
    analyst = visit("analyst")
    before = answers_at(analyst.open(CURVE), WAITING)
    guest = visit(None, language="de", phone=True)
    page = guest.open(f"/m/{code}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    answer_all(page)
    assert answers_at(analyst.open(CURVE), WAITING) == before + 1
    # Looking alone is no answer: whoever opens the code again changes nothing.
    visit(None, language="de", phone=True).open(f"/m/{code}/")
    assert answers_at(analyst.open(CURVE), WAITING) == before + 1
