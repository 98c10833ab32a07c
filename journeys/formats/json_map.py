"""The application's own format: JSON that holds everything of a map, under local ids.

``{"format": "cxm-map", "version": 1, …}``. Order is the order of the lists. What is left out has
its plain value: no text, not hidden, nothing assumed. Ids are texts that mean something inside of
the file alone; touchpoints, questions and other maps are told apart by their names.
"""

import base64
import json
from decimal import Decimal
from typing import Any

from journeys.formats.content import Content, cells_of, order_of
from journeys.formats.json_read import read_json
from journeys.models import Evidence
from journeys.rows import Values

__all__ = ["FORMAT", "VERSION", "read_json", "write_json"]

FORMAT = "cxm-map"
VERSION = 1

_CARD = ("text", "mark", "tag", "owner", "status", "due", "evidence_source", "evidence_n",
         "evidence_on", "url")  # fmt: skip


def write_json(content: Content) -> str:
    """The whole map as JSON text; ``read_json`` gives the same map again."""
    return json.dumps(document(content), ensure_ascii=False, indent=1) + "\n"


def document(content: Content) -> dict[str, Any]:
    """The map as the plain values that JSON holds."""
    found: dict[str, Any] = {"format": FORMAT, "version": VERSION, "title": content.title}
    if content.is_template:
        found["template"] = True
    if content.future_of:
        found["future_of"] = content.future_of._asdict()
    found["phases"] = [
        _plain(row, "name", "collapsed") | {"steps": [_step(content, *step) for step in steps]}
        for _id, row, steps in order_of(content)
    ]
    found["lanes"] = _lanes(content)
    found["arrows"] = [
        {"from": _key("c", row["tail_id"]), "to": _key("c", row["head_id"])}
        | _plain(row, "both_ways")
        for _id, row in sorted(content.state["arrow"].items())
    ]
    return found | _tables(content)


def _tables(content: Content) -> dict[str, Any]:
    on_map = [row["persona_id"] for _id, row in content.rows("persona")]
    others = [id for id in sorted(content.personas) if id not in on_map]
    return {
        "personas": [
            _persona(content, id, id in on_map)
            for id in [*on_map, *others]
            if id in content.personas
        ],
        "touchpoints": [
            {"id": _key("t", id)} | _plain(ref._asdict(), "name", "media_type", "channel")
            for id, ref in sorted(content.touchpoints.items())
        ],
        "questions": [
            {"id": _key("q", id), **ref._asdict()} for id, ref in sorted(content.questions.items())
        ],
        "maps": [
            {"id": _key("m", id), **ref._asdict()} for id, ref in sorted(content.maps.items())
        ],
        "files": [
            {"id": _key("f", id), "name": file.name, "content_type": file.content_type}
            | _plain(vars(file), "width", "height")
            | {"data": base64.b64encode(file.data).decode()}
            for id, file in sorted(content.files.items())
        ],
    }


def _key(sort: str, id: int) -> str:
    return f"{sort}{id}"


def _plain(values: Any, *names: str) -> dict[str, Any]:
    """The fields that say something."""
    return {name: values[name] for name in names if values[name] not in (None, "", False)}


def _step(content: Content, id: int, row: Values) -> dict[str, Any]:
    state = content.state
    found: dict[str, Any] = {"id": _key("s", id)} | _plain(row, "name")
    if row["assumed"] is not None:
        found["assumed"] = _number(row["assumed"])
    if row["is_moment"]:
        found["moment"] = True
    if row["opens_id"] in content.maps:
        found["opens"] = _key("m", row["opens_id"])
    if row["origin"] in content.origins:
        found["origin"] = content.origins[row["origin"]]._asdict()
    lists = {
        "touchpoints": [
            _key("t", link["touchpoint_id"])
            for _link, link in content.rows("touchpoint")
            if link["step_id"] == id and link["touchpoint_id"] in content.touchpoints
        ],
        "questions": [
            _key("q", link["question_id"])
            for _link, link in sorted(state["question"].items())
            if link["step_id"] == id and link["question_id"] in content.questions
        ],
        "assumptions": {
            _key("p", link["persona_id"]): _number(link["value"])
            for _link, link in sorted(state["assumption"].items())
            if link["step_id"] == id and link["persona_id"] in content.personas
        },
    }
    return found | {name: rows for name, rows in lists.items() if rows}


def _number(text: str) -> float:
    return float(Decimal(text))


def _lanes(content: Content) -> list[dict[str, Any]]:
    cells = cells_of(content)
    steps = [id for _phase, _row, steps in order_of(content) for id, _step in steps]
    found = []
    for id, row in content.rows("lane"):
        lane = _plain(row, "kind", "name", "note", "collapsed", "hidden")
        cards = [_card(content, *card) for step in steps for card in cells.get((id, step), [])]
        found.append(lane | ({"cards": cards} if cards else {}))
    return found


def _card(content: Content, id: int, row: Values) -> dict[str, Any]:
    found = {"id": _key("c", id), "step": _key("s", row["step_id"])} | _plain(row, *_CARD)
    if row["evidence_n"] == 0:
        found["evidence_n"] = 0
    if row["evidence"] != Evidence.ASSUMPTION:
        found["evidence"] = row["evidence"]
    if row["upload_id"] in content.files:
        found["file"] = _key("f", row["upload_id"])
    return found


def _persona(content: Content, id: int, on_map: bool) -> dict[str, Any]:
    persona = content.personas[id]
    found: dict[str, Any] = {"id": _key("p", id), "name": persona.name}
    found |= {name: text for name, text in persona.texts.items() if text}
    if persona.reviewed_on:
        found["reviewed_on"] = persona.reviewed_on
    if persona.segment:
        found["segment"] = {"dimension": persona.segment[0], "name": persona.segment[1]}
    if persona.picture in content.files:
        found["picture"] = _key("f", persona.picture)
    return found | ({} if on_map else {"on_map": False})
