"""What the page of the columns shows, worked out before the template."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.columns.choice import OUT, OWN, Choice, Draft
from surveys.columns.finding import found
from surveys.columns.finding_words import Found
from surveys.columns.profile import Column, Profile
from surveys.columns.reading import Recognised
from surveys.mapping.parsing import KINDS
from surveys.models import Import, Source

BECOMES: Final[list[tuple[str, "str | Promise"]]] = [
    ("", gettext_lazy("Choose …")),
    ("id", gettext_lazy("Answer number")),
    ("date", gettext_lazy("Date")),
    *[(kind.value, kind.label) for kind in KINDS],
    ("option", gettext_lazy("Option")),
    ("rank", gettext_lazy("Rank of an option")),
    ("segment", gettext_lazy("Segment")),
    ("weight", gettext_lazy("Survey weight")),
    ("cluster", gettext_lazy("Interview run (cluster)")),
    ("customer", gettext_lazy("Customer number")),
    ("language", gettext_lazy("Language")),
    ("source", gettext_lazy("Source")),
    (OUT, gettext_lazy("Leave out")),
]
_ICONS: Final = {"ok": "check", "warn": "triangle-alert", "err": "circle-alert", "out": "eye-off"}


@dataclass(frozen=True)
class ColumnRow:
    index: int
    column: Column
    choice: Choice
    found: Found

    @property
    def key(self) -> str:
        return f"c{self.index}"

    @property
    def icon(self) -> str:
        return _ICONS[self.found.level]

    @property
    def asked(self) -> str:
        """What was asked, where the name of the column does not say it."""
        choice = self.choice
        text = choice.text if choice.is_question or choice.is_part or choice.own else ""
        return "" if text == self.column.name else text

    @property
    def to_look_at(self) -> bool:
        return self.found.level in ("warn", "err")

    @property
    def month(self) -> str:
        prefix = self.choice.prefix
        return prefix[:7] if len(prefix) == 8 and prefix[4] == "-" else ""

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        # Only a column of our own export can be read as one.
        own = [(OWN, gettext_lazy("As it was exported"))] if self.choice.own else []
        return [
            (value, str(label), value == self.choice.becomes) for value, label in [*own, *BECOMES]
        ]


@dataclass
class ColumnsPage:
    """``show``: "" all, "look" those to look at, "out" those left out."""

    run: Import
    draft: Draft
    profile: Profile
    touchpoints: list[str]
    problems: list[str]
    show: str
    recognised: Recognised
    others: list[Import] = field(default_factory=list)

    @cached_property
    def all_rows(self) -> list[ColumnRow]:
        known = {name.lower() for name in self.touchpoints}
        looked_at = self.profile.looked_at
        return [
            ColumnRow(
                index, column, choice, found(column, choice, rows=looked_at, touchpoints=known)
            )
            for index, column in enumerate(self.profile.columns)
            for choice in (self.draft.choices[column.name],)
        ]

    @cached_property
    def rows(self) -> list[ColumnRow]:
        if self.show == "look":
            return [row for row in self.all_rows if row.to_look_at]
        if self.show == "out":
            return [row for row in self.all_rows if row.choice.becomes == OUT]
        # What is used stands first; what is left out follows.
        return sorted(self.all_rows, key=lambda row: row.choice.becomes == OUT)

    def row(self, key: str) -> ColumnRow | None:
        return next((row for row in self.all_rows if row.key == key), None)

    @property
    def reason(self) -> str:
        """Why the file cannot be checked yet, in a few words."""
        wrong = sum(row.found.level == "err" and row.choice.becomes != "" for row in self.all_rows)
        if self.problems:
            return self.problems[0]
        return _("A column needs another look") if wrong else ""

    @property
    def n_look(self) -> int:
        return sum(row.to_look_at for row in self.all_rows)

    @property
    def n_out(self) -> int:
        return len(self.draft.columns(OUT))

    @property
    def n_known(self) -> int:
        return sum(choice.is_known for choice in self.draft.choices.values())

    @property
    def missing(self) -> list[str]:
        """Columns that the chosen mapping names and the file lacks."""
        return list(self.run.result.get("missing", []))

    @property
    def answers(self) -> int:
        """As the check counts them: one per person and question, however many options."""
        groups: dict[str, int] = {}
        for row in self.all_rows:
            if row.choice.is_part:
                key = row.choice.group or row.choice.name
                n = self.profile.looked_at if row.choice.blank else row.found.answers
                groups[key] = max(groups.get(key, 0), n)
        alone = sum(row.found.answers for row in self.all_rows if not row.choice.is_part)
        return alone + sum(groups.values())

    @property
    def never_used(self) -> int:
        return sum(row.found.never_used for row in self.all_rows)

    @property
    def left_empty(self) -> int:
        return sum(row.found.left_empty for row in self.all_rows)

    @property
    def named(self) -> int:
        return len({c.touchpoint.lower() for c in self._questions if c.touchpoint})

    @property
    def matched(self) -> int:
        known = {name.lower() for name in self.touchpoints}
        return len({c.touchpoint.lower() for c in self._questions} & known)

    @property
    def _questions(self) -> list[Choice]:
        choices = self.draft.choices.values()
        return [choice for choice in choices if choice.is_question or choice.is_part]

    @property
    def has_number(self) -> bool:
        """Whether a column numbers the answers."""
        return bool(self.draft.columns("id"))

    @property
    def is_portal(self) -> bool:
        return self.draft.source == Source.PORTAL

    @property
    def is_partial(self) -> bool:
        return self.profile.rows > self.profile.looked_at

    @property
    def written(self) -> str:
        """How the file is written: "comma, UTF-8", "XLSX", "SPSS"."""
        if self.recognised.is_certain:
            return "SPSS" if self.recognised.key == "spss" else "JSON"
        if self.profile.format == "xlsx":
            return "XLSX"
        return f"{self.spoken_delimiter}, {self.profile.encoding.upper()}"

    @property
    def spoken_delimiter(self) -> str:
        words = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}
        return words.get(self.profile.delimiter, self.profile.delimiter)
