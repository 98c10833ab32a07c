"""What a file is, by its content alone; then the reader of that format."""

import io
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from journeys import importing
from journeys.formats.content import MAX_BYTES, Builder, Content, FormatError, Note
from journeys.formats.grid_read import read_grid
from journeys.formats.json_read import read_json
from journeys.formats.mermaid_read import FIRST_LANES, is_mermaid, read_mermaid
from journeys.outline import Outline

_TOML: Final = re.compile(r"^\s*\[\[\s*phase\s*\]\]", re.MULTILINE)
# A cell of a grid may begin with a bracket too, but hardly with two.
_JSON: Final = re.compile(r"\{|\[\s*[\[{\]]")
_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True)
class Read:
    """A file that was read: ``format`` is json, mermaid, toml, xlsx or csv."""

    format: str
    content: Content


def read(data: bytes, *, name: str, catalogue: Collection[str] = ()) -> Read:
    """The map in a file or a pasted text. ``catalogue``: the names of known touchpoints.

    Raises FormatError; whatever the bytes are, nothing else.
    """
    if len(data) > MAX_BYTES:
        raise FormatError(_("The file is larger than 5 MB; a map is not."))
    if not data.strip():
        raise FormatError(_("There is nothing in it."))
    if data.startswith(b"PK"):
        return Read("xlsx", read_grid(io.BytesIO(data), name=name, catalogue=catalogue))
    text, is_guessed = _text(data)
    if text is not None:
        found = _of_text(text)
        if found is not None:
            if is_guessed:
                found.content.notes.insert(0, _western())
            return found
    return Read("csv", read_grid(io.BytesIO(data), name=name, catalogue=catalogue))


def _of_text(text: str) -> Read | None:
    start = text.lstrip()[:200]
    if not start.startswith('"') and _TOML.search(text):
        return Read("toml", _read_toml(text))
    if _JSON.match(start):
        return Read("json", read_json(text))
    return Read("mermaid", read_mermaid(text)) if is_mermaid(text) else None


def _text(data: bytes) -> tuple[str | None, bool]:
    """The text, and whether its encoding had to be guessed; None where it is no text."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), False
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), True


def _western() -> Note:
    words = _("The file is not UTF-8; it is read as Windows text of Western Europe.")
    return Note("guessed", "", words)


def _read_toml(text: str) -> Content:
    try:
        outline = importing.parse(text.encode("utf-8", "replace"))
    except importing.JourneyFileError as error:
        raise FormatError(*error.problems) from error
    return _of_outline(outline)


def _of_outline(outline: Outline) -> Content:
    builder = Builder()
    builder.title(outline.title, "title")
    for phase in outline.phases:
        phase_id = builder.phase(phase.name, where=phase.name)
        for step in phase.steps:
            assumed = None if step.assumed is None else f"{step.assumed:.2f}"
            id = builder.step(phase_id, step.name, where=step.name, assumed=assumed)
            for name in step.touchpoints:
                builder.touch(id, builder.touchpoint(name, step.name))
    for kind in FIRST_LANES:
        builder.lane(kind.value, where="")
    return builder.done()
