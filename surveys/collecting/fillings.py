"""One person filling in a questionnaire, page by page; each step is stored at once."""

import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from surveys import histograms
from surveys.collecting import doors
from surveys.collecting.doors import Door
from surveys.collecting.tokens import filling_id
from surveys.models import Filling, Invitee
from surveys.questionnaire import Item, Questionnaire, Reply, pages


@dataclass(frozen=True)
class Progress:
    """Where a person is: what they said, and the pages that follow from it."""

    filling: Filling
    questionnaire: Questionnaire
    replies: dict[int, Reply]
    pages: tuple[Item, ...]

    @property
    def is_open(self) -> bool:
        return self.filling.state == Filling.State.OPEN


def begin(
    *,
    door: Door,
    token: str,
    language: str,
    invitee: Invitee | None = None,
    suspicions: Sequence[str] = (),
) -> Progress:
    """A filling for this token; the one that is there if the same page was sent twice.

    ``suspicions``: what speaks against a person from the first moment on.
    """
    now = timezone.now()
    filling = Filling(
        workspace_id=door.survey.workspace_id,
        id=filling_id(token),
        survey_id=door.survey.pk,
        version_id=door.version_id,
        link_id=door.link.pk,
        invitee_id=invitee.pk if invitee else None,
        language=language,
        rotation=rotation(door.survey.workspace_id, door.questionnaire),
        suspicions=list(suspicions),
        started_at=now,
        touched_at=now,
    )
    _insert(filling)
    # A conflict is not told apart: the row that stands is read by whoever goes on.
    return progress(filling)


_GIVEN = (
    *("workspace_id", "id", "survey_id", "version_id", "link_id", "invitee_id", "language"),
    *("rotation", "suspicions", "started_at", "touched_at"),
)
_EMPTY: dict[str, Any] = {"state": "open", "answers": "{}", "at_question": 0, "word_hash": ""}


def _insert(filling: Filling) -> None:
    """One statement that commits by itself: half of what everybody waits for who begins."""
    columns = ", ".join((*_GIVEN, *_EMPTY))
    values: list[Any] = [getattr(filling, name) for name in _GIVEN]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO surveys_filling ({columns})"
            f" VALUES ({', '.join(['%s'] * len(_GIVEN + tuple(_EMPTY)))}) ON CONFLICT DO NOTHING",
            [*values, *_EMPTY.values()],
        )


def find(*, door: Door, token: str) -> Progress | None:
    """The filling of a token, if it began at this link."""
    found = Filling.objects.filter(id=filling_id(token), link_id=door.link.pk).first()
    return progress(found) if found else None


def progress(filling: Filling) -> Progress:
    """Where a filling stands; no query but for a version that this process has not met."""
    questionnaire = doors.questionnaire(filling.version_id)
    replies = {int(question): reply for question, reply in filling.answers.items()}
    return Progress(
        filling, questionnaire, replies, pages(questionnaire, replies, filling.rotation)
    )


def answer(*, at: Progress, item: Item, reply: Mapping[str, Any]) -> Progress:
    """Store one reply (one statement, committed when it returns); sending it twice counts once.

    ``item`` must be a page of ``at``: ValueError otherwise. A filling that ended meanwhile
    stays as it is, and the result says so by its state.
    """
    if all(item.id != page.id for page in at.pages):
        raise ValueError("this question was not asked")
    filling = at.filling
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE surveys_filling SET answers = answers || %s::jsonb, at_question = %s,"
            " touched_at = %s WHERE workspace_id = %s AND id = %s AND state = 'open'"
            " RETURNING answers",
            [
                json.dumps({str(item.id): reply}),
                item.id,
                timezone.now(),
                filling.workspace_id,
                filling.id,
            ],
        )
        row = cursor.fetchone()
    if row is None:
        filling.refresh_from_db()
    else:
        filling.answers = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return progress(filling)


_counts: dict[int, tuple[float, dict[int, int]]] = {}
_FRESH = 10.0  # seconds that counts of answers are good enough to choose who is asked what


def rotation(workspace_id: int, questionnaire: Questionnaire) -> list[int]:
    """The rotating questions, fewest answers first and equal ones by chance, so all get their n."""
    rotating = [item.id for item in questionnaire.everything() if item.rotates]
    if not rotating:
        return []
    counts = _answers_so_far(workspace_id, questionnaire.survey, rotating)
    chance = random.SystemRandom()
    return sorted(rotating, key=lambda question: (counts.get(question, 0), chance.random()))


def _answers_so_far(workspace_id: int, survey: int, questions: list[int]) -> dict[int, int]:
    then, counts = _counts.get(survey, (0.0, {}))
    if time.monotonic() - then > _FRESH:
        counts = {}
        wanted = histograms.Slice(questions=tuple(questions))
        for row in histograms.read(workspace_id=workspace_id, slice=wanted):
            if row.score is not None:
                counts[row.question] = counts.get(row.question, 0) + row.n
        _counts[survey] = time.monotonic(), counts
    return counts
