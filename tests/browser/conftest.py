"""A real browser on the real application with the sample workspace."""

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Per module, not per session: playwright keeps an event loop running, which tests with a loop of
# their own in the same process could not bear.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing; CI must run the browser tests")
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def sample(transactional_db: None) -> Any:
    """The sample workspace; made once per process and day, afterwards its rows are copied back."""
    from cxm.management.sample import load_sample
    from cxm.models import Workspace

    today = dt.date.today()
    if today not in _made:
        bare = _filled_tables()
        load_sample(today=today)
        _made[today] = _copied(_filled_tables() - bare)
    else:
        _copy_back(_made[today])
    return Workspace.objects.get(slug="cafe-am-markt")


_made: dict[dt.date, dict[str, bytes]] = {}


def _filled_tables() -> set[str]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (TABLE \"{name}\")" for name in names)
        )
        return {name for (name,) in cursor.fetchall()}


def _copied(tables: set[str]) -> dict[str, bytes]:
    with connection.cursor() as cursor:
        found = {}
        for name in sorted(tables):
            with cursor.copy(f'COPY "{name}" TO STDOUT (FORMAT binary)') as channel:
                found[name] = b"".join(map(bytes, channel))
        return found


def _copy_back(rows: dict[str, bytes]) -> None:
    # Foreign keys are looked at when the transaction ends, so the order does not matter.
    with transaction.atomic(), connection.cursor() as cursor:
        for name, data in rows.items():
            with cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT binary)') as channel:
                channel.write(data)


class Person:
    """Somebody at a browser; whatever the console complains about fails the test."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.context = context
        self.origin = origin
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")

    def open(self, path: str) -> Page:
        response = self.page.goto(self.origin + path, wait_until="load")
        assert response is not None
        assert response.status == 200, f"{path}: {response.status}"
        return self.page


@pytest.fixture
def visit(browser: Browser, live_server: Any, sample: Any) -> Iterator[Callable[..., Person]]:
    """``visit("analyst", language="de", dark=True, phone=True)`` → a signed-in person."""
    people: list[Person] = []

    def enter(
        role: str | None = "analyst",
        *,
        language: str = "en",
        dark: bool = False,
        phone: bool = False,
        javascript: bool = True,
    ) -> Person:
        context = browser.new_context(
            locale=language,
            color_scheme="dark" if dark else "light",
            viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
            java_script_enabled=javascript,
        )
        context.set_default_timeout(15_000)
        if role:
            context.add_cookies([session_cookie(role, live_server.url)])  # type: ignore[list-item]
        people.append(Person(context, live_server.url))
        return people[-1]

    yield enter
    for person in people:
        person.context.close()
    assert not [text for person in people for text in person.complaints]


def session_cookie(role: str, origin: str) -> dict[str, str]:
    from cxm.models import User

    client = Client()
    client.force_login(User.objects.get(email=f"{role}@cafe.example"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return {"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": origin}
