"""Which answers of a survey a results page shows, as its address says it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal
from urllib.parse import urlencode

from surveys.models import Source

Dimension = Literal["source", "month", "segment", "language", "link", "version"]


@dataclass(frozen=True)
class Selection:
    """Empty means all. ``source`` "" is everybody who was asked: reviews of portals stay apart."""

    since: dt.date | None = None
    until: dt.date | None = None
    source: str = ""
    language: str = ""
    segment: int = 0
    link: int = 0
    version: int = 0
    # Not a filter: the question whose mean stands beside sources and months, and the order.
    question: int = 0
    order: str = ""

    @property
    def filters(self) -> tuple[Dimension, ...]:
        """The dimensions along which only one group is shown."""
        names: tuple[Dimension, ...] = ("source", "language", "segment", "link", "version")
        return tuple(name for name in names if getattr(self, name))

    @property
    def is_narrow(self) -> bool:
        return bool(self.filters or self.since or self.until)

    @property
    def needs_answers(self) -> bool:
        """Histograms know neither languages nor links nor versions."""
        return bool(self.language or self.link or self.version)

    def without(self, name: Dimension) -> "Selection":
        changes: dict[str, Any] = {name: "" if name in ("source", "language") else 0}
        return replace(self, **changes)

    def query(self, **changes: Any) -> str:
        """The address of the same page with something else chosen."""
        return urlencode(replace(self, **changes).pairs)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        found = ((field.name, getattr(self, field.name)) for field in fields(self))
        return [
            (name, value.isoformat() if isinstance(value, dt.date) else str(value))
            for name, value in found
            if value
        ]


def parse(parameters: Mapping[str, str]) -> Selection:
    """What an address says; what cannot be read counts as not said."""
    source = parameters.get("source", "")
    return Selection(
        since=_day(parameters.get("since", "")),
        until=_day(parameters.get("until", "")),
        source=source if source in Source.values else "",
        language=parameters.get("language", "").replace("\0", "")[:12],
        segment=_number(parameters.get("segment", "")),
        link=_number(parameters.get("link", "")),
        version=_number(parameters.get("version", "")),
        question=_number(parameters.get("question", "")),
        order="lowest" if parameters.get("order") == "lowest" else "",
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
