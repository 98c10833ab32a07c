"""A chart in a real browser, under the policy that the application sends: nothing is blocked."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template
from playwright.sync_api import Browser, Page, Route

from cxm import charts

STATIC = Path(__file__).resolve().parents[2] / "static"
PAGE = """{% load static %}<!doctype html><html lang="en" data-theme="light">
<head><title>Chart</title>
{% include "_head.html" %}</head><body>
{% include "_chart.html" with id="curve" payload=chart sentence="Screening is low." %}
{% include "_chart_scripts.html" %}</body></html>"""

pytestmark = pytest.mark.browser


def policy() -> str:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def answer(route: Route) -> None:
    path = route.request.url.removeprefix("http://cxm.test/")
    if path:
        file = STATIC / path.removeprefix("static/")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return route.fulfill(body=file.read_bytes(), content_type=kind)
    fig = charts.figure(
        [
            charts.mean_line(["a", "b", "c"], [1, 0.5, -0.5], name="n", customdata=[7, 8, 9]),
            {"type": "heatmap", "z": [[1, -1]], "x": ["a", "b"], "y": [1], "showscale": True},
        ]
    )
    html = Template(PAGE).render(Context({"chart": charts.payload(fig, name="curve")}))
    headers = {"Content-Security-Policy": policy(), "Content-Type": "text/html; charset=utf-8"}
    return route.fulfill(body=html, headers=headers)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.route("http://cxm.test/**", answer)
    yield page
    page.close()


def drawn(page: Page) -> list[str]:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("http://cxm.test/")
    page.wait_for_selector("#curve .scatterlayer .point")
    return complaints


def line_colour(page: Page) -> Any:
    return page.evaluate("document.querySelector('#curve .js-line').style.stroke")


def test_the_policy_blocks_nothing_and_the_theme_recolours(page: Page) -> None:
    complaints = drawn(page)
    assert line_colour(page) == "rgb(20, 32, 28)"
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(
        "document.querySelector('#curve .js-line').style.stroke === 'rgb(233, 238, 235)'"
    )
    assert complaints == []


def test_pictures_can_be_taken_away(page: Page) -> None:
    complaints = drawn(page)
    for kind in ("png", "svg"):
        with page.expect_download() as download:
            page.click(f"[data-chart-export={kind}]")
        assert download.value.suggested_filename == f"curve.{kind}"
    assert complaints == []


def test_the_chart_is_named_by_its_sentence(page: Page) -> None:
    drawn(page)
    assert page.get_by_role("img", name="Screening is low.").count() == 1
