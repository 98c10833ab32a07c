"""Past states in the words of today: touchpoints that were merged since are the one that stayed."""

from typing import Any

from journeys.rows import State
from touchpoints.models import Touchpoint


def followed(state: State) -> State:
    """The same map with the touchpoints that stayed; a step that met both meets one: one query."""
    met = {row["touchpoint_id"] for row in state["touchpoint"].values()}
    rows = Touchpoint.objects.filter(pk__in=met, merged_into__isnull=False)
    stayed: dict[Any, Any] = dict(rows.values_list("pk", "merged_into"))
    if not stayed:
        return state
    seen: set[tuple[int, Any]] = set()
    links = {}
    # Links to what stayed come first: they keep their id.
    for id, row in sorted(
        state["touchpoint"].items(), key=lambda item: item[1]["touchpoint_id"] in stayed
    ):
        meant = stayed.get(row["touchpoint_id"], row["touchpoint_id"])
        if (row["step_id"], meant) not in seen:
            seen.add((row["step_id"], meant))
            links[id] = {**row, "touchpoint_id": meant}
    return {**state, "touchpoint": links}
