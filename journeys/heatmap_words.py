"""What a heatmap says, in sentences: the headline, each cell, and how to read the colours."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.statistics import Difference
from cxm.templatetags.ui import number, signed
from journeys import curve_words
from journeys.curve_words import Finding
from journeys.heatmap import By, HeatReading
from journeys.insights.heatmap import SHADE_WIDTH, SHADES, Cell

NEARLY_HALF = 0.4999


def reason(code: str, k: int) -> str:
    """Why a cell has no figure."""
    return _("not met in this phase") if code == "not_met" else curve_words.reason(code, k)


def looks(n: int) -> str:
    """What "proven" is corrected for."""
    return ngettext("Holm, %(n)s test", "Holm, %(n)s tests", n) % {"n": number(n)}


def by_words(by: By) -> str:
    """The name of a kind of column."""
    return {
        "segments": _("Segments"),
        "phases": _("Phases"),
        "surveys": _("Surveys"),
        "months": _("Months"),
    }[by]


def sort_words(sort: str) -> str:
    return {
        "score": _("score, best first"),
        "worst": _("score, worst first"),
        "name": _("name"),
        "spread": _("spread, widest first"),
    }[sort]


def finding(reading: HeatReading) -> Finding:
    """The one headline of a heatmap: the largest proven difference, else that none is proven."""
    if not reading.touchpoints:
        return Finding(_("No touchpoints yet."))
    if not reading.has_figures:
        return Finding(_nothing(reading))
    proven, tests = reading.heatmap.proven, reading.heatmap.tests
    if not proven:
        return _unproven(reading, tests)
    cell = max(proven, key=_weight)
    assert cell.difference is not None
    count = ngettext(
        "%(n)s of %(tests)s differences is proven.",
        "%(n)s of %(tests)s differences are proven.",
        len(proven),
    ) % {"n": number(len(proven)), "tests": number(tests)}
    values = {
        "touchpoint": reading.touchpoints[cell.row].name,
        "group": next(c.full for c in reading.columns if c.id == cell.column),
        "by": number(abs(cell.difference.difference), 2),
    }
    sentence = _sentence(reading.selection.by, cell.difference.difference < 0) % values
    return Finding(f"{sentence} {count}", True, _facts(cell.difference, tests))


def _facts(found: Difference, tests: int) -> str:
    values = {
        "by": signed(found.difference), "low": signed(found.ci_low), "high": signed(found.ci_high),
        "n": number(found.n_b), "m": number(found.n_a), "looks": looks(tests),
    }  # fmt: skip
    return (
        _("%(by)s, 95%% interval %(low)s to %(high)s, n = %(n)s against %(m)s · %(looks)s") % values
    )


def _weight(cell: Cell) -> tuple[float, bool]:
    """The size of a difference; of two groups that mirror each other, the worse one."""
    by = cell.difference.difference if cell.difference else 0.0
    return round(abs(by), 6), by < 0


def _sentence(by: By, worse: bool) -> str:
    if by == "segments":
        if worse:
            return _("%(touchpoint)s is %(by)s worse for %(group)s than for all others.")
        return _("%(touchpoint)s is %(by)s better for %(group)s than for all others.")
    if by == "surveys":
        if worse:
            return _("%(touchpoint)s is %(by)s lower in %(group)s than in the other surveys.")
        return _("%(touchpoint)s is %(by)s higher in %(group)s than in the other surveys.")
    if worse:
        return _("%(touchpoint)s is %(by)s lower in %(group)s than in all other answers.")
    return _("%(touchpoint)s is %(by)s higher in %(group)s than in all other answers.")


def _nothing(reading: HeatReading) -> str:
    reasons = {row.all.reason for row in reading.heatmap.rows}
    if reasons == {"never_asked"}:
        return _("No question asks about a touchpoint yet.")
    if reasons & {"too_few", "complement"}:
        return _("Too few answers for a heatmap.")
    return _("No answers yet.")


def _unproven(reading: HeatReading, tests: int) -> Finding:
    shown = [row for row in reading.heatmap.rows if row.all.estimate]
    low = min(shown, key=lambda row: row.all.estimate.mean if row.all.estimate else 0.0)
    assert low.all.estimate is not None
    values = {"touchpoint": low.row.name, "measured": signed(low.all.estimate.mean)}
    if len(shown) > 1:
        words = _("%(touchpoint)s is the lowest touchpoint, at %(measured)s.") % values
    else:
        words = _("%(touchpoint)s is at %(measured)s.") % values
    if tests:
        words = f"{words} " + _("No difference between groups is proven.")
    return Finding(words, False if tests else None, looks(tests) if tests else "")


@dataclass(frozen=True)
class Legend:
    """The ends of the colours in words and numbers."""

    middle: str
    worse: str
    better: str


def legend(reading: HeatReading) -> Legend | None:
    """How to read the colours; None where no figure is shown for the whole."""
    whole = reading.heatmap.whole.estimate
    if whole is None:
        return None
    reach = SHADE_WIDTH * (SHADES - 2) / 2
    return Legend(signed(whole.mean), signed(whole.mean - reach), signed(whole.mean + reach))


@dataclass(frozen=True)
class CellWords:
    """What one cell says: when pointed at (lines of the popover), and aloud (one sentence)."""

    value: str
    n: str
    tip: str
    spoken: str


class Speaker:
    """Words for many cells of one page; translations and numbers are looked up once."""

    def __init__(self, reading: HeatReading) -> None:
        self.reading = reading
        self.interval = _("95%% interval %(low)s to %(high)s")
        self.below, self.above = _("%(by)s below all others"), _("%(by)s above all others")
        self.proven, self.open = _("proven"), _("not proven")
        self.reasons: dict[str, str] = {}
        self._signed: dict[int, str] = {}
        self._number: dict[int, str] = {}

    def signed(self, value: float) -> str:
        """As the filter ``signed``; hundreds of cells share a few hundred numbers."""
        cents = value * 100
        key = round(cents)
        if abs(cents - key) > NEARLY_HALF:
            # Which way a half goes is the filter's to say.
            return signed(value)
        if key not in self._signed:
            self._signed[key] = signed(key / 100)
        return self._signed[key]

    def number(self, value: int) -> str:
        if value not in self._number:
            self._number[value] = number(value)
        return self._number[value]

    def reason(self, code: str) -> str:
        if code not in self.reasons:
            self.reasons[code] = reason(code, self.reading.k)
        return self.reasons[code]

    def cell(self, cell: Cell, row: str, column: str) -> CellWords:
        """Value, n, the lines of the popover and one spoken sentence."""
        name = f"{row}, {column}"
        found = cell.estimate
        if found is None:
            why = self.reason(self.reading.reason(cell))
            return CellWords(why, "", f"{name}\n\n{why}", f"{name}: {why}")
        value = self.signed(found.mean)
        low, high = self.signed(found.ci_low), self.signed(found.ci_high)
        interval = self.interval % {"low": low, "high": high}
        n = self.number(found.n)
        counted = f"n = {n}"
        if self.reading.selection.weighted:
            counted += f", n_eff {self.number(round(found.n_eff))}"
        lines = [name, value, interval, counted, "", ""]
        spoken = f"{name}: {value}, {interval}, {counted}"
        if cell.difference is not None:
            against = self._against(cell.difference.difference)
            verdict = self.proven if cell.proven else self.open
            lines[4:] = [("+" if cell.proven else "-") + verdict, against]
            spoken += f". {against}, {verdict}"
        return CellWords(value, n, "\n".join(lines), spoken)

    def _against(self, difference: float) -> str:
        words = self.below if difference < 0 else self.above
        return words % {"by": self.signed(abs(difference))[1:]}
