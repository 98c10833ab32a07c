"""The secrets of answering: tokens in addresses, the word a person keeps, ids without a minute."""

import datetime as dt
import hashlib
import secrets
import uuid
from typing import Final

from django.core import signing
from django.utils.crypto import salted_hmac

_SALT: Final = "surveys.answer"


def new_token() -> str:
    """What stands in the address of one filling: 128 random bits."""
    return secrets.token_urlsafe(16)


def filling_id(token: str) -> uuid.UUID:
    """The id that belongs to a token; the token itself is stored nowhere."""
    return uuid.UUID(bytes=hashlib.sha256(token.encode()).digest()[:16])


def stamp(code: str) -> str:
    """Signs the page that begins a survey: which link, when, and the token to be.

    Posting it twice begins one filling; a page that no server made begins none.
    """
    return signing.dumps([code, new_token()], salt=_SALT, compress=False)


class StampError(ValueError):
    """The page that was posted is not of this link, or too old."""


def stamped(code: str, value: str, *, longest: dt.timedelta = dt.timedelta(days=2)) -> str:
    """The token of a stamp; StampError where it is forged, foreign or older than ``longest``."""
    try:
        link, token = signing.loads(value, salt=_SALT, max_age=longest)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise StampError from error
    if link != code or not isinstance(token, str):
        raise StampError
    return token


def personal_token(invitee_id: int) -> str:
    """The same token each time for one person's letter: who comes back goes on where they were.

    Only for surveys that are not anonymous: whoever holds the server's secret can join the two.
    """
    return salted_hmac(_SALT + ".invitee", str(invitee_id), algorithm="sha256").hexdigest()[:32]


def hash_word(word: str) -> str:
    """What is stored of a code word, whatever the spelling of dashes, blanks and letters."""
    plain = "-".join(word.lower().replace("-", " ").split())
    return salted_hmac(_SALT + ".word", plain, algorithm="sha256").hexdigest()


def week_of(day: dt.date) -> dt.date:
    """The Monday: all that an anonymous answer says about its time."""
    return day - dt.timedelta(days=day.weekday())


def id_of_day(day: dt.date) -> uuid.UUID:
    """A UUIDv7 (RFC 9562) whose time is midnight of the day, everything else chance.

    The usual one holds the millisecond, and a counter that would tell who came first.
    """
    midnight = dt.datetime.combine(day, dt.time(), dt.UTC)
    milliseconds = int(midnight.timestamp() * 1000)
    bits = (milliseconds << 80) | secrets.randbits(80)
    bits = bits & ~(0xF << 76) | (0x7 << 76)
    bits = bits & ~(0x3 << 62) | (0x2 << 62)
    return uuid.UUID(int=bits)
