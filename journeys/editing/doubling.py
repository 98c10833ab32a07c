"""A row again, with everything that hangs on it."""

from typing import Any

from journeys.log import Draft
from journeys.rows import KINDS, built, values_of


def double(draft: Draft, kind_name: str, id: int, **fields: Any) -> int:
    """Copy a row of the map and what hangs on it; ``fields`` differ in the copy. Gives its id.

    Arrows between cards are left out: they join two places, and only one of them is copied.
    """
    kind = KINDS[kind_name]
    row = kind.model._default_manager.get(pk=id)
    new = built(kind, None, {**values_of(row), **fields}, journey_id=draft.journey.pk)
    draft.add(new)
    for child in KINDS.values():
        hangs = [field for field, parent in child.parents.items() if parent == kind_name]
        if child.name != "arrow" and hangs:
            rows = child.model._default_manager.filter(**{hangs[0]: id}).order_by("pk")
            for pk in rows.values_list("pk", flat=True):
                double(draft, child.name, pk, **{hangs[0]: new.pk})
    return int(new.pk)
