"""From nothing to a point of the curve: a survey is begun, opened, hung up, answered, and seen."""

from collections.abc import Callable
from typing import Any

import pytest
from django_scopes import scope
from playwright.sync_api import Page, expect

from surveys.models import Link, Survey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SURVEYS = "/w/cafe-am-markt/surveys/"
CURVE = "/w/cafe-am-markt/journeys/ein-besuch-im-cafe/curve/"
WAITING = "Auf die Bestellung warten"


def answers_at(page: Page, step: str) -> int:
    """How many answers the curve's table counts at a step."""
    row = page.locator("#curve-table tr", has=page.get_by_role("rowheader", name=step))
    return int(row.locator("td").nth(3).inner_text().replace(",", ""))


def begin(page: Page) -> None:
    """The ready-made questionnaire of a café, in German and English, opened to people."""
    page.get_by_role("link", name="New survey").click()
    page.locator("[value=ready-cafe]").check()
    page.get_by_label("Also in").select_option("en")
    page.get_by_label("Name", exact=False).first.fill("Terrasse")
    page.locator("form.begin button.primary, .begin-foot button.primary").click()
    expect(page.locator("#rows")).to_contain_text("Wie war das Warten auf die Bestellung?")
    page.get_by_role("link", name="Open survey").click()
    page.get_by_role("button", name="Open the survey").click()
    expect(page.locator("#saved")).to_contain_text("Open, version 1")


def hang_up(page: Page, workspace: Any) -> str:
    """A QR code on a table; what a phone reads from it."""
    with scope(workspace=workspace):
        survey = Survey.objects.get(name="Terrasse")
    page.get_by_role("link", name="Invite").click()
    page.locator("#content").get_by_role("link", name="QR code per place").click()
    expect(page.locator("[name=source][value=qr]")).to_be_checked()
    page.get_by_label("Places").fill("Tisch 21")
    page.get_by_role("button", name="Make the links").click()
    page.wait_for_load_state()
    with scope(workspace=workspace):
        code = Link.objects.get(survey=survey).code
    expect(page.locator("body")).to_contain_text(code)
    return f"/m/{code}/"


def answer(page: Page) -> None:
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


def test_from_an_empty_survey_to_the_changed_curve(visit: Callable[..., Any], sample: Any) -> None:
    marketer = visit("marketer")
    before = answers_at(marketer.open(CURVE), WAITING)
    marketer.open(SURVEYS)
    begin(marketer.page)
    code = hang_up(marketer.page, sample)
    guest = visit(None, language="de", phone=True)
    answer(guest.open(code))
    assert answers_at(marketer.open(CURVE), WAITING) == before + 1


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
    answer(page)
    assert answers_at(analyst.open(CURVE), WAITING) == before + 1
    # Looking alone is no answer: whoever opens the code again changes nothing.
    visit(None, language="de", phone=True).open(f"/m/{code}/")
    assert answers_at(analyst.open(CURVE), WAITING) == before + 1
