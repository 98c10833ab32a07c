"""Which two groups a comparison shows, as its address says it; else the newest two that fit.

``a`` and ``b`` are surveys. The same survey twice (or ``survey`` alone) means two periods of it:
before a day and from that day on.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Max, Min
from django.http import Http404
from django.utils.translation import gettext as _

from cxm.models import Workspace
from journeys import selection
from journeys.compare import Pair, Side, asked_questions, folded, pairs_of
from journeys.selection import Parameters
from surveys.models import Question, Response, Source, Survey

Days = Mapping[int, tuple[dt.date, dt.date]]


@dataclass(frozen=True)
class Choice:
    """Two groups and what was asked in both; ``since`` is the day between two periods."""

    surveys: tuple[Survey, ...]
    a: Side | None = None
    b: Side | None = None
    pairs: tuple[Pair, ...] = ()
    since: dt.date | None = None
    question: str = ""
    problems: tuple[str, ...] = ()

    @property
    def is_period(self) -> bool:
        return self.since is not None


def choose(workspace: Workspace, parameters: Parameters) -> Choice:
    """The groups that an address names: four queries. 404 for surveys that are not ours."""
    surveys = selection.load_choices(workspace).surveys
    questions: dict[int, list[Question]] = {survey.pk: [] for survey in surveys}
    for question in asked_questions(workspace):
        questions[question.survey_id].append(question)
    days = _days(workspace)
    a, b = _named(parameters, surveys) or _default(surveys, questions, days)
    problems: list[str] = []
    since = _date(parameters, problems)
    if a is None or b is None:
        return Choice(surveys, problems=tuple(problems))
    wanted = folded(_last(parameters, "question"))
    if a == b:
        since = since or _middle(days.get(a.pk))
        sides = _periods(a, since)
    else:
        since, sides = None, (Side(a), Side(b))
    pairs = tuple(pairs_of(questions[a.pk], questions[b.pk]))
    if wanted and wanted not in {pair.key for pair in pairs}:
        problems.append(_("This question was not asked in both groups; another one is shown."))
        wanted = ""
    return Choice(surveys, *sides, pairs, since, wanted, tuple(problems))


def _last(parameters: Parameters, name: str) -> str:
    values = parameters.getlist(name)
    return values[-1].strip() if values else ""


def _date(parameters: Parameters, problems: list[str]) -> dt.date | None:
    text = _last(parameters, "since")
    try:
        day = dt.date.fromisoformat(text) if text else None
    except ValueError:
        problems.append(_("“%(text)s” is not a date.") % {"text": text})
        return None
    return None if day == dt.date.min else day


def _named(parameters: Parameters, surveys: Sequence[Survey]) -> tuple[Survey, Survey] | None:
    """The surveys of the address; one of them alone is compared with itself, over time."""
    names = [_last(parameters, name) for name in ("a", "b", "survey")]
    found = [_survey(text, surveys) for text in names if text]
    return (found[0], found[1] if names[0] and names[1] else found[0]) if found else None


def _survey(text: str, surveys: Sequence[Survey]) -> Survey:
    for survey in surveys:
        if str(survey.pk) == text:
            return survey
    raise Http404


def _days(workspace: Workspace) -> dict[int, tuple[dt.date, dt.date]]:
    """First and last day of each survey's answers: one query."""
    rows = (
        Response.objects.filter(workspace=workspace)
        .order_by()
        .values_list("survey_id")
        .annotate(first=Min("answered_on"), last=Max("answered_on"))
    )
    return {survey: (first, last) for survey, first, last in rows}


def _default(
    surveys: Sequence[Survey], questions: Mapping[int, Sequence[Question]], days: Days
) -> tuple[Survey | None, Survey | None]:
    """The two newest surveys that share a question, earlier one first; else the newest alone."""
    asked = [s for s in surveys if s.source != Source.PORTAL and s.pk in days and questions[s.pk]]
    newest = sorted(asked, key=lambda s: (days[s.pk][1], s.pk), reverse=True)
    for b, a in combinations(newest, 2):
        if pairs_of(questions[a.pk], questions[b.pk]):
            return a, b
    first = newest[0] if newest else None
    return first, first


def _middle(days: tuple[dt.date, dt.date] | None) -> dt.date | None:
    """The first day of the second half; None where all answers are of one day."""
    if days is None or days[0] == days[1]:
        return None
    first, last = days
    return first + dt.timedelta(days=((last - first).days + 1) // 2)


def _periods(survey: Survey, since: dt.date | None) -> tuple[Side | None, Side | None]:
    if since is None:
        return None, None
    return Side(survey, until=since - dt.timedelta(days=1)), Side(survey, since=since)
