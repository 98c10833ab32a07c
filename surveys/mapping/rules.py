"""A mapping as plain values. Codes are strings in one spelling: ``surveys.scales.code``."""

import datetime as dt
from collections.abc import Iterator
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from functools import cached_property

from surveys.models import Kind


class MappingError(Exception):
    """Everything that is wrong with a mapping, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class SurveyRule:
    name: str
    language: str
    source: str


@dataclass(frozen=True)
class FileRule:
    """None means detected. ``vendor``: the tool whose export it is, which then says how many
    heading rows there are; ``left_out`` are the kinds of its rows that are no answers.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header_rows: int = 1
    vendor: str = ""
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class DateRule:
    """``prefix`` + cell is read with the strptime ``format``."""

    column: str
    format: str
    prefix: str = ""

    def read(self, cell: str) -> dt.date:
        """Raises ValueError when the cell holds no such date."""
        return dt.datetime.strptime(self.prefix + cell.strip(), self.format).date()


@dataclass(frozen=True)
class CodeColumn:
    """A column of codes; ``values`` says what each stands for."""

    column: str
    values: Dict[str, str]


@dataclass(frozen=True)
class ResponseRule:
    """``id`` is "" where no column numbers the answers: a line is then known by its content."""

    id: str
    answered_on: dt.date | DateRule
    weight: str = ""
    cluster: str = ""
    language: CodeColumn | None = None
    source: CodeColumn | None = None
    customer: str = ""


@dataclass(frozen=True)
class SegmentRule:
    """A dimension of segments; a code that is not listed gives no value."""

    name: str
    column: str
    values: Dict[str, str]


@dataclass(frozen=True)
class OptionRule:
    """One option of a several-choice question or a ranking; ``column`` where it has its own."""

    text: str
    column: str = ""


@dataclass(frozen=True)
class QuestionRule:
    """``scores``: words → score. ``times``: what numbers are multiplied by.

    Of several choices and rankings: ``separator`` joins options in one cell, where they have no
    columns of their own; ``other`` is the option that stands for all other texts.

    ``exact``: the cells are as our own export writes them, "scores" or "texts", and "nothing" for
    a question whose parts alone have answers; ``part_of`` is the column of the whole, ``code`` the
    option that a part stands for. Empty in files of others.
    """

    column: str
    text: str
    kind: Kind
    scale: tuple[int, int] | None = None
    is_reversed: bool = False
    never_used: tuple[str, ...] = ()
    no_answer: tuple[str, ...] = ()
    touchpoint: str = ""
    step: str = ""
    labels: Dict[str, str] = field(default_factory=dict)
    scores: Dict[str, int] = field(default_factory=dict)
    times: int = 1
    separator: str = ""
    options: tuple[OptionRule, ...] = ()
    other: str = ""
    exact: str = ""
    part_of: str = ""
    code: int | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file that it is read from."""
        if self.exact == "nothing":
            return ()
        own = tuple(option.column for option in self.options if option.column)
        return own or (self.column,)


@dataclass(frozen=True)
class Mapping:
    survey: SurveyRule
    response: ResponseRule
    questions: tuple[QuestionRule, ...]
    segments: tuple[SegmentRule, ...] = ()
    file: FileRule = FileRule()

    @property
    def is_exact(self) -> bool:
        """Whether our own export wrote the file: then there is nothing to decide."""
        return any(question.exact for question in self.questions)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column of the file that is read, once; all others are left out."""
        return tuple(dict.fromkeys(self._columns()))

    def _columns(self) -> Iterator[str]:
        response = self.response
        if response.id:
            yield response.id
        if isinstance(response.answered_on, DateRule):
            yield response.answered_on.column
        yield from filter(None, (response.weight, response.cluster, response.customer))
        for codes in (response.language, response.source):
            if codes:
                yield codes.column
        yield from (segment.column for segment in self.segments)
        for question in self.questions:
            yield from question.columns
