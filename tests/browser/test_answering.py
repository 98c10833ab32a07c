"""Answering on a phone, in a real browser: by touch, by keys, without a connection."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.django_db(transaction=True)
Phone = Callable[..., Page]


def texts(de: str, ar: str) -> dict[str, str]:
    return {"de": de, "ar": ar}


def options(*rows: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"code": code, "texts": texts(*row)} for code, row in enumerate(rows, 1)]


@pytest.fixture
def cafe(transactional_db: None) -> Any:
    """Every kind of question once, in German and Arabic."""
    from surveys.models import Kind
    from tests.factories import WorkspaceFactory
    from tests.surveys.answering.cafe import Cafe

    workspace = WorkspaceFactory(slug="firm", name="Café am Markt")
    made = Cafe(workspace, language="de", languages=["ar"], is_anonymous=False)
    made.matrix("q1", "Empfang", "WLAN", texts=texts("Was haben Sie genutzt?", "ماذا استخدمت؟"))
    made.ask("q2", Kind.FACES, texts=texts("Wie war es?", "كيف كان؟"), offers_never_used=True)
    made.ask("q3", Kind.NPS, texts=texts("Empfehlen Sie uns?", "هل توصي بنا؟"), is_required=True)
    two = options(("Kuchen", "كعك"), ("Suppe", "حساء"))
    made.ask("q4", Kind.SEVERAL, options=two, has_other=True, texts=texts("Was gab es?", "ماذا؟"))
    three = options(("Preis", "السعر"), ("Geschmack", "الطعم"), ("Tempo", "السرعة"))
    made.ask("q5", Kind.RANKING, options=three, texts=texts("Was zählt?", "ما الأهم؟"))
    made.ask("q6", Kind.TEXT, texts=texts("Was noch?", "ماذا أيضًا؟"))
    made.ask("q7", Kind.CONSENT, asks_contact=True, texts=texts("Dürfen wir?", "هل نتواصل؟"))
    return made.open()


@pytest.fixture
def phone(browser: Browser, live_server: Any) -> Iterator[Phone]:
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def enter(language: str = "de", *, dark: bool = False, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale=language,
            color_scheme="dark" if dark else "light",
            viewport={"width": 390, "height": 844},
            has_touch=True,
            java_script_enabled=javascript,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield enter
    for context in contexts:
        context.close()
    assert not complaints


def stored(cafe: Any) -> dict[str, tuple[int, int | None, str]]:
    from django_scopes import scopes_disabled

    from surveys.models import Answer

    keys = {row.pk: key for key, row in cafe.rows.items()}
    with scopes_disabled():
        return {keys[a.question_id]: (a.status, a.score, a.raw) for a in Answer.objects.all()}


ALL = {
    "q1.1": (0, 5, "5"),
    "q1.2": (1, None, "never"),
    "q2": (0, 2, "2"),
    "q3": (0, 10, "10"),
    "q4.1": (0, 1, "1"),
    "q4.2": (0, 0, "0"),
    "q4.0": (0, 1, "Eis"),
    "q5.1": (0, 2, "2"),
    "q5.2": (0, 1, "1"),
    "q5.3": (0, 3, "3"),
    "q6": (0, None, "Zu laut 🙂"),
    "q7": (0, 1, "a@b.example"),
}


def all_sent(page: Page) -> None:
    """Wait until nothing is kept on the phone any more."""
    for _try in range(150):
        if page.evaluate("localStorage.length") == 0:
            return
        page.wait_for_timeout(100)
    raise AssertionError("an answer is still kept on the phone")


def next_page(page: Page, number: int) -> None:
    page.locator("footer .primary").click()
    if number:
        expect(page.locator(".prog")).to_have_attribute("aria-valuenow", str(number))


@pytest.mark.parametrize(("language", "dark"), [("de", False), ("de", True), ("ar", False)])
def test_every_kind_by_touch(cafe: Any, phone: Phone, language: str, dark: bool) -> None:
    page = phone(language, dark=dark)
    page.goto(cafe.path)
    found = []

    def look() -> None:
        found.extend(Axe().run(page).response["violations"])
        assert page.evaluate("document.documentElement.scrollWidth") == 390

    look()
    page.locator(".mr").nth(0).locator("label").nth(0).tap()
    page.locator(".mr").nth(1).locator("label").nth(1).tap()
    expect(page.locator("[data-answered]")).to_have_text("2")
    next_page(page, 2)
    look()
    page.locator("label.opt").first.tap()
    next_page(page, 3)
    page.locator("label.opt").nth(3).tap()
    look()
    next_page(page, 4)
    next_page(page, 0)
    expect(page.locator(".err")).to_be_focused()
    look()
    page.locator("label.nr").last.tap()
    next_page(page, 5)
    page.locator("label.opt").first.tap()
    page.locator("label.opt").last.tap()
    page.locator("[name=other]").fill("Eis")
    look()
    next_page(page, 6)
    expect(page.locator(".rank.live")).to_be_visible()
    look()
    page.locator(".rank li").nth(1).locator("button").first.tap()
    next_page(page, 7)
    look()
    page.locator("textarea").fill("Zu laut 🙂")
    next_page(page, 8)
    look()
    page.locator("label.opt").first.tap()
    page.locator("[name=contact]").fill("A@b.example")
    look()
    page.locator("footer .primary").click()
    expect(page.locator("[data-ended]")).to_be_visible()
    look()
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in found] == []
    assert page.url.endswith("/thanks/")
    assert stored(cafe) == ALL


def test_without_scripts(cafe: Any, phone: Phone) -> None:
    page = phone(javascript=False)
    page.goto(cafe.path)
    page.locator(".mr").nth(0).locator("label").nth(0).tap()
    page.locator(".mr").nth(1).locator("label").nth(1).tap()
    next_page(page, 2)
    page.locator("label.opt").first.tap()
    next_page(page, 3)
    page.locator("label.opt").nth(3).tap()
    next_page(page, 4)
    page.locator("label.nr").last.tap()
    next_page(page, 5)
    page.locator("label.opt").first.tap()
    page.locator("[name=other]").fill("Eis")
    next_page(page, 6)
    for number, place in enumerate("213"):
        page.locator("select").nth(number).select_option(place)
    next_page(page, 7)
    page.locator("textarea").fill("Zu laut 🙂")
    next_page(page, 8)
    page.locator("label.opt").first.tap()
    page.locator("[name=contact]").fill("a@b.example")
    page.locator("footer .primary").click()
    expect(page.locator("[data-ended]")).to_be_visible()
    assert stored(cafe) == ALL


def test_by_keys_alone(cafe: Any, phone: Phone) -> None:
    page = phone()
    page.goto(cafe.path)
    expect(page.locator("html.js")).to_be_attached()
    page.keyboard.press("Enter")  # the touchpoints are left open
    expect(page.locator("h1")).to_have_text("Wie war es?")
    expect(page.locator("h1")).to_be_focused()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Empfehlen Sie uns?")
    page.keyboard.press("9")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Was gab es?")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Was zählt?")
    expect(page.locator(".rank.live")).to_be_visible()
    for _line in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.ariaLabel || ''").startswith("Tempo"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".rank li").nth(1)).to_have_attribute("data-code", "3")
    page.locator("footer .primary").press("Enter")
    expect(page.locator("h1")).to_have_text("Was noch?")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Was zählt?")
    expect(page.locator(".rank li").nth(1)).to_have_attribute("data-code", "3")
    said = stored(cafe)
    assert said == {}  # nothing is a fact before the end


def test_a_lost_connection_loses_nothing(cafe: Any, phone: Phone) -> None:
    from django_scopes import scopes_disabled

    from surveys.models import Filling

    page = phone()
    page.goto(cafe.path)
    with page.expect_response(re.compile("/ahead/")):
        page.locator("footer .primary").click()
    expect(page.locator("h1")).to_have_text("Wie war es?")
    page.wait_for_timeout(300)
    page.context.set_offline(True)
    page.locator("label.opt").nth(3).tap()
    page.locator("footer .primary").click()
    expect(page.locator("h1")).to_have_text("Empfehlen Sie uns?")  # goes on by itself
    expect(page.locator("[data-kept]")).to_be_visible()
    page.locator("label.nr").last.tap()
    page.locator("footer .primary").click()
    expect(page.locator("h1")).to_have_text("Was gab es?")
    assert page.evaluate("Object.keys(localStorage).length") == 1
    with scopes_disabled():
        assert len(Filling.objects.get().answers) == 1
    page.context.set_offline(False)
    expect(page.locator("[data-kept]")).to_be_hidden()
    all_sent(page)
    expect(page.locator("h1")).to_have_text("Was gab es?")
    with scopes_disabled():
        said = Filling.objects.get().answers
    assert said[str(cafe.rows["q2"].pk)] == {"score": 2}
    assert said[str(cafe.rows["q3"].pk)] == {"score": 10}


def test_answers_wait_on_the_phone_until_the_page_is_opened_again(cafe: Any, phone: Phone) -> None:
    from django_scopes import scopes_disabled

    from surveys.models import Filling

    page = phone()
    page.goto(cafe.path)
    page.locator("footer .primary").click()
    expect(page.locator("h1")).to_have_text("Wie war es?")
    page.route("**/m/**", lambda route: route.abort())
    page.locator("label.opt").first.tap()
    page.locator("footer .primary").click()
    expect(page.locator("[data-kept]")).to_be_visible()
    again = page.context.new_page()
    page.close(run_before_unload=False)
    again.goto(cafe.path)
    again.locator(".primary").click()
    expect(again.locator("h1")).to_have_text("Empfehlen Sie uns?")
    with scopes_disabled():
        assert Filling.objects.get().answers[str(cafe.rows["q2"].pk)] == {"score": 5}


def test_large_letters_and_print(cafe: Any, phone: Phone) -> None:
    page = phone()
    page.set_viewport_size({"width": 195, "height": 422})  # what 200 % leaves of a phone
    page.goto(cafe.path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 195
    page.emulate_media(media="print")
    expect(page.locator("footer")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()


def test_the_pages_around_have_no_barriers(cafe: Any, phone: Phone) -> None:
    from django_scopes import scopes_disabled

    from surveys.models import Survey

    page = phone()
    found = []

    def look() -> None:
        found.extend(Axe().run(page).response["violations"])
        assert page.evaluate("document.documentElement.scrollWidth") == 390

    page.goto(cafe.path)
    page.locator(".lang summary").click()
    look()
    page.locator(".lang a").last.click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("footer .primary").click()
    expect(page.locator(".prog")).to_have_attribute("aria-valuenow", "2")
    token = page.url.split("/")[5]
    for path in (cafe.path, f"{cafe.path}{token}/", "/m/mine/", "/m/NONE23/"):
        page.goto(path)
        look()
    page.goto(f"{cafe.path}{token}/")
    page.locator(".del summary").click()
    look()
    page.locator(".del .danger").click()
    expect(page).to_have_url(re.compile("/thanks/"))
    look()
    with scopes_disabled():
        Survey.objects.update(state="closed")
    page.goto(cafe.path)
    look()
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in found] == []
