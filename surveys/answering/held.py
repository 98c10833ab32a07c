"""What was held back: read for the page, thrown away for good."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise

from surveys.answering import suspicion
from surveys.answering.saying import said_words
from surveys.collecting import fillings
from surveys.models import Filling, Survey
from surveys.questionnaire import piped


@dataclass(frozen=True)
class Reason:
    words: str | Promise
    weight: int


@dataclass(frozen=True)
class Held:
    """One filling with what speaks against it and what was said, question by question."""

    filling: Filling
    reasons: tuple[Reason, ...]
    score: int
    said: tuple[tuple[str, str], ...]


def waiting(survey: Survey) -> QuerySet[Filling]:
    """The held fillings of a survey, the newest first."""
    return Filling.objects.filter(survey_id=survey.pk, state=Filling.State.HELD).order_by(
        "-started_at", "id"
    )


def described(filling: Filling, language: str) -> Held:
    """As the page shows it; no query but for a version that was never met."""
    at = fillings.progress(filling)
    reasons = tuple(
        Reason(suspicion.WORDS.get(name, name), suspicion.WEIGHTS.get(name, 0))
        for name in filling.suspicions
    )
    texts: dict[str, Any] = {
        "questionnaire": at.questionnaire, "replies": at.replies, "language": language,
    }  # fmt: skip
    said = tuple(
        (
            piped(item.texts, **texts) or item.place or item.key,
            said_words(item, at.replies[item.id], at.questionnaire, language),
        )
        for item in at.pages
        if item.id in at.replies
    )
    return Held(filling, reasons, sum(reason.weight for reason in reasons), said)


@transaction.atomic
def discard(*, filling: Filling) -> None:
    """Throw a held filling away; one that was released meanwhile stays."""
    Filling.objects.filter(id=filling.id, state=Filling.State.HELD).delete()
