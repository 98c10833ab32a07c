"""Questionnaires as pure values: definition, rules, the way through, replies, checks."""

from surveys.questionnaire.checks import Finding, Problem, findings
from surveys.questionnaire.definition import (
    END,
    Condition,
    Item,
    Jump,
    Option,
    Questionnaire,
    Rule,
    Texts,
    from_json,
    in_language,
    to_json,
)
from surveys.questionnaire.path import (
    answered,
    open_page,
    pages,
    section_of,
    takes_turns,
)
from surveys.questionnaire.piping import label, piped
from surveys.questionnaire.replies import (
    Posted,
    ReplyError,
    StoredAnswer,
    answers,
    read,
    segments,
)
from surveys.questionnaire.rules import CHECKS, SILENT, Replies, Reply, holds, says_something

__all__ = [
    "CHECKS",
    "END",
    "SILENT",
    "Condition",
    "Finding",
    "Item",
    "Jump",
    "Option",
    "Posted",
    "Problem",
    "Questionnaire",
    "Replies",
    "Reply",
    "ReplyError",
    "Rule",
    "StoredAnswer",
    "Texts",
    "answered",
    "answers",
    "findings",
    "from_json",
    "holds",
    "in_language",
    "label",
    "open_page",
    "pages",
    "piped",
    "read",
    "says_something",
    "section_of",
    "segments",
    "takes_turns",
    "to_json",
]
