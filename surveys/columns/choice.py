"""What one column becomes, as the form shows it: texts only, right or wrong."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final, Self

QUESTIONS: Final = (
    "rating", "faces", "nps", "csat", "ces", "choice", "several", "ranking", "text",
)  # fmt: skip
# Columns that together are one question: one option each, or the rank of one option each.
PARTS: Final = {"option": "several", "rank": "ranking"}
OUT: Final = "out"
# A question of our own export: its rule says all, and cells are read as they were written.
OWN: Final = "own"


@dataclass(frozen=True)
class Choice:
    """``becomes``: a part of the response, "segment", a kind of question, "out", or "" undecided.

    ``never`` and ``none`` are codes with commas; ``blank``: an empty cell is "no answer";
    ``values`` is one "code = label" per line, or one option per line where a cell holds several.
    ``scores`` is one "words = score" per line; ``times``: what numbers are multiplied by, so that
    4.5 of 5 is 9 of 10. Parts of one question have its ``group`` and its text as ``name``.
    ``own`` is the rule of a column of our own export, as plain values.
    """

    becomes: str = ""
    touchpoint: str = ""
    text: str = ""
    low: str = ""
    high: str = ""
    is_reversed: bool = False
    never: str = ""
    none: str = ""
    blank: bool = True
    name: str = ""
    values: str = ""
    format: str = ""
    prefix: str = ""
    step: str = ""
    scores: str = ""
    times: str = ""
    separator: str = ""
    other: str = ""  # the option that stands for every text that is none of the options
    group: str = ""
    own: dict[str, Any] = field(default_factory=dict)
    is_known: bool = False  # taken over from an earlier import

    @property
    def is_question(self) -> bool:
        return self.becomes in QUESTIONS

    @property
    def has_scale(self) -> bool:
        return self.becomes in ("rating", "faces", "nps", "csat", "ces")

    @property
    def has_values(self) -> bool:
        return self.becomes in ("segment", "language", "source", "choice")

    @property
    def is_part(self) -> bool:
        return self.becomes in PARTS

    @property
    def is_joined(self) -> bool:
        """Several options in one cell."""
        return self.becomes in PARTS.values()

    @property
    def options(self) -> list[str]:
        lines = (line.strip() for line in self.values.splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    @property
    def never_codes(self) -> list[str]:
        return split(self.never)

    @property
    def none_codes(self) -> list[str]:
        return split(self.none) + ([""] if self.blank else [])

    @property
    def labels(self) -> dict[str, str]:
        return pairs(self.values)

    @property
    def words(self) -> dict[str, str]:
        """Words → score, as text."""
        return pairs(self.scores, last=True)

    def changed(self, form: dict[str, str]) -> "Choice":
        """The choice with what a form says; checkboxes are told by the field "shown"."""
        known = {item.name: item.type for item in fields(self)}
        new: dict[str, Any] = {}
        for key, value in form.items():
            if known.get(key) is str or known.get(key) == "str":
                new[key] = value.strip() if key not in ("prefix", "format", "separator") else value
        for key in ("is_reversed", "blank"):
            if f"{key}-shown" in form:
                new[key] = key in form
        return replace(self, **new, is_known=False) if new else self


def pairs(text: str, *, last: bool = False) -> dict[str, str]:
    """The lines "left = right"; with ``last`` the left side may hold signs of equality itself."""
    lines = [line for line in text.splitlines() if "=" in line]
    found = [line.rpartition("=") if last else line.partition("=") for line in lines]
    return {left.strip(): right.strip() for left, _sign, right in found if right.strip()}


def split(codes: str) -> list[str]:
    return [item.strip() for item in codes.split(",") if item.strip()]


def join(codes: Iterable[str]) -> str:
    return ", ".join(item for item in codes if item)


@dataclass
class Draft:
    """All choices of one file. ``day``: all answers are of one day (ISO), when no column says.

    ``by_content``: no column numbers the answers, a line is known by what stands in it.
    """

    name: str = ""
    language: str = "en"
    source: str = "import"
    day: str = ""
    by_content: bool = False
    # Rules of questions that have no column: only their parts have, in our own exports.
    wholes: list[dict[str, Any]] = field(default_factory=list)
    choices: dict[str, Choice] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Pairs instead of an object: PostgreSQL keeps the order of a list, not of keys."""
        return asdict(self) | {"choices": [[n, asdict(c)] for n, c in self.choices.items()]}

    @classmethod
    def of_json(cls, plain: dict[str, Any]) -> Self:
        choices = {name: Choice(**choice) for name, choice in plain["choices"]}
        return cls(**{**plain, "choices": choices})

    def columns(self, *becomes: str) -> list[str]:
        return [name for name, choice in self.choices.items() if choice.becomes in becomes]
