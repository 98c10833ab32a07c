"""Facts into PostgreSQL by COPY, batch by batch inside one transaction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import uuid_utils
from django.utils.translation import gettext as _

from surveys.importing.result import Result
from surveys.importing.rows import Person

COPY_RESPONSES = (
    "COPY surveys_response (workspace_id, id, survey_id, external_id, answered_on, source,"
    " language, weight, cluster, customer_id, segments, import_id) FROM STDIN"
)
COPY_ANSWERS = (
    "COPY surveys_answer (workspace_id, id, response_id, question_id, status, score, raw)"
    " FROM STDIN"
)


def copy(cursor: Any, statement: str, lines: Sequence[str]) -> None:
    if lines:
        with cursor.copy(statement) as channel:
            channel.write("".join(lines).encode())


def refresh_statistics(cursor: Any) -> None:
    """Tell the planner what has come: it believes a new workspace to be empty otherwise.

    Then the first fold or page after a large import would join by comparing every pair of rows.
    """
    cursor.execute(
        "ANALYZE surveys_response (workspace_id, id, survey_id, answered_on, source),"
        " surveys_answer (workspace_id, response_id, question_id, status)"
    )


def begin(cursor: Any) -> None:
    """A place for the ids of this file: a table, so that memory does not grow with the file."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.import_seen")
    cursor.execute(
        "CREATE TEMP TABLE import_seen (external_id text PRIMARY KEY, line bigint) ON COMMIT DROP"
    )
    cursor.execute("DROP TABLE IF EXISTS pg_temp.import_alike")
    cursor.execute(
        "CREATE TEMP TABLE import_alike (content text PRIMARY KEY, n bigint) ON COMMIT DROP"
    )


def numbered(cursor: Any, people: list[Person]) -> list[Person]:
    """Lines that are known by their content: the second of two alike gets "-2", and so on."""
    counts = Counter(person.external_id for person in people)
    cursor.execute(
        "INSERT INTO import_alike SELECT * FROM unnest(%s::text[], %s::bigint[])"
        " ON CONFLICT (content) DO UPDATE SET n = import_alike.n + excluded.n"
        " RETURNING content, n",
        [list(counts), list(counts.values())],
    )
    before = {content: n - counts[content] for content, n in cursor.fetchall()}
    found = []
    for person in people:
        before[person.external_id] += 1
        number = before[person.external_id]
        name = person.external_id + (f"-{number}" if number > 1 else "")
        found.append(replace(person, external_id=name))
    return found


def once(cursor: Any, people: list[Person], column: str, result: Result) -> list[Person]:
    """The people whose id did not stand in the file before; the others are reported."""
    first: dict[str, Person] = {}
    again: list[Person] = []
    for person in people:
        if first.setdefault(person.external_id, person) is not person:
            again.append(person)
    cursor.execute(
        "INSERT INTO import_seen SELECT * FROM unnest(%s::text[], %s::bigint[])"
        " ON CONFLICT DO NOTHING RETURNING external_id",
        [list(first), [person.line for person in first.values()]],
    )
    fresh = {name for (name,) in cursor.fetchall()}
    again += [person for name, person in first.items() if name not in fresh]
    if again:
        cursor.execute(
            "SELECT external_id, line FROM import_seen WHERE external_id = ANY(%s)",
            [[person.external_id for person in again]],
        )
        lines = dict(cursor.fetchall())
        for person in sorted(again, key=lambda person: person.line):
            words = _("stands in line %(line)d already, this line is left out") % {
                "line": lines[person.external_id]
            }
            result.report(person.line, column, person.external_id, words)
        result.rows_left_out += len(again)
    return [person for name, person in first.items() if name in fresh]


def unknown(cursor: Any, people: list[Person], workspace_id: int, survey_id: int) -> list[Person]:
    """The people whose response is not stored yet."""
    cursor.execute(
        "SELECT external_id FROM surveys_response"
        " WHERE workspace_id = %s AND survey_id = %s AND external_id = ANY(%s)",
        [workspace_id, survey_id, [person.external_id for person in people]],
    )
    known = {name for (name,) in cursor.fetchall()}
    return [person for person in people if person.external_id not in known]


def customers(cursor: Any, names: list[str], workspace_id: int) -> dict[str, str]:
    """External id → id of the customer; new ones are made."""
    # Sorted, so that two imports at once take their locks in one order.
    wanted = sorted({name for name in names if name})
    if not wanted:
        return {}
    cursor.execute(
        "INSERT INTO touchpoints_customer (workspace_id, id, external_id, segments, created_at)"
        " SELECT %s, new.id, new.name, '{}', now()"
        " FROM unnest(%s::uuid[], %s::text[]) AS new(id, name) ON CONFLICT DO NOTHING",
        [workspace_id, [str(uuid_utils.uuid7()) for _name in wanted], wanted],
    )
    cursor.execute(
        "SELECT external_id, id::text FROM touchpoints_customer"
        " WHERE workspace_id = %s AND external_id = ANY(%s)",
        [workspace_id, wanted],
    )
    return dict(cursor.fetchall())
