"""Personas and search as a person meets them: looked at, given a picture, found by keyboard."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_scopes import scope
from PIL import Image

from journeys.models import Persona

pytestmark = pytest.mark.browser

AT = "/w/cafe-am-markt/journeys"


@pytest.fixture
def marek(sample: Any) -> int:
    with scope(workspace=sample):
        return int(Persona.objects.get(name__startswith="Marek").pk)


@pytest.mark.parametrize(
    ("language", "dark", "phone"), [("en", False, False), ("de", True, True), ("en", True, False)]
)
def test_pages_keep_the_rules_of_accessibility(
    visit: Callable[..., Any], marek: int, language: str, dark: bool, phone: bool
) -> None:
    person = visit("marketer", language=language, dark=dark, phone=phone)
    broken: list[str] = []
    for path in (
        f"{AT}/personas/", f"{AT}/personas/new/", f"{AT}/personas/{marek}/",
        f"{AT}/personas/{marek}/edit/", f"{AT}/search/?q=kaffee", f"{AT}/search/?q=zzz",
    ):  # fmt: skip
        page = person.open(path)
        for summary in page.locator("details.how > summary").all():
            summary.click()
        if page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]:
            broken.append(f"{path} is too wide")
        broken += [
            f"{path}: {one['id']} {[node['target'] for node in one['nodes']][:4]}"
            for one in Axe().run(page).response["violations"]
        ]
    assert not broken
    assert not person.complaints


def test_a_picture_is_chosen_and_shown(visit: Callable[..., Any], marek: int) -> None:
    target = io.BytesIO()
    Image.new("RGB", (90, 60), "teal").save(target, "PNG")
    page = visit("marketer").open(f"{AT}/personas/{marek}/")
    page.get_by_text("Picture", exact=True).first.click()
    page.set_input_files(
        "input[type=file]",
        {"name": "marek.png", "mimeType": "image/png", "buffer": target.getvalue()},
    )
    page.get_by_role("button", name="Use this picture").click()
    image = page.locator("img.face")
    image.wait_for()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 90


def test_ctrl_k_searches_and_enter_leads_to_the_place(
    visit: Callable[..., Any], marek: int
) -> None:
    page = visit("viewer").open(f"{AT}/personas/")
    page.keyboard.press("Control+k")
    page.wait_for_url("**/journeys/search/")
    page.keyboard.type("Getrankeausgabe")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Getränkeausgabe").click()
    page.wait_for_url("**/touchpoints/*/")


def test_deleting_asks_once(visit: Callable[..., Any], marek: int) -> None:
    page = visit("marketer").open(f"{AT}/personas/{marek}/")
    page.get_by_role("button", name="Delete").first.click()
    page.locator("dialog[open]").get_by_role("button", name="Delete").click()
    page.wait_for_url(f"**{AT}/personas/")
    assert page.get_by_text("Marek Vogt", exact=False).count() <= 1
