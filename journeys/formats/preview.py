"""What a file would become, small enough for a page: a corner of the grid, and every remark."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from journeys.formats.content import MARKS, Content, Note, cells_of, order_of
from journeys.formats.recognition import Read
from journeys.formats.storing import Matches
from journeys.models import DERIVED, LaneKind

MAX_STEPS = 24
MAX_LANES = 40
MAX_CARDS = 4
_NAMES = {"json": "JSON", "xlsx": "XLSX", "csv": "CSV", "mermaid": "Mermaid", "toml": "TOML"}


@dataclass(frozen=True)
class PreviewLane:
    """One row: ``kinds`` are what else it could be, empty where its kind is not to be chosen."""

    number: int
    name: str
    kind: str
    kinds: list[tuple[str, str]]
    cells: list[list[str]]


@dataclass(frozen=True)
class Preview:
    """``phases``: name and how many columns; ``hidden`` columns and rows are not shown here."""

    format: str
    counts: Mapping[str, int]
    phases: list[tuple[str, int]]
    steps: list[str]
    lanes: list[PreviewLane]
    more_steps: int
    more_lanes: int
    lost: list[Note]
    changed: list[Note]
    guessed: list[Note]
    notes: list[str]
    missing: list[str]


def preview_of(found: Read, matches: Matches) -> Preview:
    """The map as a page shows it before anything is stored."""
    content = found.content
    state = content.state
    phases, steps = _heads(content)
    lanes = [
        _lane(content, number, id, [step for step, _name in steps], found.format)
        for number, (id, _row) in enumerate(content.rows("lane")[:MAX_LANES])
    ]
    return Preview(
        format=_NAMES[found.format],
        counts={kind: len(state[kind]) for kind in ("phase", "step", "lane", "card", "persona")},
        phases=phases,
        steps=[name for _id, name in steps],
        lanes=lanes,
        more_steps=len(state["step"]) - sum(id is not None for id, _name in steps),
        more_lanes=len(state["lane"]) - len(lanes),
        lost=[note for note in content.notes if note.kind == "lost"],
        changed=[note for note in content.notes if note.kind == "changed"],
        guessed=[note for note in content.notes if note.kind == "guessed"],
        notes=matches.notes,
        missing=[content.touchpoints[id].name for id in matches.missing],
    )


def _heads(content: Content) -> tuple[list[tuple[str, int]], list[tuple[int | None, str]]]:
    phases: list[tuple[str, int]] = []
    steps: list[tuple[int | None, str]] = []
    for _id, phase, inside in order_of(content):
        room = MAX_STEPS - len(steps)
        if room <= 0:
            break
        columns: list[tuple[int | None, str]] = [(id, row["name"]) for id, row in inside[:room]]
        columns = columns or [(None, "")]
        steps += columns
        phases.append((phase["name"], len(columns)))
    return phases, steps


def _lane(
    content: Content, number: int, id: int, steps: list[int | None], format: str
) -> PreviewLane:
    row = content.state["lane"][id]
    kind = LaneKind(row["kind"])
    texts = _texts(content, id, kind)
    is_open = format in ("csv", "xlsx") and kind not in DERIVED
    kinds = [(k.value, str(k.label)) for k in LaneKind if k not in DERIVED] if is_open else []
    cells = [_clipped(texts.get(step, [])) if step is not None else [] for step in steps]
    return PreviewLane(number, row["name"] or str(kind.label), kind.value, kinds, cells)


def _texts(content: Content, lane: int, kind: LaneKind) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if kind == LaneKind.TOUCHPOINTS:
        for _id, row in content.rows("touchpoint"):
            found.setdefault(row["step_id"], []).append(
                content.touchpoints[row["touchpoint_id"]].name
            )
    elif kind == LaneKind.EMOTION:
        for id, row in content.state["step"].items():
            if row["assumed"] is not None:
                found[id] = [row["assumed"].replace("-", "−").removesuffix("0")]
        for row in content.state["assumption"].values():
            name = content.personas[row["persona_id"]].name
            found.setdefault(row["step_id"], []).append(f"{name}: {row['value']}")
    else:
        for (row_lane, step), cards in cells_of(content).items():
            if row_lane == lane:
                found[step] = [card["text"] or _("(no text)") for _id, card in cards]
    return found


def _clipped(texts: list[str]) -> list[str]:
    shown = [text if len(text) <= 120 else f"{text[:119]}…" for text in texts[:MAX_CARDS]]
    return [*shown, "…"] if len(texts) > MAX_CARDS else shown


def with_kinds(content: Content, chosen: Mapping[str, str]) -> None:
    """Give lanes the kinds that were chosen in the preview (``kind-0``, ``kind-1`` …)."""
    for number, (id, row) in enumerate(content.rows("lane")):
        old, new = row["kind"], chosen.get(f"kind-{number}", "")
        if new == old or new not in LaneKind.values or new in DERIVED or old in DERIVED:
            continue
        row["kind"] = new
        for card in content.state["card"].values():
            if card["lane_id"] == id and card["mark"] == MARKS.get(old, ""):
                card["mark"] = MARKS.get(new, "")
