"""Histograms: folding answers into counts, and reading counts whatever state they are in.

Counts per score with Σw and Σw² are a sufficient statistic for every figure, so a reader never
needs to know whether a row was folded or comes straight from the answers: for a clean period it
takes the folded rows, for a dirty day the answers themselves, and both add up to the same.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from django.db import connection, transaction
from psycopg import sql

from surveys.models import DirtyDay, Scheme

Dimension = Literal["question", "segment", "source", "month"]


@dataclass(frozen=True)
class Slice:
    """Which answers to count; empty means all of that kind.

    ``segments`` are alternatives of one dimension (their counts add up). ``within`` holds further
    dimensions that must hold at the same time: histograms know one dimension at a time, so such a
    slice is counted from the answers. ``alike`` are pairs of a question and the one it is counted
    with: four waves of one question on one scale are then read as one, in a quarter of the rows.
    ``scheme`` is the id of weights by segment: a response's own weight is then multiplied by that
    of its segments, which only the answers themselves tell.
    """

    questions: tuple[int, ...]
    segments: tuple[int, ...] = ()
    within: tuple[tuple[int, ...], ...] = ()
    sources: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    alike: tuple[tuple[int, int], ...] = ()
    scheme: int | None = None

    @property
    def needs_answers(self) -> bool:
        """Histograms do not know this: it is counted from the answers."""
        return bool(self.within) or self.scheme is not None


class Count(NamedTuple):
    """How often one score was given. ``segment`` 0 is everybody; unasked dimensions are None.

    A tuple, because pages read thousands of them and dataclasses take five times as long to make.
    """

    question: int
    segment: int
    source: str | None
    month: dt.date | None
    status: int
    score: int | None
    n: int
    sum_w: float
    sum_w2: float


@dataclass(frozen=True)
class ClusterSum:
    """Sums of one cluster of one question: n, Σw, Σwx, for the linearised error.

    ``sum_w_nps`` is Σw·v with v = 100 for promoters (9–10), −100 for detractors (0–6), else 0.
    """

    question: int
    cluster: str
    n: int
    sum_w: float
    sum_wx: float
    sum_w_nps: float


def mark_dirty(*, workspace_id: int, days: Iterable[dt.date]) -> None:
    """Say that the answers of these days changed; part of the transaction that changes them.

    It waits for nobody, not even a fold: marks are only added, and become visible together with
    the answers they stand for. A fold that removes a mark therefore counts its answers.
    """
    DirtyDay.objects.bulk_create(
        [DirtyDay(workspace_id=workspace_id, day=day) for day in sorted(set(days))]
    )


def fold(*, workspace_id: int) -> int:
    """Recompute the histograms of all dirty days and their months; return how many days."""
    with transaction.atomic(), connection.cursor() as cursor:
        # One fold per workspace at a time: two would both insert the same rows.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [7201, workspace_id])
        cursor.execute(
            "DELETE FROM surveys_dirtyday WHERE workspace_id = %s RETURNING day", [workspace_id]
        )
        days = sorted({day for (day,) in cursor.fetchall()})
        if days:
            params: dict[str, Any] = {"workspace": workspace_id, "days": days}
            months = sorted({day.replace(day=1) for day in days})
            cursor.execute(_FORGET_DAYS, params)
            cursor.execute(_FOLD_DAYS, params)
            cursor.execute(_FORGET_MONTHS, params | {"months": months})
            cursor.execute(_FOLD_MONTHS, params | {"months": months})
    return len(days)


_FORGET_DAYS = """
    DELETE FROM surveys_histogram
    WHERE workspace_id = %(workspace)s AND grain = 'd' AND day = ANY(%(days)s)
"""
_FOLD_DAYS = """
    INSERT INTO surveys_histogram
        (workspace_id, id, question_id, segment_id, source, grain, day, status, score,
         n, sum_w, sum_w2)
    SELECT r.workspace_id, gen_random_uuid(), a.question_id, s.segment_id, r.source, 'd',
           r.answered_on, a.status, a.score, count(*), sum(r.weight), sum(r.weight * r.weight)
    FROM surveys_response r
    JOIN surveys_answer a ON a.workspace_id = r.workspace_id AND a.response_id = r.id
    CROSS JOIN LATERAL unnest(0::bigint || r.segments) AS s(segment_id)
    WHERE r.workspace_id = %(workspace)s AND r.answered_on = ANY(%(days)s)
      AND (a.score IS NOT NULL OR a.status <> 0)
    GROUP BY r.workspace_id, a.question_id, s.segment_id, r.source, r.answered_on, a.status, a.score
"""
_FORGET_MONTHS = """
    DELETE FROM surveys_histogram
    WHERE workspace_id = %(workspace)s AND grain = 'm' AND day = ANY(%(months)s)
"""
_FOLD_MONTHS = """
    INSERT INTO surveys_histogram
        (workspace_id, id, question_id, segment_id, source, grain, day, status, score,
         n, sum_w, sum_w2)
    SELECT workspace_id, gen_random_uuid(), question_id, segment_id, source, 'm',
           date_trunc('month', day)::date, status, score, sum(n), sum(sum_w), sum(sum_w2)
    FROM surveys_histogram
    WHERE workspace_id = %(workspace)s AND grain = 'd'
      AND date_trunc('month', day)::date = ANY(%(months)s)
    GROUP BY workspace_id, question_id, segment_id, source, date_trunc('month', day), status, score
"""


def read(
    *, workspace_id: int, slice: Slice, by: Sequence[Dimension] = ("question",)
) -> list[Count]:
    """Counts per score of a slice, grouped by question and any further dimension.

    By ``segment`` gives a row for every segment and for everybody (0). Two queries, whatever the
    number of answers: one for the dirty days, one for the counts; a third one for a scheme.
    """
    if not slice.questions:
        return []
    marks = DirtyDay.objects.filter(workspace_id=workspace_id)
    dirty = list(marks.values_list("day", flat=True).distinct())
    query, params = _statement(workspace_id, slice, set(by), dirty)
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return list(map(Count._make, cursor.fetchall()))


def _statement(
    workspace_id: int, slice: Slice, by: set[Dimension], dirty: list[dt.date]
) -> tuple[sql.Composed, dict[str, Any]]:
    params: dict[str, Any] = {
        "workspace": workspace_id,
        "questions": list(slice.questions),
        "segments": list(slice.segments) or [0],
        "sources": list(slice.sources),
        "since": slice.since or dt.date.min,
        "until": slice.until or dt.date.max,
        "dirty": dirty,
        "dirty_months": sorted({day.replace(day=1) for day in dirty}),
        "alike": [question for question, _other in slice.alike],
        "counted_as": [other for _question, other in slice.alike],
    }
    parts = [] if slice.needs_answers else _folded(params)
    if slice.needs_answers or dirty:
        parts.append(_facts(slice, params, by))
    rows = sql.SQL(" UNION ALL ").join(sql.SQL(part) for part in parts)
    segment_rows = "TRUE" if "segment" in by else "segment_id = ANY(%(segments)s)"
    columns = {
        "segment_id": "segment_id" if "segment" in by else "NULL::bigint",
        "source": "source" if "source" in by else "NULL::text",
        "month": "date_trunc('month', day)::date" if "month" in by else "NULL::date",
    }
    query = sql.SQL(
        "SELECT {question}, coalesce({segment_id}, 0), {source}, {month}, status, score,"
        " sum(n)::bigint, sum(sum_w), sum(sum_w2) FROM ({rows}) AS counted {alike}"
        " WHERE {segment_rows}"
        " GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6"
    ).format(
        rows=rows,
        question=sql.SQL("coalesce(counted_as, question_id)" if slice.alike else "question_id"),
        alike=sql.SQL(_ALIKE if slice.alike else ""),
        segment_rows=sql.SQL(segment_rows),
        **{name: sql.SQL(text) for name, text in columns.items()},
    )
    return query, params


_ALIKE = """
    LEFT JOIN unnest(%(alike)s::bigint[], %(counted_as)s::bigint[]) AS same(alike, counted_as)
    ON alike = question_id
"""


def _folded(params: dict[str, Any]) -> list[str]:
    """Month rows for months that lie inside and are clean, day rows for the days around them.

    Two parts rather than one condition, so that four years are read from 48 rows and not from all;
    and no bounds where there are none, which would tempt the planner to the index of days.
    """
    since, until = params["since"], params["until"]
    # Whole months begin at ``from_month`` at the earliest and end before ``to_month``.
    params["from_month"] = since if since.day == 1 else _next_month(since)
    params["to_month"] = until if until == dt.date.max else _first(_next_day(until))
    months = _HISTOGRAM + " AND grain = 'm'"
    if since != dt.date.min:
        months += " AND day >= %(from_month)s::date"
    if until != dt.date.max:
        months += " AND day < %(to_month)s::date"
    if params["dirty"]:
        months += " AND NOT day = ANY(%(dirty_months)s::date[])"
    only_whole = since.day == 1 and (until == dt.date.max or _next_day(until).day == 1)
    return [months] if only_whole and not params["dirty"] else [months, _HISTOGRAM + _DAYS]


def _first(day: dt.date) -> dt.date:
    return day.replace(day=1)


def _next_month(day: dt.date) -> dt.date:
    """The first day of the month after; the last of all days where the calendar ends."""
    if (day.year, day.month) == (dt.date.max.year, dt.date.max.month):
        return dt.date.max
    return _first(_first(day) + dt.timedelta(days=31))


def _next_day(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=1)


_HISTOGRAM = """
    SELECT question_id, segment_id, source, day, status, score, n, sum_w, sum_w2
    FROM surveys_histogram
    WHERE workspace_id = %(workspace)s AND question_id = ANY(%(questions)s)
      AND (cardinality(%(sources)s::text[]) = 0 OR source = ANY(%(sources)s::text[]))
"""
_DAYS = """
      AND grain = 'd' AND day BETWEEN %(since)s::date AND %(until)s::date
      AND NOT day = ANY(%(dirty)s::date[])
      AND (day < %(from_month)s::date OR day >= %(to_month)s::date
           OR date_trunc('month', day)::date = ANY(%(dirty_months)s::date[]))
"""


def _facts(slice: Slice, params: dict[str, Any], by: set[Dimension]) -> str:
    """The same columns counted from the answers: of dirty days, or of all for crossed segments.

    ``day`` is as fine as months here, and only where months are asked for.
    """
    conditions = []
    if not slice.needs_answers:
        conditions.append("r.answered_on = ANY(%(dirty)s::date[])")
    for number, alternatives in enumerate(slice.within):
        params[f"within{number}"] = list(alternatives)
        conditions.append(f"r.segments && %(within{number})s::bigint[]")
    # Answers of people in the same segments are counted first, then each count for its segments.
    everybody = "segment" not in by and params["segments"] == [0]
    segments = "ARRAY[]::bigint[]" if everybody else "r.segments"
    day = "date_trunc('month', r.answered_on)::date" if "month" in by else "NULL::date"
    return f"""
    SELECT question_id, s.segment_id, source, day, status, score, n, sum_w, sum_w2
    FROM (
        SELECT a.question_id, {segments} AS segments, r.source, {day} AS day, a.status, a.score,
               count(*) AS n, sum(r.weight) AS sum_w, sum(r.weight * r.weight) AS sum_w2
        FROM {_responses(slice, params)} r
        JOIN surveys_answer a ON a.workspace_id = r.workspace_id AND a.response_id = r.id
        WHERE r.workspace_id = %(workspace)s AND a.question_id = ANY(%(questions)s)
          AND (cardinality(%(sources)s::text[]) = 0 OR r.source = ANY(%(sources)s::text[]))
          AND r.answered_on BETWEEN %(since)s::date AND %(until)s::date
          AND (a.score IS NOT NULL OR a.status <> 0)
          AND {" AND ".join(["TRUE", *conditions])}
        GROUP BY 1, 2, 3, 4, 5, 6
    ) AS alike_people
    CROSS JOIN LATERAL unnest(0::bigint || segments) AS s(segment_id)
    """


def _responses(slice: Slice, params: dict[str, Any]) -> str:
    """The responses, with the weights of a scheme where one is chosen.

    A scheme that is gone, and a combination of segments that it has not met yet, weigh 1. The
    weight is looked up once for everybody in the same segments.
    """
    if slice.scheme is None:
        return "surveys_response"
    scheme = Scheme.objects.filter(workspace_id=params["workspace"], pk=slice.scheme).first()
    cells = scheme.cells if scheme else []
    params["scheme_survey"] = scheme.survey_id if scheme else 0
    params["scheme_segments"] = scheme.segment_ids if scheme else []
    params["scheme_cells"] = [_key(ids) for ids, _weight in cells]
    params["scheme_weights"] = [float(weight) for _ids, weight in cells]
    return _WEIGHED


def _key(ids: Iterable[int]) -> str:
    """A combination of segments as PostgreSQL writes an array of them."""
    return "{" + ",".join(str(id) for id in sorted(ids)) + "}"


_WEIGHED = """
    (WITH kinds AS (
        SELECT DISTINCT segments FROM surveys_response
        WHERE workspace_id = %(workspace)s AND survey_id = %(scheme_survey)s
     ), weighed AS MATERIALIZED (
        SELECT kinds.segments, cell.weight
        FROM kinds
        JOIN unnest(%(scheme_cells)s::text[], %(scheme_weights)s::float8[])
             AS cell(segments, weight)
        ON cell.segments = ARRAY(
            SELECT held FROM unnest(kinds.segments) AS held
            WHERE held = ANY(%(scheme_segments)s::bigint[]) ORDER BY held)::text
     )
     SELECT w.workspace_id, w.id, w.source, w.answered_on, w.segments, w.cluster,
            w.weight * coalesce(weighed.weight, 1) AS weight
     FROM surveys_response w
     LEFT JOIN weighed
     ON w.survey_id = %(scheme_survey)s AND weighed.segments = w.segments
     WHERE w.workspace_id = %(workspace)s)
"""


def read_clusters(*, workspace_id: int, slice: Slice) -> list[ClusterSum]:
    """Sums per question and cluster, from the answers; each answer its own cluster where none."""
    if not slice.questions:
        return []
    params: dict[str, Any] = {
        "workspace": workspace_id,
        "questions": list(slice.questions),
        "sources": list(slice.sources),
        "since": slice.since or dt.date.min,
        "until": slice.until or dt.date.max,
    }
    groups = (slice.segments, *slice.within) if slice.segments else slice.within
    conditions = ""
    for number, alternatives in enumerate(groups):
        params[f"group{number}"] = list(alternatives)
        conditions += f" AND r.segments && %(group{number})s::bigint[]"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.question_id, coalesce(nullif(r.cluster, ''), r.id::text), count(*),"
            " sum(r.weight), sum(r.weight * a.score), sum(r.weight * CASE"
            " WHEN a.score >= 9 THEN 100 WHEN a.score <= 6 THEN -100 ELSE 0 END)"
            f" FROM {_responses(slice, params)} r"
            " JOIN surveys_answer a ON a.workspace_id = r.workspace_id AND a.response_id = r.id"
            " WHERE r.workspace_id = %(workspace)s AND a.question_id = ANY(%(questions)s)"
            " AND a.status = 0 AND a.score IS NOT NULL"
            " AND (cardinality(%(sources)s::text[]) = 0 OR r.source = ANY(%(sources)s::text[]))"
            " AND r.answered_on BETWEEN %(since)s::date AND %(until)s::date"
            + conditions
            + " GROUP BY 1, 2 ORDER BY 1, 2",
            params,
        )
        return [ClusterSum(*row) for row in cursor.fetchall()]
