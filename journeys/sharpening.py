"""Which question would sharpen a curve most, in words; the rule is ``planning.sharpest``."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.templatetags.ui import number, signed
from journeys import curve_words
from journeys.insights.curve import NEVER_ASKED, Curve, StepPoint
from surveys import planning
from surveys.planning import SMALLEST_GAP, Known

MOST: Final = 3


@dataclass(frozen=True)
class NextStep:
    """One step to ask about, and why."""

    point: StepPoint
    words: str


def next_steps(curve: Curve) -> list[NextStep]:
    """At most ``MOST`` steps, most wanted first."""
    points = {point.step.id: point for point in curve.points}
    ordered = planning.sharpest([_known(point) for point in curve.points])
    return [
        NextStep(points[known.id], _words(points[known.id], curve.k)) for known in ordered[:MOST]
    ]


def _known(point: StepPoint) -> Known:
    """A hidden step counts as one answer: its place must not tell how many it has."""
    hidden = 0 if point.reason == NEVER_ASKED else 1
    return Known(
        id=point.step.id,
        name=point.step.name,
        n=hidden if point.estimate is None else point.n or 0,
        half=point.estimate.half_width if point.estimate else None,
        gap=point.gap.difference if point.gap else None,
        is_proven=bool(point.gap and point.gap.proven),
    )


def _words(point: StepPoint, k: int) -> str:
    if point.estimate is None:
        return curve_words.reason(point.reason, k)
    half = number(point.estimate.half_width, 2)
    if point.gap is None:
        return _("known to ±%(half)s; the team assumed nothing here") % {"half": half}
    told = {"gap": signed(point.gap.difference), "half": half}
    if point.gap.proven:
        return _("%(gap)s to the team’s view, proven; known to ±%(half)s") % told
    words = _("%(gap)s to the team’s view, not proven; known to ±%(half)s") % told
    return f"{words}. {_more(point)}".strip()


def _more(point: StepPoint) -> str:
    """How many answers more would make the interval as narrow as the gap; "" where none would."""
    estimate, gap = point.estimate, point.gap
    if estimate is None or gap is None:
        return ""
    needed = planning.for_mean(max(abs(gap.difference), SMALLEST_GAP), estimate.sd) or 0
    more = needed - estimate.n
    if more <= 0:
        return ""
    told = ngettext(
        "About %(n)s more answer would narrow that to the gap, or to a quarter of a point.",
        "About %(n)s more answers would narrow that to the gap, or to a quarter of a point.",
        more,
    )
    return told % {"n": number(more)}
