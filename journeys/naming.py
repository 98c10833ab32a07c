"""Steps by the names that they have, or had: the log of a map remembers them."""

from collections.abc import Iterable

from journeys.models import Event, Step
from journeys.rows import Change


def steps_named(name: str) -> list[Step]:
    """Steps of the scope's workspace with a name, or "map / step" where several maps have one.

    Where no step has it today, those that had it before they were renamed, and those that another
    step of that name became part of. Capitals do not matter for names of today.
    """
    journey, slash, step = name.rpartition(" / ")
    if not slash:
        step = name
    rows = Step.objects.select_related("phase")
    if slash:
        rows = rows.filter(phase__journey__title__iexact=journey)
    found = list(rows.filter(name__iexact=step))
    return found or list(rows.filter(pk__in=_had(step)))


def _had(name: str) -> set[int]:
    """Ids of steps that a name leads to by the log: one query."""
    events = Event.objects.filter(
        what__in=["step-renamed", "step-merged"], changes__contains=[["step", {"name": name}]]
    )
    found: set[int] = set()
    for changes in events.order_by("pk").values_list("changes", flat=True):
        found |= set(_meant(changes, name))
    return found


def _meant(changes: Iterable[Change], name: str) -> Iterable[int]:
    """The step of the name before a renaming; of a merger the step that stayed."""
    rows = list(changes)
    for kind, id, before, after in rows:
        if kind != "step" or (before or {}).get("name") != name:
            continue
        if after is not None:
            yield id
        else:
            yield from (row["step_id"] for _k, _i, _b, row in rows if row and "step_id" in row)
