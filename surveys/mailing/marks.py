"""Signs in a letter that lead back to one invitation: to its sender, and to who wants no more."""

import re
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

_REFUSAL = signing.Signer(salt="surveys.refusal", sep=".")
_MARK: Final = re.compile(r"cxm-([0-9a-z]{1,13})-([0-9a-f]{16})")
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def mark_of(invitee_id: int) -> str:
    """Short enough for the left side of an address (64 signs), and not to be made up."""
    return f"cxm-{_base36(invitee_id)}-{_proof(invitee_id)}"


def invitee_of(text: str) -> int | None:
    """The invitation that some header of a returned mail speaks of."""
    for match in _MARK.finditer(text.lower()):
        invitee_id = int(match[1], 36)
        if constant_time_compare(match[2], _proof(invitee_id)):
            return invitee_id
    return None


def _proof(invitee_id: int) -> str:
    made = salted_hmac("surveys.bounce", str(invitee_id), algorithm="sha256")
    return made.hexdigest()[:16]


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"


def return_path(mark: str) -> str:
    """Where undeliverable mail comes back: with the mark, where a mailbox for it is set up."""
    user, sign, domain = settings.BOUNCE_EMAIL.rpartition("@")
    if not sign:
        return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return f"{user}+{mark}@{domain}"


def refusal_of(invitee_id: int) -> str:
    """What stands in the address by which a person wants no more letters."""
    return _REFUSAL.sign(str(invitee_id))


def invitee_refusing(token: str) -> int | None:
    """The invitation of such an address; None where it was made up or cut off."""
    try:
        value = _REFUSAL.unsign(token)
    except signing.BadSignature:
        return None
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None
