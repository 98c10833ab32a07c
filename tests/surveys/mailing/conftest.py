"""An open survey, a list of people, and a mail server on loopback that keeps what it gets."""

import email
import email.policy
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django_scopes import scope


class Catcher:
    """``answers``: address → what the server says to RCPT, or to DATA where it begins "DATA "."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.envelopes: list[tuple[str, str]] = []
        self.answers: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 — the names are the server's
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        said = self.answers.get(address, "250 OK")
        if not said.startswith(("DATA", "250")):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        address = envelope.rcpt_tos[0]
        said = self.answers.get(address, "")
        if said.startswith("DATA "):
            return said[5:]
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        self.envelopes.append((envelope.mail_from, address))
        return "250 OK"

    def to(self, address: str) -> list[Any]:
        return [
            letter
            for letter, (_sender, recipient) in zip(self.letters, self.envelopes, strict=True)
            if recipient == address
        ]


@pytest.fixture
def catcher(settings: Any) -> Iterator[Catcher]:
    from aiosmtpd.controller import Controller

    made = Catcher()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(made, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.DEFAULT_FROM_EMAIL = "Café <cxm@firm.example>"
    settings.BOUNCE_EMAIL = "back@firm.example"
    yield made
    controller.stop()


@pytest.fixture
def survey(workspace: Any) -> Any:
    from surveys import publishing
    from tests.factories import QuestionFactory, SurveyFactory

    with scope(workspace=workspace):
        asked = SurveyFactory(
            workspace=workspace, name="Visit", language="en", languages=["de"], state="draft"
        )
        QuestionFactory(
            workspace=workspace,
            survey=asked,
            texts={"en": "How was it?", "de": "Wie war es?"},
            text="How was it?",
        )
        publishing.publish(survey=asked, by=None)
        asked.refresh_from_db()
    return asked


@pytest.fixture
def mail_to(survey: Any) -> Callable[..., Any]:
    """``mail_to("a@x.example", …)`` → a mailing that has begun, queued nowhere."""
    from surveys.mailing import lists
    from surveys.mailing.defaults import first_texts
    from surveys.mailing.people import Person
    from tests.factories import UserFactory

    def make(*emails: str, start: bool = True, name: str = "Spring", **fields: Any) -> Any:
        people = [Person(n, email, "Anna Berg") for n, email in enumerate(emails, 1)]
        made = lists.create(survey=survey, name=name, people=people, by=UserFactory())
        made.subjects, made.bodies = first_texts(survey)
        for key, value in fields.items():
            setattr(made, key, value)
        made.save()
        if start:
            made = lists.start(mailing=made, origin="https://cxm.firm.example")
        return made

    return make
