"""Every page, as a person meets it: both themes, both languages, desk and phone."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

pytestmark = pytest.mark.browser

SLUG = "cafe-am-markt"
PAGES = [
    "journeys:home",
    "journeys:journeys",
    "journeys:heatmap",
    "journeys:compare",
    "journeys:notifications",
    "touchpoints:catalogue",
    "surveys:surveys",
    "surveys:import-upload",
    "surveys:survey-create",
    "journeys:next-question",
    "cxm:members",
    "cxm:settings",
    "care:cases",
    "care:erasures",
    "care:people-data",
    "care:retention",
]


OF_A_SURVEY = ["surveys:planner", "surveys:texts"]  # the builder looks at its own pages


def paths(journey: str, survey: int) -> list[str]:
    plain = [reverse(name, kwargs={"workspace": SLUG}) for name in PAGES]
    named = [
        reverse(name, kwargs={"workspace": SLUG, "journey": journey})
        for name in ("journeys:curve", "journeys:journey", "journeys:comments", "journeys:share")
    ]
    asked = [reverse(name, kwargs={"workspace": SLUG, "survey": survey}) for name in OF_A_SURVEY]
    return [*plain, *named, *asked]


@pytest.fixture
def journey(sample: Any) -> str:
    from django_scopes import scope

    from journeys.models import Journey

    with scope(workspace=sample):
        return Journey.objects.get().slug


@pytest.fixture
def survey(sample: Any) -> int:
    """The one on the tables."""
    from django_scopes import scope

    from surveys.models import Survey

    with scope(workspace=sample):
        return Survey.objects.get(state=Survey.State.OPEN, is_anonymous=True).pk


@pytest.mark.parametrize(
    ("language", "dark", "phone"),
    [("en", False, False), ("de", True, False), ("de", False, True), ("en", True, True)],
)
def test_no_page_breaks_a_rule_of_accessibility(
    visit: Callable[..., Any],
    journey: str,
    survey: int,
    language: str,
    dark: bool,
    phone: bool,
) -> None:
    person = visit("admin", language=language, dark=dark, phone=phone)
    broken: list[str] = []
    for path in paths(journey, survey):
        page = person.open(path)
        page.wait_for_load_state("networkidle")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > page.viewport_size["width"]:
            broken.append(f"{path} is {width} px wide")
        if page.evaluate("document.documentElement.lang") != language:
            broken.append(f"{path} is not in {language}")
        found = Axe().run(page).response["violations"]
        broken += [
            f"{path}: {one['id']} {[node['target'] for node in one['nodes']][:4]}" for one in found
        ]
    assert not broken


def test_signed_out_pages(visit: Callable[..., Any]) -> None:
    person = visit(None, language="de")
    page = person.open("/accounts/login/")
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("E-Mail").fill("analyst@cafe.example")
    page.get_by_label("Passwort", exact=True).fill("wrong")
    page.get_by_label("Passwort", exact=True).press("Enter")
    page.wait_for_load_state()
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Passwort", exact=True).fill("kaffee-am-markt")
    page.get_by_label("Passwort", exact=True).press("Enter")
    page.wait_for_url(f"**/w/{SLUG}/")
