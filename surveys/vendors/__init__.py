"""Exports of other tools: recognised by their look, read as plain tables.

A vendor is a pure recogniser: from the first lines of a table it says how sure it is, which lines
are the heading, what the columns are, and which rows are no answers of customers.
"""

from surveys.vendors.hints import hints, is_same_survey
from surveys.vendors.look import Group, Heads, Vendor
from surveys.vendors.reading import VENDORS, Reading, first_lines, own_form, read, recognise

__all__ = [
    "VENDORS",
    "Group",
    "Heads",
    "Reading",
    "Vendor",
    "first_lines",
    "hints",
    "is_same_survey",
    "own_form",
    "read",
    "recognise",
]
