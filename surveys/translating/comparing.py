"""What a file from a translator would change, and what stands in its way. Pure.

A cell is compared with what the draft says now and, by the marks of its row, with what it said
when the file was made: changed only in the file it is taken, changed only in the draft it stays,
changed in both somebody has to choose. An empty cell changes nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from surveys.building.limits import MOST_LANGUAGES, BuildError
from surveys.building.limits import text as checked
from surveys.questionnaire import Questionnaire
from surveys.questionnaire.piping import mentions
from surveys.translating.rows import (
    COLUMNS,
    KEY,
    MARKS,
    Text,
    is_wanted,
    mark,
    one_newline,
    read_marks,
    texts_of,
)

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z")


@dataclass(frozen=True)
class Change:
    """One text in one language: ``before`` in the draft, ``after`` in the file.

    ``is_stale``: the text in the first language was changed since the file was made, so this may
    translate what nobody asks any more.
    """

    line: int
    text: Text
    language: str
    before: str
    after: str
    is_stale: bool = False

    @property
    def name(self) -> str:
        """The same for the same text in the same language, in any file."""
        return f"{self.text.key} {self.language}"


@dataclass(frozen=True)
class Fault:
    """Why nothing can be stored; ``language`` is the column, "" for the whole line."""

    line: int
    language: str
    words: str


@dataclass(frozen=True)
class Plan:
    """All that a file would do. ``unknown`` are (line, key), ``missing`` texts not in the file."""

    languages: tuple[str, ...]
    new_languages: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()
    unknown: tuple[tuple[int, str], ...] = ()
    missing: tuple[Text, ...] = ()
    ignored: tuple[str, ...] = ()
    unchanged: int = 0
    has_marks: bool = True

    @property
    def can_run(self) -> bool:
        return not self.faults and bool(self.changes or self.conflicts)

    @property
    def new(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if not change.before)

    @property
    def changed(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.before)


@dataclass
class _Found:
    """What is gathered while the rows are walked."""

    changes: list[Change] = field(default_factory=list)
    conflicts: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0


def compare(
    questionnaire: Questionnaire,
    heads: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
) -> Plan:
    """The file's (line, cells) under its heads against the draft; faults are told by line."""
    columns, languages, ignored = _columns(heads, questionnaire)
    if KEY not in columns:
        return Plan((), faults=(Fault(1, "", _("There is no column “key”.")),))
    known = {text.key: text for text in texts_of(questionnaire)}
    found = _Found()
    for line, cells in rows:
        _row(questionnaire, known, line, cells, columns, languages, found)
    new = [code for code in languages.values() if code not in questionnaire.languages]
    filled = {change.language for change in (*found.changes, *found.conflicts)}
    new = [code for code in dict.fromkeys(new) if code in filled]
    if len(questionnaire.languages) + len(new) > MOST_LANGUAGES:
        words = _("At most %(n)d languages.") % {"n": MOST_LANGUAGES}
        found.faults.append(Fault(1, "", words))
    missing = [text for key, text in known.items() if is_wanted(text) and key not in found.seen]
    return Plan(
        languages=tuple(dict.fromkeys(languages.values())),
        new_languages=tuple(new),
        changes=tuple(found.changes),
        conflicts=tuple(found.conflicts),
        faults=tuple(found.faults),
        unknown=tuple(found.unknown),
        missing=tuple(missing),
        ignored=tuple(ignored),
        unchanged=found.unchanged,
        has_marks=MARKS in columns,
    )


def _columns(
    heads: Sequence[str], questionnaire: Questionnaire
) -> tuple[dict[str, int], dict[int, str], list[str]]:
    """(own column → place, place → language, heads that say nothing)."""
    own: dict[str, int] = {}
    languages: dict[int, str] = {}
    ignored = []
    spelled = {code.lower(): code for code in questionnaire.languages}
    for place, head in enumerate(heads):
        name = " ".join(head.split())
        if name.lower() in COLUMNS:
            own.setdefault(name.lower(), place)
        elif _LANGUAGE.match(name) and name.lower() not in map(str.lower, languages.values()):
            first, dash, rest = name.partition("-")
            languages[place] = spelled.get(name.lower(), first.lower() + dash + rest)
        else:
            ignored.append(name)
    return own, languages, ignored


def _row(
    questionnaire: Questionnaire,
    known: Mapping[str, Text],
    line: int,
    cells: Sequence[str],
    columns: Mapping[str, int],
    languages: Mapping[int, str],
    found: _Found,
) -> None:
    key = cells[columns[KEY]].strip()
    text = known.get(key)
    if text is None:
        if key or any(cells[place].strip() for place in languages):
            found.unknown.append((line, key))
        return
    if key in found.seen:
        words = _("This text stands in line %(n)d already.") % {"n": found.seen[key]}
        found.faults.append(Fault(line, "", words))
        return
    found.seen[key] = line
    marks = read_marks(cells[columns[MARKS]]) if MARKS in columns else None
    for place, language in languages.items():
        _cell(questionnaire, text, line, language, cells[place], marks, found)


def _cell(
    questionnaire: Questionnaire,
    text: Text,
    line: int,
    language: str,
    cell: str,
    marks: Mapping[str, str] | None,
    found: _Found,
) -> None:
    before, after = text.texts.get(language, ""), one_newline(cell)
    if after == one_newline(before) or not after.strip():
        found.unchanged += bool(before)
        return
    base = None if marks is None else marks.get(language, "")
    if base is not None and mark(after) == base:
        found.unchanged += 1  # only the draft was changed since
        return
    fault = _fault(questionnaire, text, language, after)
    if fault:
        found.faults.append(Fault(line, language, fault))
        return
    first = questionnaire.languages[0]
    change = Change(
        line=line,
        text=text,
        language=language,
        before=before,
        after=checked(after, text.longest),
        is_stale=bool(marks) and language != first and _is_stale(text, first, marks or {}),
    )
    if change.after == before:
        found.unchanged += 1
    elif base is None or base == mark(before):
        found.changes.append(change)
    else:
        found.conflicts.append(change)


def _is_stale(text: Text, first: str, marks: Mapping[str, str]) -> bool:
    return first in marks and marks[first] != mark(text.texts.get(first, ""))


def _fault(questionnaire: Questionnaire, text: Text, language: str, after: str) -> str:
    """Why this text cannot be taken, in words; "" where it can."""
    try:
        checked(after, text.longest)
    except BuildError as error:
        return str(error)
    first = questionnaire.languages[0]
    source = text.texts.get(first, "")
    if language == first or not source:
        return ""
    wanted, given = mentions({first: source}), mentions({language: after})
    if lost := sorted(wanted - given):
        return _("{%(key)s} was lost: an earlier answer is put in there.") % {"key": lost[0]}
    if strange := sorted(given - wanted):
        return _("{%(key)s} is not in the original.") % {"key": strange[0]}
    return ""
