"""All texts of a survey as a file for translators, and back without losing a word.

``rows`` says what a file holds, ``comparing`` what it would change, ``storing`` changes it.
"""

from surveys.translating.comparing import Change, Fault, Plan, compare
from surveys.translating.rows import Text, header, lines, texts_of
from surveys.translating.storing import store

__all__ = [
    "Change",
    "Fault",
    "Plan",
    "Text",
    "compare",
    "header",
    "lines",
    "store",
    "texts_of",
]
