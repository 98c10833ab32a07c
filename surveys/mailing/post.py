"""Handing letters to the mail server: one connection for many, and what it said to each."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection


class Said(StrEnum):
    """``LATER``: certainly not taken. ``UNSURE``: the line broke after the text was sent."""

    TAKEN = "taken"
    LATER = "later"
    UNKNOWN_PERSON = "unknown-person"
    REFUSED = "refused"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Answer:
    said: Said
    words: str = ""


class NoServerError(Exception):
    """The mail server cannot be reached, or does not let us in: nothing was handed over."""


class Post:
    """An open connection."""

    def __init__(self, backend: Any) -> None:
        self.backend = backend

    @property
    def _smtp(self) -> smtplib.SMTP | None:
        found = getattr(self.backend, "connection", None)
        return found if isinstance(found, smtplib.SMTP) else None

    def hand_over(self, mail: EmailMultiAlternatives) -> Answer:
        """One letter. After LATER with a broken line the connection is of no use any more."""
        if self._smtp is None:
            self.backend.send_messages([mail])
            return Answer(Said.TAKEN)
        return _dialogue(self._smtp, mail)


@contextmanager
def opened() -> Iterator[Post]:
    """A connection for a batch. Raises NoServerError where there is none."""
    backend: Any = get_connection()
    try:
        backend.open()
    except (OSError, smtplib.SMTPException) as error:
        raise NoServerError(_words(error)) from error
    try:
        yield Post(backend)
    finally:
        try:
            backend.close()
        except (OSError, smtplib.SMTPException):
            backend.connection = None


def _dialogue(smtp: smtplib.SMTP, mail: EmailMultiAlternatives) -> Answer:
    """MAIL, RCPT, DATA (RFC 5321) step by step: only after DATA may the server have the letter."""
    message: Any = mail.message()
    content = message.as_bytes(linesep="\r\n")
    try:
        smtp.ehlo_or_helo_if_needed()
        code, words = smtp.mail(mail.from_email)
        if code != 250:
            return _after(smtp, code, words, Said.REFUSED)
        code, words = smtp.rcpt(_address(mail))
        if code not in (250, 251):
            return _after(smtp, code, words, _kind(code, words))
    except (OSError, smtplib.SMTPException) as error:
        return Answer(Said.LATER, _words(error))
    try:
        code, words = smtp.data(content)
    except smtplib.SMTPDataError as error:
        return _after(smtp, error.smtp_code, error.smtp_error, Said.REFUSED)
    except (OSError, smtplib.SMTPException) as error:
        return Answer(Said.UNSURE, _words(error))
    return Answer(Said.TAKEN) if code == 250 else _after(smtp, code, words, Said.REFUSED)


def _address(mail: EmailMultiAlternatives) -> str:
    """The bare address: the name beside it is for people."""
    return mail.to[0].rpartition("<")[2].rstrip(">")


def _kind(code: int, words: bytes | str) -> Said:
    """Enhanced codes (RFC 3463): 5.7 is a policy about us, 5.1 and the rest about the person."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return Said.REFUSED if text.startswith("5.7.") or code == 554 else Said.UNKNOWN_PERSON


def _after(smtp: smtplib.SMTP, code: int, words: bytes | str, permanent: Said) -> Answer:
    """What a refusal means; the connection is made ready for the next letter."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    answer = Answer(permanent if 500 <= code < 600 else Said.LATER, f"{code} {text}"[:300])
    if code == 421:
        return answer
    try:
        smtp.rset()
    except (OSError, smtplib.SMTPException):
        smtp.close()
    return answer


def _words(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:300]
