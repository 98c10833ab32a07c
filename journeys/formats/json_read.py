"""Reading the application's own JSON: every mistake is named by its path in the file."""

import base64
import binascii
import datetime
import json
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from journeys.formats.content import (
    MAX_NOTES,
    Builder,
    Content,
    FileContent,
    FormatError,
    MapRef,
    OriginRef,
    PersonaContent,
    QuestionRef,
)
from journeys.formats.loading import TEXTS
from journeys.models import DERIVED, CardStatus, Evidence, LaneKind, Mark, Tag

MAX_PROBLEMS = 20
MAX_FILES = 200
MAX_OBJECTS = 100_000
LINKS = ("http", "https", "mailto")
_LIMITS = {"summary": 200, "quote": 300, "owner": 80}


class Node:
    """One object of the file: its fields are taken one by one, the rest is unknown."""

    def __init__(self, value: Any, path: str, reader: "Reader") -> None:
        self.path, self.reader = path, reader
        self.values: dict[str, Any] = value if isinstance(value, dict) else {}
        self.taken: set[str] = set()
        if not isinstance(value, dict):
            self.problem("", _("this must be an object in braces."))

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path and name else self.path or name

    def problem(self, name: str, words: str) -> None:
        self.reader.problem(self.at(name), words)

    def raw(self, name: str) -> Any:
        self.taken.add(name)
        return self.values.get(name)

    def text(self, name: str, limit: int, *, one_line: bool = True) -> str:
        value = self.raw(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.problem(name, _("this must be text in quotes."))
            return ""
        builder = self.reader.builder
        shorten = builder.line if one_line else builder.text
        return shorten(value, limit, self.at(name))

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.raw(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.problem(name, _("this must be true or false."))
        return value is True

    def choice(self, name: str, choices: Collection[str], default: str) -> str:
        value = self.raw(name)
        if value is None:
            return default
        if not isinstance(value, str) or value not in choices:
            shown = ", ".join(choice for choice in choices if choice)
            self.problem(name, _("this must be one of: %(choices)s.") % {"choices": shown})
            return default
        return value

    def emotion(self, name: str) -> Decimal | None:
        return self.reader.emotion(self.raw(name), self.at(name))

    def count(self, name: str, most: int = 10**9) -> int | None:
        value = self.raw(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            self.problem(name, _("this must be a whole number from 0 to %(n)s.") % {"n": most})
            return None
        return value

    def date(self, name: str) -> str | None:
        value = self.raw(name)
        if value is None:
            return None
        try:
            return datetime.date.fromisoformat(value).isoformat()
        except (TypeError, ValueError):
            self.problem(name, _("this must be a date such as 2026-03-31."))
            return None

    def list(self, name: str) -> Iterator[tuple[str, Any]]:
        """The items of a list, each with its path."""
        value = self.raw(name)
        if isinstance(value, list):
            for number, item in enumerate(value):
                yield f"{self.at(name)}[{number}]", item
        elif value is not None:
            self.problem(name, _("this must be a list in brackets."))

    def nodes(self, name: str) -> Iterator["Node"]:
        for path, item in self.list(name):
            node = Node(item, path, self.reader)
            yield node
            node.close()

    def node(self, name: str) -> "Node | None":
        value = self.raw(name)
        return None if value is None else Node(value, self.at(name), self.reader)

    def close(self) -> None:
        """Name the keys that nothing was done with."""
        unknown = [key for key in self.values if key not in self.taken]
        for key in unknown[: MAX_NOTES + 1]:
            self.reader.builder.note("lost", self.at(key[:60]), _("This key is not known."))


class Reader:
    """Turns one document into a Content; collects what is wrong with it."""

    def __init__(self) -> None:
        self.builder = Builder()
        self.problems: list[str] = []
        self.ids: dict[str, dict[str, int]] = {}

    def problem(self, path: str, words: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(f"{path[:200]}: {words}" if path else words)

    def named(self, sort: str, node: Node, id: int, *, needed: bool = True) -> None:
        """Remember what the file calls a row."""
        key = node.raw("id")
        if key is None and not needed:
            return
        known = self.ids.setdefault(sort, {})
        if not isinstance(key, str) or not key:
            node.problem("id", _("this must be text in quotes."))
        elif key in known:
            node.problem("id", _("“%(id)s” is used twice.") % {"id": key[:60]})
        else:
            known[key] = id

    def reference(self, sort: str, key: Any, path: str) -> int | None:
        """The row that a key means; a key that nothing is called is a problem."""
        found = self.ids.get(sort, {}).get(key) if isinstance(key, str) else None
        if found is None:
            shown = key if isinstance(key, str) else json.dumps(key, default=str)
            self.problem(path, _("nothing in the file is called “%(id)s”.") % {"id": shown[:60]})
        return found

    def emotion(self, value: Any, path: str) -> Decimal | None:
        if value is None:
            return None
        exact = Decimal(value) if type(value) in (int, Decimal) else Decimal("NaN")
        if not exact.is_finite() or not -2 <= exact <= 2:
            self.problem(path, _("this must be a number from −2 to 2."))
            return None
        rounded = exact.quantize(Decimal("0.01"))
        if rounded != exact:
            self.builder.note("changed", path, _("The value is rounded to two decimals."))
        return rounded


def read_json(text: str) -> Content:
    """The map that a JSON text holds. Raises FormatError with everything that is wrong at once."""
    reader = Reader()
    node = Node(_parsed(text), "", reader)
    if not reader.problems:
        _head(node, reader)
    if reader.problems:
        raise FormatError(*reader.problems)
    builder = reader.builder
    builder.title(node.text("title", 160), "title")
    builder.content.is_template = node.flag("template")
    future = node.node("future_of")
    if future is not None:
        builder.content.future_of = _map(future)
    _read_tables(node, reader)
    _read_phases(node, reader)
    _read_lanes(node, reader)
    _read_arrows(node, reader)
    node.close()
    if reader.problems:
        raise FormatError(*reader.problems)
    return builder.done()


def _parsed(text: str) -> Any:
    if text.count("{") > MAX_OBJECTS:
        raise FormatError(_("The JSON holds more than a map can have."))
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except RecursionError as error:
        raise FormatError(_("The JSON is nested too deeply.")) from error
    except json.JSONDecodeError as error:
        raise FormatError(
            _("The file is no valid JSON: line %(line)d, column %(column)d.")
            % {"line": error.lineno, "column": error.colno}
        ) from error
    except (ValueError, ArithmeticError) as error:
        raise FormatError(_("The JSON holds a number that cannot be read.")) from error


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _head(node: Node, reader: Reader) -> None:
    from journeys.formats.json_map import FORMAT, VERSION

    if node.raw("format") != FORMAT:
        reader.problem(
            "", _('This JSON is not a map of CXM: it does not begin with "format": "cxm-map".')
        )
        return
    version = node.raw("version")
    if type(version) is not int or version < 1:
        node.problem("version", _("this must be a whole number from 1."))
    elif version > VERSION:
        reader.problem(
            "",
            _(
                "The file is of version %(found)s; this installation reads up to version"
                " %(known)s. Update it, or export the map from there as XLSX."
            )
            % {"found": str(version)[:12], "known": VERSION},
        )


def _map(node: Node) -> MapRef:
    ref = MapRef(node.text("address", 80), node.text("title", 160))
    node.raw("id")
    node.close()
    return ref


def _read_tables(node: Node, reader: Reader) -> None:
    content = reader.builder.content
    for number, item in enumerate(node.nodes("files")):
        if number == MAX_FILES:
            reader.problem("files", _("at most %(n)s files fit.") % {"n": MAX_FILES})
            break
        _read_file(item, reader)
    for item in node.nodes("touchpoints"):
        name = item.text("name", 120)
        if not name:
            item.problem("name", _("the name is missing."))
        media_type = item.choice("media_type", ("paid", "owned", "earned"), "")
        channel = item.text("channel", 80)
        id = reader.builder.touchpoint(name, item.path, media_type, channel)
        reader.named("touchpoints", item, id)
    for item in node.nodes("questions"):
        id = reader.builder.id()
        content.questions[id] = QuestionRef(item.text("survey", 160), item.text("key", 200))
        reader.named("questions", item, id)
    for item in node.nodes("maps"):
        id = reader.builder.id()
        content.maps[id] = MapRef(item.text("address", 80), item.text("title", 160))
        reader.named("maps", item, id)
    for item in node.nodes("personas"):
        _read_persona(item, reader)


def _read_file(node: Node, reader: Reader) -> None:
    data = node.raw("data")
    try:
        decoded = base64.b64decode(data, validate=True) if isinstance(data, str) else b""
    except (binascii.Error, ValueError):
        decoded = b""
    if not decoded:
        node.problem("data", _("this must be the file in base64."))
    id = reader.builder.id()
    reader.builder.content.files[id] = FileContent(
        node.text("name", 200),
        node.text("content_type", 100),
        decoded,
        node.count("width", 100_000),
        node.count("height", 100_000),
    )
    reader.named("files", node, id)


def _read_persona(node: Node, reader: Reader) -> None:
    name = node.text("name", 120)
    if not name:
        node.problem("name", _("the name is missing."))
    texts = {key: node.text(key, _LIMITS.get(key, 4000), one_line=key in _LIMITS) for key in TEXTS}
    segment = node.node("segment")
    picture = node.raw("picture")
    persona = PersonaContent(
        name=name,
        texts=texts,
        reviewed_on=node.date("reviewed_on"),
        segment=(segment.text("dimension", 80), segment.text("name", 120)) if segment else None,
        picture=None if picture is None else reader.reference("files", picture, node.at("picture")),
    )
    id = reader.builder.persona(persona, on_map=node.flag("on_map", default=True))
    reader.named("personas", node, id)


def _read_phases(node: Node, reader: Reader) -> None:
    for item in node.nodes("phases"):
        id = reader.builder.phase(
            item.text("name", 120), where=item.path, collapsed=item.flag("collapsed")
        )
        for step in item.nodes("steps"):
            _read_step(step, id, reader)


def _read_step(node: Node, phase: int, reader: Reader) -> None:
    builder = reader.builder
    assumed, opens, origin = node.emotion("assumed"), node.raw("opens"), node.node("origin")
    fields = {
        "assumed": None if assumed is None else f"{assumed:.2f}",
        "is_moment": node.flag("moment"),
        "opens_id": None if opens is None else reader.reference("maps", opens, node.at("opens")),
        "origin": None if origin is None else builder.id(),
    }
    id = builder.step(phase, node.text("name", 120), where=node.path, **fields)
    reader.named("steps", node, id)
    if origin is not None:
        ref = OriginRef(origin.text("phase", 120), origin.text("step", 120))
        builder.content.origins[int(fields["origin"] or 0)] = ref
        origin.close()
    for path, key in node.list("touchpoints"):
        touchpoint = reader.reference("touchpoints", key, path)
        if touchpoint is not None:
            builder.touch(id, touchpoint)
    asked = [reader.reference("questions", key, path) for path, key in node.list("questions")]
    for question in dict.fromkeys(q for q in asked if q is not None):
        builder.row("question", step_id=id, question_id=question)
    _read_assumptions(node, id, reader)


def _read_assumptions(node: Node, step: int, reader: Reader) -> None:
    values = node.node("assumptions")
    for key, value in values.values.items() if values else ():
        path = f"{node.at('assumptions')}.{key[:60]}"
        persona, felt = reader.reference("personas", key, path), reader.emotion(value, path)
        if persona is not None and felt is not None:
            reader.builder.assume(step, persona, felt)


def _read_lanes(node: Node, reader: Reader) -> None:
    for item in node.nodes("lanes"):
        kind = item.choice("kind", LaneKind.values, LaneKind.TEXT.value)
        id = reader.builder.lane(
            kind,
            item.text("name", 80),
            where=item.path,
            note=item.text("note", 120),
            collapsed=item.flag("collapsed"),
            hidden=item.flag("hidden"),
        )
        if kind in DERIVED and item.raw("cards"):
            words = _("This lane shows what steps say; it holds no cards.")
            reader.builder.note("lost", item.at("cards"), words)
            continue
        for card in item.nodes("cards"):
            _read_card(card, id, reader)


def _read_card(node: Node, lane: int, reader: Reader) -> None:
    step = reader.reference("steps", node.raw("step"), node.at("step"))
    file = node.raw("file")
    fields = {
        "mark": node.choice("mark", Mark.values, ""),
        "tag": node.choice("tag", Tag.values, ""),
        "owner": node.text("owner", 80),
        "status": node.choice("status", CardStatus.values, ""),
        "due": node.date("due"),
        "evidence": node.choice("evidence", Evidence.values, Evidence.ASSUMPTION.value),
        "evidence_source": node.text("evidence_source", 200),
        "evidence_n": node.count("evidence_n"),
        "evidence_on": node.date("evidence_on"),
        "url": _link(node),
        "upload_id": None if file is None else reader.reference("files", file, node.at("file")),
    }
    text = node.text("text", 4000, one_line=False)
    if step is not None:
        id = reader.builder.card(lane, step, text, where=node.path, **fields)
        reader.named("cards", node, id, needed=False)


def _link(node: Node) -> str:
    url = node.text("url", 500)
    if url and not is_link(url):
        node.problem("url", _("a link starts with https:// or http://."))
        return ""
    return url


def is_link(url: str) -> bool:
    """Whether an address is one of the web or of e-mail, and no script."""
    try:
        return urlsplit(url).scheme in LINKS
    except ValueError:
        return False


def _read_arrows(node: Node, reader: Reader) -> None:
    seen: set[tuple[int, int]] = set()
    for item in node.nodes("arrows"):
        tail = reader.reference("cards", item.raw("from"), item.at("from"))
        head = reader.reference("cards", item.raw("to"), item.at("to"))
        both = item.flag("both_ways")
        if tail is not None and head is not None and (tail, head) not in seen:
            seen.add((tail, head))
            reader.builder.row("arrow", tail_id=tail, head_id=head, both_ways=both)
