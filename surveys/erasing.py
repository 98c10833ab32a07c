"""Erasing responses with everything that hangs on them; the figures follow by themselves."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence

from django.db import transaction

from surveys import histograms
from surveys.models import Answer, Case, Filling, Response, Tagging


@transaction.atomic
def erase_responses(
    *, workspace_id: int, response_ids: Sequence[uuid.UUID], with_fillings: bool = True
) -> "Counter[str]":
    """Answers, tags, cases with their notes, what was filled in, and the responses themselves.

    The days are marked in the same transaction, so that no figure counts what is gone. Erasing
    what is gone already counts nothing. Returns how many rows of each kind went: "responses",
    "answers", "cases", "fillings". Without ``with_fillings`` these stay for the caller.
    """
    ids = list(response_ids)
    gone: Counter[str] = Counter()
    if not ids:
        return gone
    people = Response.objects.select_for_update().filter(id__in=ids)
    days: set[dt.date] = set(people.values_list("answered_on", flat=True))
    answers = Answer.objects.filter(response_id__in=ids)
    Tagging.objects.filter(answer_id__in=answers.values("id")).delete()
    cases = Case.objects.filter(response_id__in=ids)
    gone["cases"] = cases.delete()[1].get("surveys.Case", 0)
    gone["answers"] = answers.delete()[0]
    if with_fillings:
        gone["fillings"] = Filling.objects.filter(response_id__in=ids).delete()[0]
    gone["responses"] = Response.objects.filter(id__in=ids).delete()[0]
    if days:
        histograms.mark_dirty(workspace_id=workspace_id, days=days)
    return +gone
