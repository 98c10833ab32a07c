"""Counts behind a results page: from histograms where they suffice, else from the answers."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django.db import connection

from surveys import histograms
from surveys.models import Response, Source, Survey
from surveys.results_selection import Dimension, Selection

# What histograms can group by, and what one row of them says of it.
_FOLDED: Final = {"source": "source", "month": "month", "segment": "segment"}
_COLUMNS: Final = {
    "source": "r.source",
    "month": "date_trunc('month', r.answered_on)::date",
    "segment": "s.segment_id",
    "language": "r.language",
    "link": "coalesce(r.link_id, 0)",
    "version": "coalesce(r.version, 0)",
}
_CONDITIONS: Final = {
    "since": "r.answered_on >= %(since)s",
    "until": "r.answered_on <= %(until)s",
    "language": "r.language = %(language)s",
    "segment": "r.segments @> ARRAY[%(segment)s]::bigint[]",
    "link": "r.link_id = %(link)s",
    "version": "r.version = %(version)s",
}


class Tally(NamedTuple):
    """How often one score was given. ``key`` is the group asked for, None without one."""

    question: int
    key: Any
    status: int
    score: int | None
    n: int
    sum_w: float
    sum_w2: float


class People(NamedTuple):
    """Responses of one source and link, finished or not."""

    source: str
    link: int | None
    is_complete: bool
    n: int


def conditions(survey: Survey, selected: Selection) -> tuple[str, dict[str, Any]]:
    """The WHERE of responses ``r`` of a selection, without its source, and what it names."""
    params: dict[str, Any] = {"workspace": survey.workspace_id, "survey": survey.pk}
    parts = ["r.workspace_id = %(workspace)s", "r.survey_id = %(survey)s"]
    for name, condition in _CONDITIONS.items():
        if value := getattr(selected, name):
            params[name] = value
            parts.append(condition)
    return " AND ".join(parts), params


def people(survey: Survey, selected: Selection) -> list[People]:
    """Who answered: of all responses together counted in an index alone."""
    where, params = conditions(survey, selected)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.source, r.link_id, r.is_complete, count(*)"
            f" FROM surveys_response r WHERE {where} GROUP BY 1, 2, 3",
            params,
        )
        return [People(*row) for row in cursor.fetchall()]


def languages(survey: Survey) -> list[str]:
    """The languages of the answers, in the order of their codes."""
    found = Response.objects.filter(survey_id=survey.pk).exclude(language="")
    return sorted(found.values_list("language", flat=True).distinct())


def last_day(survey: Survey, questions: Sequence[int]) -> dt.date | None:
    """When somebody answered last: the newest histogram, or a response of a newer, dirty day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest((SELECT max(newest.day) FROM unnest(%(questions)s::bigint[]) AS q(id)"
            " CROSS JOIN LATERAL (SELECT max(h.day) AS day FROM surveys_histogram h"
            " WHERE h.workspace_id = %(workspace)s AND h.question_id = q.id AND h.segment_id = 0"
            " AND h.grain = 'd') AS newest), (SELECT max(r.answered_on) FROM surveys_response r"
            " WHERE r.workspace_id = %(workspace)s AND r.survey_id = %(survey)s"
            " AND r.answered_on IN (SELECT day FROM surveys_dirtyday"
            " WHERE workspace_id = %(workspace)s)))",
            {
                "workspace": survey.workspace_id,
                "survey": survey.pk,
                "questions": list(questions),
            },
        )
        day: dt.date | None = cursor.fetchone()[0]
        return day


def asked_sources(found: Sequence[People]) -> tuple[str, ...]:
    """The sources that count: portals over-report the extremes, so only where nobody was asked."""
    every = sorted({group.source for group in found})
    return tuple(source for source in every if source != Source.PORTAL) or tuple(every)


def tallies(
    survey: Survey,
    questions: Sequence[int],
    selected: Selection,
    sources: Sequence[str],
    by: Dimension | None = None,
) -> list[Tally]:
    """Counts per score of the questions, and per group of one dimension.

    By ``segment`` gives everybody under 0 as well. ``selected.source`` wins over ``sources``.
    Two queries from histograms, one from the answers; none without questions or sources.
    """
    kept = (selected.source,) if selected.source else tuple(sources)
    if not questions or not kept:
        return []
    if selected.needs_answers or (by and by not in _FOLDED):
        return _of_answers(survey, questions, selected, kept, by)
    slice = histograms.Slice(
        questions=tuple(questions),
        segments=(selected.segment,) if selected.segment and by != "segment" else (),
        sources=kept,
        since=selected.since,
        until=selected.until,
    )
    dimensions: list[Any] = ["question", *([by] if by else [])]
    found = histograms.read(workspace_id=survey.workspace_id, slice=slice, by=dimensions)
    field = _FOLDED[by] if by else ""
    return [
        Tally(c.question, getattr(c, field) if field else None, *c[4:9])
        for c in found
    ]  # fmt: skip


def _of_answers(
    survey: Survey,
    questions: Sequence[int],
    selected: Selection,
    sources: Sequence[str],
    by: Dimension | None,
) -> list[Tally]:
    where, params = conditions(survey, selected)
    column = _COLUMNS[by] if by else "NULL"
    segments = (
        " CROSS JOIN LATERAL unnest(0::bigint || r.segments) AS s(segment_id)"
        if by == "segment"
        else ""
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.question_id, {column}, a.status, a.score, count(*), sum(r.weight),"
            " sum(r.weight * r.weight) FROM surveys_response r"
            " JOIN surveys_answer a ON a.workspace_id = r.workspace_id AND a.response_id = r.id"
            f"{segments} WHERE {where} AND r.source = ANY(%(sources)s)"
            " AND a.question_id = ANY(%(questions)s) AND (a.score IS NOT NULL OR a.status <> 0)"
            " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            params | {"sources": list(sources), "questions": list(questions)},
        )
        return list(map(Tally._make, cursor.fetchall()))


def given(
    survey: Survey, questions: Sequence[int], selected: Selection, sources: Sequence[str]
) -> list[tuple[int, str, int]]:
    """(question, what was given, how often) of answers without a score: choices of imports."""
    if not questions:
        return []
    return _raw(survey, questions, selected, sources, "a.raw")


def written(
    survey: Survey, questions: Sequence[int], selected: Selection, sources: Sequence[str]
) -> dict[int, int]:
    """How many texts each open question has."""
    if not questions:
        return {}
    found = _raw(survey, questions, selected, sources, "''")
    return {question: n for question, _nothing, n in found}


def _raw(
    survey: Survey, questions: Sequence[int], selected: Selection, sources: Sequence[str], what: str
) -> list[tuple[int, str, int]]:
    where, params = conditions(survey, selected)
    kept = [selected.source] if selected.source else list(sources)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.question_id, {what}, count(*) FROM surveys_answer a"
            " JOIN surveys_response r ON r.workspace_id = a.workspace_id AND r.id = a.response_id"
            f" WHERE {where} AND r.source = ANY(%(sources)s) AND a.workspace_id = %(workspace)s"
            " AND a.question_id = ANY(%(questions)s)"
            " AND a.status = 0 AND a.score IS NULL AND a.raw <> '' GROUP BY 1, 2",
            params | {"sources": kept, "questions": list(questions)},
        )
        return [(question, raw, n) for question, raw, n in cursor.fetchall()]


def written_at_all(survey: Survey, questions: Sequence[int]) -> dict[int, int]:
    """The same for all responses together, counted in the index of answers by question.

    Skipped texts are answers too: whoever calls takes them off.
    """
    if not questions:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT question_id, count(*) FROM surveys_answer"
            " WHERE workspace_id = %s AND question_id = ANY(%s) GROUP BY 1",
            [survey.workspace_id, list(questions)],
        )
        return dict(cursor.fetchall())
