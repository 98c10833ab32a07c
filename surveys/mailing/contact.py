"""Who is not to be written to now: they said so, or were written to shortly before."""

import datetime as dt
from collections.abc import Collection

from django.utils import timezone

from surveys.models import Invitee, Mailing


def _since(days: int, moment: dt.datetime | None = None) -> dt.datetime:
    return (moment or timezone.now()) - dt.timedelta(days=days)


def spared(emails: Collection[str], *, days: int, moment: dt.datetime | None = None) -> set[str]:
    """Those of the addresses that got a letter of any survey within ``days`` before ``moment``.

    Of the workspace in scope; 0 days is no limit.
    """
    if not days or not emails:
        return set()
    rows = Invitee.objects.filter(sent_at__gte=_since(days, moment), email__in=list(emails))
    return set(rows.values_list("email", flat=True))


def was_invited(email: str, *, mailing: Mailing, days: int) -> bool:
    """Whether another mailing wrote to this address within ``days``; asked right before sending."""
    if not days:
        return False
    rows = Invitee.objects.filter(email=email, sent_at__gte=_since(days))
    return rows.exclude(mailing=mailing).exists()
