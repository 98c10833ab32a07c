"""What stands in the columns of a file, and what a person makes of them."""

from surveys.columns.choice import QUESTIONS, Choice, Draft
from surveys.columns.drafting import draft_of, mapping_of
from surveys.columns.finding import found
from surveys.columns.finding_words import Found
from surveys.columns.profile import Column, Profile, profile
from surveys.columns.suggesting import suggest

__all__ = [
    "QUESTIONS",
    "Choice",
    "Column",
    "Draft",
    "Found",
    "Profile",
    "draft_of",
    "found",
    "mapping_of",
    "profile",
    "suggest",
]
