"""An analyst reads the café's emotion curve: compares, drills down, defends, takes the numbers."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CURVE = "/w/cafe-am-markt/journeys/ein-besuch-im-cafe/curve/"
WAITING = "Auf die Bestellung warten"


def test_from_the_finding_to_the_verbatims(visit: Callable[..., Any]) -> None:
    page = visit("analyst").open(CURVE)
    expect(page.locator("h2.voice").first).to_contain_text(WAITING)
    panel = page.locator("#step-panel")
    expect(panel).to_contain_text("In their words")
    page.get_by_role("link", name="Kaffee trinken").click()
    expect(panel.locator("h2")).to_have_text("Kaffee trinken")
    assert "step=" in page.url
    # The address reproduces the view.
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator("#step-panel h2")).to_have_text("Kaffee trinken")


def test_a_viewer_reads_figures_but_no_verbatims_and_no_export(visit: Callable[..., Any]) -> None:
    page = visit("viewer").open(CURVE)
    page.wait_for_load_state("networkidle")
    assert page.get_by_text("In their words").count() == 0
    assert page.get_by_role("link", name="CSV").count() == 0


def test_comparing_says_what_is_proven(visit: Callable[..., Any]) -> None:
    page = visit("analyst").open(CURVE)
    page.locator("select[name=compare]").select_option(label="Touristen")
    page.wait_for_url("**compare=segment**")
    table = page.locator("#curve-table")
    expect(table.locator("thead")).to_contain_text("Difference")
    expect(table.locator("thead")).to_contain_text("Holm")
    assert table.locator("tbody .proof").count() >= 8


def test_a_gap_says_why_and_nothing_is_drawn_across(visit: Callable[..., Any]) -> None:
    page = visit("analyst", language="de").open(CURVE)
    rows = page.locator("#curve-table")
    expect(rows.locator("tr", has_text="Tisch reservieren")).to_contain_text("nie gefragt")
    expect(rows.locator("tr", has_text="Treuepunkte sammeln")).to_contain_text("verborgen")
    chart = page.locator("[data-chart]")
    expect(chart.locator("svg.main-svg").first).to_be_visible()
    expect(chart).to_contain_text("nie gefragt")


def test_the_numbers_come_along(visit: Callable[..., Any]) -> None:
    page = visit("analyst").open(CURVE)
    page.get_by_role("link", name="How was this computed?").first.click()
    expect(page.locator("#how")).to_contain_text("Student")
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").first.click()
    lines = started.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("step,phase,mean,ci_low,ci_high,emotion,n,never_used,reach,n_eff")
    hidden = next(line for line in lines if line.startswith("Treuepunkte"))
    assert hidden.endswith("too_few")


def test_the_page_stands_without_javascript(visit: Callable[..., Any]) -> None:
    page = visit("analyst", javascript=False).open(CURVE)
    page.locator("#curve-table").get_by_role("link", name=WAITING).click()
    expect(page.locator("#step-panel")).to_contain_text("−0.65")
    expect(page.locator("#step-panel")).to_contain_text("In their words")
