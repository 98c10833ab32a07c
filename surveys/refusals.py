"""Addresses that get no survey mail any more, kept as a keyed hash: the list names nobody."""

from collections.abc import Iterable

from django.utils.crypto import salted_hmac

from surveys.models import Refusal


def hash_address(email: str) -> str:
    """What is stored of an address, whatever its case and surrounding blanks."""
    return salted_hmac("surveys.refusal", email.strip().lower(), algorithm="sha256").hexdigest()


def refuse(*, workspace_id: int, emails: Iterable[str], reason: str) -> None:
    """Never mail these addresses again; a reason that is there already stays."""
    hashes = dict.fromkeys(hash_address(email) for email in emails if email.strip())
    Refusal.objects.bulk_create(
        [Refusal(workspace_id=workspace_id, email_hash=value, reason=reason) for value in hashes],
        ignore_conflicts=True,
    )


def refused(emails: Iterable[str]) -> set[str]:
    """Those of the addresses, as given, that want no mail; one query."""
    hashes = {email: hash_address(email) for email in emails}
    stored = Refusal.objects.filter(email_hash__in=set(hashes.values()))
    found = set(stored.values_list("email_hash", flat=True))
    return {email for email, value in hashes.items() if value in found}
