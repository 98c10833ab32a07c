"""What belongs to a map, kind by kind, as plain values: what events and undo speak of."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models

from journeys.models import (
    Arrow,
    Assumption,
    Card,
    Journey,
    JourneyPersona,
    Lane,
    Phase,
    Step,
    StepQuestion,
    StepTouchpoint,
)

Values = dict[str, Any]
State = dict[str, dict[int, Values]]
"""A whole map: kind → id → fields. References are ids, decimals and dates are text as in JSON."""

Change = tuple[str, int, Values | None, Values | None]
"""Kind, id, fields before, fields after; null before is a new row, null after a removed one."""


@dataclass(frozen=True)
class Kind:
    """One table of a map. ``of_map`` leads from a row to the id of its journey."""

    name: str
    model: type[models.Model]
    fields: tuple[str, ...]
    of_map: str
    parents: Mapping[str, str]


def _kind(name: str, model: type[models.Model], of_map: str, fields: str, **parents: str) -> Kind:
    return Kind(name, model, tuple(fields.split()), of_map, parents)


# Parents first: the order in which rows are brought back. ``parents``: field → kind it hangs on.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind("journey", Journey, "id", "title is_template future_of_id"),
        _kind("phase", Phase, "journey_id", "position name collapsed"),
        _kind(
            "step", Step, "phase__journey_id",
            "phase_id position name assumed is_moment opens_id origin", phase_id="phase",
        ),
        _kind(
            "touchpoint", StepTouchpoint, "step__phase__journey_id",
            "step_id touchpoint_id position", step_id="step",
        ),
        _kind(
            "question", StepQuestion, "step__phase__journey_id", "step_id question_id",
            step_id="step",
        ),
        _kind("persona", JourneyPersona, "journey_id", "persona_id position"),
        _kind(
            "assumption", Assumption, "step__phase__journey_id", "step_id persona_id value",
            step_id="step",
        ),
        _kind("lane", Lane, "journey_id", "kind name note position collapsed hidden"),
        _kind(
            "card", Card, "lane__journey_id",
            "lane_id step_id position text mark tag owner status due evidence evidence_source"
            " evidence_n evidence_on url upload_id",
            lane_id="lane", step_id="step",
        ),
        _kind(
            "arrow", Arrow, "tail__lane__journey_id", "tail_id head_id both_ways",
            tail_id="card", head_id="card",
        ),
    )
}  # fmt: skip

KIND_OF = {kind.model: kind for kind in KINDS.values()}


def plain(value: Any) -> Any:
    """A field's value as JSON holds it."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def values_of(row: models.Model) -> Values:
    """All fields of a row that a map remembers."""
    return {name: plain(getattr(row, name)) for name in KIND_OF[type(row)].fields}


def built(kind: Kind, id: int | None, values: Values, **fixed: Any) -> models.Model:
    """A row, not stored yet, of plain values; ``fixed`` are its workspace and its journey."""
    names = {field.attname for field in kind.model._meta.concrete_fields}
    fixed = {name: value for name, value in fixed.items() if name in names}
    return kind.model(pk=id, **fixed, **{n: typed(kind, n, v) for n, v in values.items()})


def typed(kind: Kind, name: str, value: Any) -> Any:
    """A field's value as its model holds it."""
    field: Any = kind.model._meta.get_field(name.removesuffix("_id"))
    return field.to_python(value)


def load_state(journey_id: int, only: Mapping[str, models.Q] | None = None) -> State:
    """The whole map as it is now: one query per kind, whatever its size.

    With ``only`` just the named kinds, narrowed; the others are empty.
    """
    state: State = {name: {} for name in KINDS}
    for kind in KINDS.values():
        if only is None or kind.name in only:
            rows = kind.model._default_manager.filter(**{kind.of_map: journey_id})
            if only is not None:
                rows = rows.filter(only[kind.name])
            state[kind.name] = {
                id: dict(zip(kind.fields, map(plain, row), strict=True))
                for id, *row in rows.values_list("pk", *kind.fields)
            }
    return state


def stored(state: State) -> dict[str, Any]:
    """As a snapshot keeps it: JSON has no numbers as keys."""
    return {kind: {str(id): row for id, row in rows.items()} for kind, rows in state.items()}


def restored(stored_state: Mapping[str, Any]) -> State:
    """The other way round; kinds that did not exist yet are empty."""
    return {
        kind: {int(id): dict(row) for id, row in stored_state.get(kind, {}).items()}
        for kind in KINDS
    }


def apply(state: State, changes: list[Change]) -> None:
    """Bring a state forward by the changes of one event. Kinds of no map (comments) are passed."""
    for kind, id, _before, after in changes:
        if kind not in KINDS:
            continue
        if after is None:
            state[kind].pop(id, None)
        else:
            state[kind].setdefault(id, {}).update(after)


def difference(before: State, after: State) -> list[Change]:
    """What turns one state into another, parents before what hangs on them."""
    changes: list[Change] = []
    for kind in KINDS:
        old, new = before[kind], after[kind]
        changes += [(kind, id, None, row) for id, row in new.items() if id not in old]
        for id in old.keys() & new.keys():
            names = [n for n in new[id] if old[id].get(n) != new[id][n]]
            if names:
                changes.append(
                    (kind, id, {n: old[id].get(n) for n in names}, {n: new[id][n] for n in names})
                )
    for kind in reversed(KINDS):
        gone = before[kind].keys() - after[kind].keys()
        changes += [(kind, id, before[kind][id], None) for id in sorted(gone)]
    return changes


def reversed_changes(changes: list[Change]) -> list[Change]:
    """What takes them back, last first."""
    return [(kind, id, after, before) for kind, id, before, after in reversed(changes)]
