"""What was, in the words of today: touchpoints merged since then are the one that stayed."""

from collections.abc import Collection
from typing import Any

from journeys.rows import Change, State
from touchpoints.models import Touchpoint


def followed(state: State) -> State:
    """The same map with the touchpoints that stayed; a step that met both meets one: one query."""
    stayed = _stayed({row["touchpoint_id"] for row in state["touchpoint"].values()})
    if not stayed:
        return state
    seen: set[tuple[int, int]] = set()
    links = {}
    # Links to what stayed come first: they keep their id.
    for id, row in sorted(
        state["touchpoint"].items(), key=lambda item: item[1]["touchpoint_id"] in stayed
    ):
        met: int = row["touchpoint_id"]
        meant = stayed.get(met, met)
        if (row["step_id"], meant) not in seen:
            seen.add((row["step_id"], meant))
            links[id] = {**row, "touchpoint_id": meant}
    return {**state, "touchpoint": links}


def followed_changes(changes: list[Change]) -> list[Change]:
    """Changes that bring touchpoints back, with the ones that stayed: at most one query."""
    back = {
        after["touchpoint_id"]
        for kind, _id, _before, after in changes
        if kind == "touchpoint" and after and "touchpoint_id" in after
    }
    stayed = _stayed(back)
    if not stayed:
        return changes
    return [
        (kind, id, before, {**after, "touchpoint_id": stayed[after["touchpoint_id"]]})
        if kind == "touchpoint" and after and after.get("touchpoint_id") in stayed
        else (kind, id, before, after)
        for kind, id, before, after in changes
    ]


def _stayed(met: Collection[int]) -> dict[int, int]:
    """Those of them that were merged, with the one that stayed."""
    if not met:
        return {}
    rows: Any = Touchpoint.objects.filter(pk__in=met, merged_into__isnull=False)
    return dict(rows.values_list("pk", "merged_into"))
