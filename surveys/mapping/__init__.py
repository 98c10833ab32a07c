"""How to read a file of answers: the TOML mapping, parsed, checked and written back."""

from surveys.mapping.parsing import parse_mapping
from surveys.mapping.rules import (
    CodeColumn,
    DateRule,
    FileRule,
    Mapping,
    MappingError,
    OptionRule,
    QuestionRule,
    ResponseRule,
    SegmentRule,
    SurveyRule,
)
from surveys.mapping.writing import write_mapping

__all__ = [
    "CodeColumn",
    "DateRule",
    "FileRule",
    "Mapping",
    "MappingError",
    "OptionRule",
    "QuestionRule",
    "ResponseRule",
    "SegmentRule",
    "SurveyRule",
    "parse_mapping",
    "write_mapping",
]
