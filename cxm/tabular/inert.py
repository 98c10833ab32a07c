"""Formulas made inert: a spreadsheet that opens an export must not run what a customer wrote.

A cell that begins like a formula gets an apostrophe in front, which spreadsheets take as "this is
text". Reading takes exactly that apostrophe off again, so that export and import lose nothing.
"""

import re

# Also the full-width signs, which some spreadsheets take for their plain twins.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MARKED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?\Z")


def defuse(value: object) -> object:
    """The value as a CSV cell; only text that begins like a formula changes."""
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.match(value):
        return "'" + value
    return value


def revive(cells: list[str]) -> list[str]:
    """The cells as they were before ``defuse``."""
    if any(cell.startswith("'") for cell in cells):
        return [cell[1:] if _MARKED.match(cell) else cell for cell in cells]
    return cells
