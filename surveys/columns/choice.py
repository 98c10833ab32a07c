"""What one column becomes, as the form shows it: texts only, right or wrong."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final, Self

QUESTIONS: Final = ("rating", "nps", "csat", "ces", "choice", "text")
OUT: Final = "out"


@dataclass(frozen=True)
class Choice:
    """``becomes``: a part of the response, "segment", a kind of question, "out", or "" undecided.

    ``never`` and ``none`` are codes with commas; ``blank``: an empty cell is "no answer";
    ``values`` is one "code = label" per line.
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
    is_known: bool = False  # taken over from an earlier import

    @property
    def is_question(self) -> bool:
        return self.becomes in QUESTIONS

    @property
    def has_scale(self) -> bool:
        return self.becomes in ("rating", "nps", "csat", "ces")

    @property
    def has_values(self) -> bool:
        return self.becomes in ("segment", "language", "source", "choice")

    @property
    def never_codes(self) -> list[str]:
        return split(self.never)

    @property
    def none_codes(self) -> list[str]:
        return split(self.none) + ([""] if self.blank else [])

    @property
    def labels(self) -> dict[str, str]:
        pairs = (line.partition("=") for line in self.values.splitlines() if "=" in line)
        return {code.strip(): label.strip() for code, _sign, label in pairs if label.strip()}

    def changed(self, form: dict[str, str]) -> "Choice":
        """The choice with what a form says; checkboxes are told by the field "shown"."""
        known = {item.name: item.type for item in fields(self)}
        new: dict[str, Any] = {}
        for key, value in form.items():
            if known.get(key) is str or known.get(key) == "str":
                new[key] = value.strip() if key not in ("prefix", "format") else value
        for key in ("is_reversed", "blank"):
            if f"{key}-shown" in form:
                new[key] = key in form
        return replace(self, **new, is_known=False) if new else self


def split(codes: str) -> list[str]:
    return [item.strip() for item in codes.split(",") if item.strip()]


def join(codes: Iterable[str]) -> str:
    return ", ".join(item for item in codes if item)


@dataclass
class Draft:
    """All choices of one file. ``day``: all answers are of one day (ISO), when no column says."""

    name: str = ""
    language: str = "en"
    source: str = "import"
    day: str = ""
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
