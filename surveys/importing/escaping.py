"""Texts as PostgreSQL's COPY takes them."""

import re
from typing import Final

_SPECIAL: Final = re.compile(r"[\\\t\n\r\b\f\v]")
_ESCAPES: Final = {
    "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v",
}  # fmt: skip


def escape(text: str) -> str:
    """A text as one cell of COPY's text format."""
    return _SPECIAL.sub(lambda match: _ESCAPES[match[0]], text)
