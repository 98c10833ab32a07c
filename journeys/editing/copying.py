"""New rows from the state of a map: the same content under new ids."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models

from journeys.models import Journey, Persona, Upload
from journeys.rows import KINDS, State, built
from surveys.models import Question
from touchpoints.models import Touchpoint

# Fields that point out of the map: kept only where the workspace has what they point to.
_OUTSIDE: dict[str, type[models.Model]] = {
    "touchpoint_id": Touchpoint,
    "question_id": Question,
    "persona_id": Persona,
    "upload_id": Upload,
    "opens_id": Journey,
}


def copied(
    state: State,
    journey: Journey,
    *,
    keep_origin: bool,
    origins: Mapping[int, int | None] | None = None,
) -> dict[str, list[models.Model]]:
    """Rows of every kind but the map itself, parents first, not stored yet."""
    known = _known(state, journey.workspace_id)
    ids: dict[str, dict[int, int]] = {}
    rows: dict[str, list[models.Model]] = {}
    for kind in list(KINDS.values())[1:]:
        found = state[kind.name]
        ids[kind.name] = dict(zip(found, _next_ids(kind.model, len(found)), strict=True))
        rows[kind.name] = []
        for id, values in found.items():
            new = _moved(values, kind.parents, ids, known)
            if new is None:
                del ids[kind.name][id]
                continue
            if kind.name == "step":
                new["origin"] = (
                    (id if origins is None else origins.get(id)) if keep_origin else None
                )
            rows[kind.name].append(
                built(
                    kind, ids[kind.name][id], new,
                    workspace_id=journey.workspace_id, journey_id=journey.pk,
                )
            )  # fmt: skip
    return rows


def _known(state: State, workspace_id: int) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = {
        field: {row[field] for rows in state.values() for row in rows.values() if row.get(field)}
        for field in _OUTSIDE
    }
    return {
        field: set(
            model._default_manager.filter(
                workspace_id=workspace_id, pk__in=wanted[field]
            ).values_list("pk", flat=True)
        ) if wanted[field] else set()
        for field, model in _OUTSIDE.items()
    }  # fmt: skip


def _moved(
    values: dict[str, Any],
    parents: Any,
    ids: dict[str, dict[int, int]],
    known: dict[str, set[int]],
) -> dict[str, Any] | None:
    """The values with references to the new rows; None where what they hang on is not there."""
    new = dict(values)
    for field, kind in parents.items():
        if new[field] not in ids[kind]:
            return None
        new[field] = ids[kind][new[field]]
    for field, there in known.items():
        if new.get(field) is not None and new[field] not in there:
            if field in ("upload_id", "opens_id"):
                new[field] = None
            else:
                return None
    return new


def _next_ids(model: type[models.Model], count: int) -> list[int]:
    """Fresh ids from the table's own sequence, in one query."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [id for (id,) in cursor.fetchall()]
