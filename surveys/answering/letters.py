"""Addresses in letters: they say which invitation they belong to, and cannot be made up."""

from django.core import signing
from django.urls import reverse

_signer = signing.Signer(salt="surveys.invitee", sep=".")


def letter_of(invitee_id: int) -> str:
    """What stands in the address of one person's letter."""
    return _signer.sign(str(invitee_id))


def letter_path(invitee_id: int) -> str:
    """The path of one person's letter, without the host."""
    return reverse("answer:invited", kwargs={"letter": letter_of(invitee_id)})


def invitee_id_of(letter: str) -> int | None:
    """The invitation that an address belongs to; None where it was made up or cut off."""
    try:
        value = _signer.unsign(letter)
    except signing.BadSignature:
        return None
    return int(value) if value.isdecimal() else None
