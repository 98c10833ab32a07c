"""Building a questionnaire: one function per kind of change, keyword-only, atomic.

Every change counts the survey's ``revision`` up. A caller that names the revision which it saw is
told (StaleError) when the same question was changed since.
"""

from surveys.building.identity import family, is_published
from surveys.building.limits import BuildError, StaleError
from surveys.building.questions import (
    add_question,
    asked,
    change_question,
    copy_question,
    move_question,
    remove_question,
    set_parts,
)
from surveys.building.surveys import change_survey, copy_survey, create_survey, set_quotas

__all__ = [
    "BuildError",
    "StaleError",
    "add_question",
    "asked",
    "change_question",
    "change_survey",
    "copy_question",
    "copy_survey",
    "create_survey",
    "family",
    "is_published",
    "move_question",
    "remove_question",
    "set_parts",
    "set_quotas",
]
