"""One claim per phase, in words from the numbers: for the presentation and the slides.

Only what is proven is claimed of a gap; else the lowest step is named, and that nothing is proven.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cxm.templatetags.ui import number, signed
from journeys import curve_words
from journeys.board import BoardPhase
from journeys.curve import CurveReading
from journeys.insights.curve import NEVER_ASKED, NO_ANSWERS, StepPoint


@dataclass(frozen=True)
class Claim:
    """What is said of a phase; ``proven`` is None where no gap was tested.

    ``assumed`` and ``measured`` are the large figures, ``facts`` the interval and n behind them.
    """

    sentence: str
    point: StepPoint | None = None
    proven: bool | None = None
    assumed: str = ""
    measured: str = ""
    facts: str = ""

    @property
    def step(self) -> object:
        return self.point.step.id if self.point else None


def claim(reading: CurveReading, phase: BoardPhase) -> Claim:
    """The one thing to say about a phase."""
    points = [p for p in (reading.point(step.id) for step in phase.steps) if p is not None]
    shown = [point for point in points if point.estimate is not None]
    if not shown:
        return Claim(_nothing(points))
    off = [point for point in shown if point.gap is not None and point.gap.proven]
    if off:
        return _gap(max(off, key=_size))
    return _lowest(reading, shown)


def _size(point: StepPoint) -> float:
    return abs(point.gap.difference) if point.gap else 0.0


def _nothing(points: Sequence[StepPoint]) -> str:
    if not points:
        return _("This phase has no steps yet.")
    reasons = {point.reason for point in points}
    if reasons == {NEVER_ASKED}:
        return _("Nobody was ever asked about this phase.")
    if reasons <= {NEVER_ASKED, NO_ANSWERS}:
        return _("No answers about this phase yet.")
    return _("Too few answers to show this phase.")


def _gap(point: StepPoint) -> Claim:
    assert point.gap is not None
    found = point.estimate
    assert found is not None
    values = {"step": point.step.name, "by": number(abs(point.gap.difference), 1)}
    worse = point.gap.difference < 0
    sentence = (
        _("%(step)s feels %(by)s worse to customers than the team assumed.")
        if worse
        else _("%(step)s feels %(by)s better to customers than the team assumed.")
    ) % values
    facts = _("%(low)s to %(high)s excludes %(assumed)s · n = %(n)s") % {
        "low": signed(found.ci_low), "high": signed(found.ci_high),
        "assumed": signed(point.gap.a, 1), "n": number(point.n),
    }  # fmt: skip
    return Claim(sentence, point, True, signed(point.gap.a, 1), signed(found.mean), facts)


def _lowest(reading: CurveReading, shown: Sequence[StepPoint]) -> Claim:
    point = min(shown, key=lambda p: p.estimate.mean if p.estimate else 9.0)
    found = point.estimate
    assert found is not None
    values = {"step": point.step.name, "mean": signed(found.mean)}
    if point is reading.curve.trough:
        sentence = _("%(step)s is the lowest point of the journey, at %(mean)s.") % values
    elif len(shown) > 1:
        sentence = _("%(step)s is the lowest point of this phase, at %(mean)s.") % values
    else:
        sentence = _("%(step)s is at %(mean)s.") % values
    facts = _("95%% interval %(low)s to %(high)s · n = %(n)s") % {
        "low": signed(found.ci_low), "high": signed(found.ci_high), "n": number(point.n),
    }  # fmt: skip
    tested = any(p.gap is not None for p in shown)
    assumed = signed(point.gap.a, 1) if point.gap else ""
    return Claim(sentence, point, False if tested else None, assumed, signed(found.mean), facts)


def number_lines(reading: CurveReading, phase: BoardPhase) -> list[str]:
    """Every step of a phase with its figures, one line each: notes of a slide."""
    lines = []
    for step in phase.steps:
        point = reading.point(step.id)
        words = _("not measured") if point is None else _figures(reading, point)
        lines.append(f"{step.number} {step.name}: {words}")
    return lines


def _figures(reading: CurveReading, point: StepPoint) -> str:
    assumed = point.step.assumed
    team = "" if assumed is None else _("team assumed %(value)s") % {"value": signed(assumed, 1)}
    if point.estimate is None:
        reason = curve_words.reason(point.reason, reading.k)
        return f"{reason}; {team}" if team else reason
    found = point.estimate
    words = _("customers say %(mean)s, 95%% interval %(low)s to %(high)s, n = %(n)s") % {
        "mean": signed(found.mean), "low": signed(found.ci_low), "high": signed(found.ci_high),
        "n": number(point.n),
    }  # fmt: skip
    if point.gap is None:
        return f"{words}; {team}" if team else words
    proof = _("gap proven") if point.gap.proven else _("gap not proven")
    return f"{words}; {team}; {proof}"
