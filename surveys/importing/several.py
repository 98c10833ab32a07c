"""Several choices and rankings: the cells of one line → one answer per option."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from surveys.columns.joined import taken_apart
from surveys.importing.escaping import escape
from surveys.importing.result import EMPTY, ERROR, QuestionCount, counted
from surveys.mapping import QuestionRule
from surveys.models import Kind, Status
from surveys.scales import code, is_chosen, own_words, rank_of

_REMEMBERED: Final = 5000


class Several:
    """What the cells of one question mean together, and how often they came.

    ``tails``: the end of a line of COPY per option. ``problem``: (column, cell, words).
    """

    __slots__ = ("n", "problem", "status", "tails")

    def __init__(
        self,
        status: int,
        tails: tuple[str, ...] = (),
        problem: tuple[str, str, str] | None = None,
    ) -> None:
        self.status = status
        self.tails = tails
        self.problem = problem
        self.n = 0


class Parts(dict[tuple[str, ...], Several]):
    """Raw cells → Several; each combination is worked out once.

    ``parts``: ids of the part questions in the order of the options, "other" last.
    """

    def __init__(self, rule: QuestionRule, parts: Sequence[int]) -> None:
        self.rule = rule
        self.column = rule.column
        self.parts = parts
        self.texts = [option.text for option in rule.options]
        self.longest = sorted(self.texts, key=len, reverse=True)
        self.forgotten: dict[int, int] = {}

    def __missing__(self, cells: tuple[str, ...]) -> Several:
        found = self._work_out(cells)
        if len(self) < _REMEMBERED and sum(map(len, cells)) < 400:
            self[cells] = found
        else:
            self.forgotten[found.status] = self.forgotten.get(found.status, 0) + 1
        return found

    def _work_out(self, cells: tuple[str, ...]) -> Several:
        given = [code(cell) for cell in cells if cell.strip()] or [""]
        for status, codes in (
            (Status.NEVER_USED, self.rule.never_used),
            (Status.NO_ANSWER, self.rule.no_answer),
        ):
            if all(item in codes for item in given):
                return self._all(status, next(filter(None, cells), ""))
        if given == [""]:
            return Several(EMPTY)
        if self.rule.options[0].column:
            return self._of_columns(cells)
        return self._of_cell(cells[0])

    def _all(self, status: Status, raw: str) -> Several:
        return Several(int(status), tuple(self._tail(n, status, None, raw) for n in self._numbers))

    @property
    def _numbers(self) -> range:
        return range(len(self.parts))

    def _of_columns(self, cells: tuple[str, ...]) -> Several:
        if self.rule.kind == Kind.SEVERAL:
            scores = [
                (int(is_chosen(c)), own_words(c, t)) for c, t in zip(cells, self.texts, strict=True)
            ]
            return self._scored([(score, words if score else "") for score, words in scores])
        ranks: list[tuple[int | None, str]] = []
        for cell, option in zip(cells, self.rule.options, strict=True):
            rank = rank_of(cell)
            if rank is None and cell.strip():
                problem = (option.column, cell, _("is no rank, the question is left empty"))
                return Several(ERROR, problem=problem)
            ranks.append((rank, ""))
        return self._scored(ranks)

    def _of_cell(self, cell: str) -> Several:
        chosen, others = taken_apart(cell, self.rule.separator, self.longest)
        if others and not self.rule.other:
            words = _("“%(text)s” is none of the options, the question is left empty") % {
                "text": others[0][:60]
            }
            return Several(ERROR, problem=(self.column, cell, words))
        if self.rule.kind == Kind.RANKING:
            order = {text: rank for rank, text in enumerate(dict.fromkeys(chosen), 1)}
            return self._scored([(order.get(text), "") for text in self.texts])
        scores = [(int(text in chosen), "") for text in self.texts]
        if self.rule.other:
            scores.append((int(bool(others)), "; ".join(others)))
        return self._scored(scores)

    def _scored(self, scores: Sequence[tuple[int | None, str]]) -> Several:
        tails = [
            self._tail(number, Status.SCORED, score, raw)
            for number, (score, raw) in enumerate(scores)
            if score is not None
        ]
        return Several(int(Status.SCORED), tuple(tails))

    def _tail(self, number: int, status: Status, score: int | None, raw: str) -> str:
        shown = "\\N" if score is None else score
        return f"\t{self.parts[number]}\t{int(status)}\t{shown}\t{escape(raw)}\n"

    def count(self) -> QuestionCount:
        """One answer per person, however many options there are."""
        return counted(self.column, self.forgotten, self.values())
