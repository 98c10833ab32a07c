"""Coming to a survey: from the code in an address to the questionnaire, or why it is shut."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from django.utils import timezone
from django_scopes import scopes_disabled

from surveys.models import Invitee, Link, Response, Survey, Version
from surveys.questionnaire import Questionnaire, from_json


class Shut(StrEnum):
    """Why nobody can begin; pages have the words."""

    NOT_YET = "not-yet"
    OVER = "over"
    FULL = "full"
    ANSWERED = "answered"


@dataclass(frozen=True)
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
    with scopes_disabled():
        link = (
            Link.objects.select_related("survey__workspace")
            .filter(code=code.upper(), survey__version__isnull=False)
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
