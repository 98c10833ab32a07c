"""Coming to a survey: from the code in an address to the questionnaire, or why it is shut."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone
from django_scopes import scopes_disabled

from surveys.models import Filling, Invitee, Link, Response, Survey, Version
from surveys.questionnaire import Questionnaire, from_json


class Shut(StrEnum):
    """Why nobody can begin; pages have the words."""

    NOT_YET = "not-yet"
    OVER = "over"
    FULL = "full"
    ANSWERED = "answered"


@dataclass(frozen=True, eq=False)
class Door:
    """A link with its survey (workspace loaded) and the version that people answer now."""

    link: Link
    survey: Survey
    version_id: int

    @property
    def questionnaire(self) -> Questionnaire:
        return questionnaire(self.version_id)

    @property
    def shut(self) -> Shut | None:
        """Whether people can answer at this moment, judged from the rows alone."""
        now = timezone.now()
        survey = self.survey
        if survey.opens_at and now < survey.opens_at:
            return Shut.NOT_YET
        over = survey.closes_at is not None and now >= survey.closes_at
        if over or survey.state != Survey.State.OPEN or not self.link.is_active:
            return Shut.OVER
        return None


def find(code: str) -> Door | None:
    """The door of a code (one query); None where there is none, or its survey was never open."""
    return find_with(code, None)[0]


def find_with(code: str, filling: uuid.UUID | None) -> tuple[Door | None, Filling | None]:
    """The door, and the filling of this id that began there: one query for both.

    Link, survey and workspace are kept as they were read until their rows change, which the
    places of the rows in their tables tell: people answering read them a thousand times.
    """
    code = code.upper()
    columns = f", {_COLUMNS}" if filling else ""
    join = _JOIN if filling else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_STATE}{columns} FROM surveys_link l JOIN surveys_survey s"
            f" ON s.id = l.survey_id JOIN cxm_workspace w ON w.id = s.workspace_id{join}"
            " WHERE l.code = %s",
            [filling, code] if filling else [code],
        )
        row = cursor.fetchone()
    if row is None:
        _known.pop(code, None)
        return None, None
    state, door = _known.get(code, ("", None))
    if state != row[0] or door is None:
        door = _read(code)
        if len(_known) > _MOST:
            _known.clear()
        _known[code] = row[0], door
    if not filling or row[1] is None:
        return door, None
    return door, _filling(row[1:])


_known: dict[str, tuple[str, Door | None]] = {}
_MOST = 2000
# A row that is updated gets another place (ctid) or, after a clean-up, another writer (xmin).
_STATE = "concat_ws(' ', l.ctid, l.xmin, s.ctid, s.xmin, w.ctid, w.xmin)"
_NAMES = [field.attname for field in Filling._meta.concrete_fields]
_JSON = _NAMES.index("answers")
_COLUMNS = ", ".join(f"f.{name}" for name in _NAMES)
_JOIN = (
    " LEFT JOIN surveys_filling f"
    " ON f.workspace_id = l.workspace_id AND f.id = %s AND f.link_id = l.id"
)


def locked(filling: Filling) -> Filling | None:
    """The row as it stands, for nobody else until the transaction ends; in the scope of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM surveys_filling f WHERE f.workspace_id = %s AND f.id = %s"
            " FOR UPDATE",
            [filling.workspace_id, filling.id],
        )
        row = cursor.fetchone()
    return _filling(row) if row else None


def _filling(values: Sequence[Any]) -> Filling:
    row = list(values)
    if isinstance(row[_JSON], str):
        row[_JSON] = json.loads(row[_JSON])
    return Filling.from_db("default", _NAMES, row)


def _read(code: str) -> Door | None:
    with scopes_disabled():
        link = (
            Link.objects.select_related("survey__workspace")
            .filter(code=code, survey__version__isnull=False)
            .first()
        )
    if link is None or link.survey.version_id is None:
        return None
    return Door(link, link.survey, link.survey.version_id)


def shut_for(door: Door, invitee: Invitee | None) -> Shut | None:
    """As ``Door.shut``, and whether a new person still fits in; asked before beginning."""
    if invitee is not None and invitee.state == Invitee.State.ANSWERED:
        return Shut.ANSWERED
    if door.shut:
        return door.shut
    survey = door.survey
    if survey.max_answers is not None:
        stored = Response.objects.filter(survey_id=survey.pk, is_complete=True).count()
        if stored >= survey.max_answers:
            return Shut.FULL
    return None


@lru_cache(maxsize=256)
def questionnaire(version_id: int) -> Questionnaire:
    """A version read once per process: it never changes. Version.DoesNotExist if it is gone."""
    with scopes_disabled():
        return from_json(Version.objects.only("definition").get(pk=version_id).definition)
