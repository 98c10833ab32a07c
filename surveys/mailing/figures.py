"""How far mailings are: people per state."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q
from django.utils import timezone

from surveys.models import Invitee, Mailing, Survey

# A letter that was handed over so long ago without an answer: the sender ended in between.
UNSURE_AFTER: Final = dt.timedelta(minutes=10)
_S = Invitee.State


@dataclass(frozen=True)
class Progress:
    """People of one mailing by what became of them; ``unsure`` of them may have the letter."""

    mailing: Mailing
    waiting: int = 0
    sending: int = 0
    unsure: int = 0
    sent: int = 0
    answered: int = 0
    bounced: int = 0
    unsubscribed: int = 0
    spared: int = 0
    failed: int = 0
    reminders: int = 0

    @property
    def people(self) -> int:
        return self.done + self.waiting + self.sending

    @property
    def done(self) -> int:
        """Of whom nothing more is to be done with the first letter."""
        came_to_an_end = self.bounced + self.unsubscribed + self.spared + self.failed
        return self.unsure + self.sent + self.answered + came_to_an_end

    @property
    def reached(self) -> int:
        """Who got the letter, as far as is known: what the rate is a part of."""
        return self.sent + self.answered + self.unsubscribed


def of_survey(survey: Survey) -> list[Progress]:
    """Every mailing of a survey, the newest first; two queries."""
    return _progress(Mailing.objects.filter(survey=survey).select_related("link"))


def of_mailing(mailing: Mailing) -> Progress:
    return _progress([mailing])[0]


def _progress(mailings: Iterable[Mailing]) -> list[Progress]:
    found = list(mailings)
    late = Q(state=_S.SENDING, sent_at__lt=timezone.now() - UNSURE_AFTER)
    counts: dict[int, dict[str, int]] = {mailing.pk: {} for mailing in found}
    rows = (
        Invitee.objects.filter(mailing__in=found)
        .values("mailing_id", "state")
        .annotate(n=Count("id"), unsure=Count("id", filter=late))
        .annotate(reminded=Count("id", filter=Q(reminders_sent__gt=0)))
        .order_by()
    )
    for row in rows:
        mine = counts[row["mailing_id"]]
        mine[row["state"]] = row["n"] - row["unsure"]
        mine["unsure"] = mine.get("unsure", 0) + row["unsure"]
        mine["reminders"] = mine.get("reminders", 0) + row["reminded"]
    return [Progress(mailing, **counts[mailing.pk]) for mailing in found]
