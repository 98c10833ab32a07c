"""Questionnaires, how they reach people, what people answered, and what is done with it."""

from surveys.models.facts import Answer, DirtyDay, Filling, Histogram, Response
from surveys.models.handing import Invitee, Link, Mailing, Refusal, link_code
from surveys.models.imports import Import, SavedMapping
from surveys.models.questionnaires import Question, Quota, Survey, Version
from surveys.models.using import Case, CaseNote, Erasure, Rule, Scheme, Tag, Tagging
from surveys.models.words import ASKED_KINDS, PART_KINDS, SCALE_KINDS, Kind, Source, Status

__all__ = [
    "ASKED_KINDS",
    "PART_KINDS",
    "SCALE_KINDS",
    "Answer",
    "Case",
    "CaseNote",
    "DirtyDay",
    "Erasure",
    "Filling",
    "Histogram",
    "Import",
    "Invitee",
    "Kind",
    "Link",
    "Mailing",
    "Question",
    "Quota",
    "Refusal",
    "Response",
    "Rule",
    "SavedMapping",
    "Scheme",
    "Source",
    "Status",
    "Survey",
    "Tag",
    "Tagging",
    "Version",
    "link_code",
]
