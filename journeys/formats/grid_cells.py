"""Several cards in one cell of a spreadsheet, in a way that a person can read and change.

One card per line. A line that ends with a backslash goes on in the next one, so a card can have
several lines; a backslash that really ends a line is written twice. A card without text (a picture
alone) is ``\\-``. Blank lines are no cards.
"""

import re

_SPECIAL = re.compile(r"\\+(?:-|\+\d{1,6}(?: .*)?)")
_MORE = re.compile(r"\\\+(\d{1,6})(?: .*)?")
EMPTY = "\\-"


def cell_of(texts: list[str], limit: int | None = None, words: str = "") -> str:
    """The cell that holds these cards. Where they exceed ``limit`` characters, the last line counts
    the rest: ``\\+3`` and ``words``."""
    cell, used = [], 0
    for number, text in enumerate(texts):
        card = _written(text)
        used += len(card) + 1
        if limit is not None and used > limit:
            cell.append(f"\\+{len(texts) - number} {words}".rstrip())
            break
        cell.append(card)
    return "\n".join(cell)


def _written(text: str) -> str:
    lines = text.strip().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines == [""]:
        return EMPTY
    if _SPECIAL.fullmatch(lines[0]):
        lines[0] = "\\" + lines[0]
    doubled = [line + "\\" * _trailing(line) for line in lines]
    return "\\\n".join(doubled)


def cards_in(cell: str) -> tuple[list[str], int]:
    """The cards of a cell, and how many more it says there are."""
    cards: list[str] = []
    lines: list[str] = []
    more = 0
    for line in cell.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        count = _trailing(line)
        goes_on = count % 2 == 1
        body = line[: len(line) - count] + "\\" * (count // 2)
        if not lines and not goes_on:
            if not body.strip():
                continue
            if found := _MORE.fullmatch(body):
                more += int(found.group(1))
                continue
            if body == EMPTY:
                cards.append("")
                continue
        lines.append(body[1:] if not lines and _SPECIAL.fullmatch(body) else body)
        if not goes_on:
            cards.append("\n".join(lines).strip())
            lines = []
    return [*cards, "\n".join(lines).strip()] if lines else cards, more


def _trailing(line: str) -> int:
    return len(line) - len(line.rstrip("\\"))
