"""What a curve says, in sentences: only what is proven, else that nothing is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.statistics import Difference
from cxm.templatetags.ui import number, signed
from journeys.curve import CurveReading
from journeys.insights.changes import StepChange
from journeys.insights.curve import StepPoint
from surveys.models import Survey


@dataclass(frozen=True)
class Finding:
    """A headline and the facts of its second line; ``proven`` None where nothing is tested."""

    sentence: str
    proven: bool | None = None
    facts: str = ""
    step: int | None = None


def reason(code: str, k: int) -> str:
    """Why a step has no figure."""
    return {
        "": "",
        "too_few": _("hidden: fewer than %(k)s answers") % {"k": k},
        "complement": _("hidden: protects a small group"),
        "never_asked": _("never asked"),
        "no_answers": _("no answers"),
    }[code]


def days(since: dt.date | None, until: dt.date | None) -> str:
    """A period as people say it: 2017, May 2017, since 1 May 2017, "" for all days."""
    # The calendar's last day has none after it.
    if since and until and until < dt.date.max:
        after = until + dt.timedelta(days=1)
        if (since.day, since.month, after.day, after.month) == (1, 1, 1, 1):
            if after.year == since.year + 1:
                return str(since.year)
            return f"{since.year}–{until.year}"
        if since.day == after.day == 1 and since.month == until.month and since.year == until.year:
            return date_format(since, "F Y")
    if since and until:
        return _("%(since)s to %(until)s") % {"since": _day(since), "until": _day(until)}
    if since:
        return _("since %(day)s") % {"day": _day(since)}
    return _("until %(day)s") % {"day": _day(until)} if until else ""


def _day(day: dt.date) -> str:
    return date_format(day, "DATE_FORMAT")


def surveys(found: Sequence[Survey]) -> str:
    """The names of surveys; more than two are counted."""
    if len(found) > 2:
        return ngettext("%(n)s survey", "%(n)s surveys", len(found)) % {"n": len(found)}
    return ", ".join(survey.name for survey in found)


def group(reading: CurveReading) -> str:
    """The first group by what sets it apart from the second; "customers" when alone."""
    selected = reading.selection
    segment = reading.choices.segment(selected.segment)
    if selected.compare == "survey":
        return _waves(reading)[0]
    if selected.compare == "period":
        return days(selected.since, selected.until) or _("all days")
    if segment:
        return segment.name
    return _("all others") if selected.is_against_others else _("customers")


def other_group(reading: CurveReading) -> str:
    """The second group, "" without comparison."""
    selected = reading.selection
    if selected.compare == "survey":
        return _waves(reading)[1]
    if selected.compare == "period":
        return days(selected.compare_since, selected.compare_until)
    segment = reading.choices.segment(selected.compare_id if selected.compare else None)
    return segment.name if segment else ""


def _waves(reading: CurveReading) -> tuple[str, str]:
    """The names of two surveys without the words that both begin with: 2017 and 2016."""
    first = surveys(reading.selection.surveys_of(reading.choices))
    second = surveys(reading.selection.compared_surveys(reading.choices))
    one, two = first.split(), second.split()
    while len(one) > 1 and len(two) > 1 and one[0] == two[0]:
        one, two = one[1:], two[1:]
    return " ".join(one), " ".join(two)


def finding(reading: CurveReading) -> Finding:
    """The one headline of a curve."""
    if not reading.curve.shown:
        return Finding(_nothing(reading))
    if reading.changes:
        return _change(reading)
    return _gap(reading)


def _nothing(reading: CurveReading) -> str:
    if not reading.curve.points:
        return _("The map has no steps yet.")
    if not reading.questions:
        return _("No question asks about this journey yet.")
    if reading.hidden:
        return _("Too few answers for a curve.")
    return _("No answers yet.")


def _change(reading: CurveReading) -> Finding:
    assert reading.changes is not None
    proven = reading.changes.proven
    names = {"group": group(reading), "other": other_group(reading)}
    if not proven:
        best = max(
            (c for c in reading.changes.changes if c.difference), default=None, key=_clearest
        )
        if best is None or best.difference is None:
            return Finding(_("No step has enough answers in both groups."))
        words = _("No difference is proven between %(group)s and %(other)s.") % names
        return Finding(words, False, _looks(reading.changes.looks))
    first = proven[0]
    assert first.difference is not None
    sentence = _sentence(reading, first, first.difference, names)
    count = _count(proven, reading.changes.looks)
    sentence = f"{sentence} {count}".strip()
    return Finding(sentence, True, _facts(first.difference, reading.changes.looks), _id(first.b))


def _clearest(change: StepChange) -> float:
    return -change.difference.p if change.difference else -2.0


def _id(point: StepPoint) -> int | None:
    return point.step.id if isinstance(point.step.id, int) else None


def _sentence(
    reading: CurveReading, change: StepChange, found: Difference, names: dict[str, str]
) -> str:
    values = {"step": change.b.step.name, "by": number(abs(found.difference), 2), **names}
    if reading.selection.compare == "segment":
        if found.difference < 0:
            return _("%(step)s is %(by)s worse for %(group)s than for %(other)s.") % values
        return _("%(step)s is %(by)s better for %(group)s than for %(other)s.") % values
    if reading.selection.compare == "period":
        if found.difference < 0:
            return _("%(step)s fell by %(by)s: %(group)s against %(other)s.") % values
        return _("%(step)s rose by %(by)s: %(group)s against %(other)s.") % values
    if found.difference < 0:
        return _("%(step)s is %(by)s lower in %(group)s than in %(other)s.") % values
    return _("%(step)s is %(by)s higher in %(group)s than in %(other)s.") % values


def _count(proven: Sequence[StepChange], looks: int) -> str:
    """How many steps differ, said when it is more than the one that was named."""
    if len(proven) < 2:
        return ""
    worse = sum(1 for c in proven if c.difference and c.difference.difference < 0)
    values = {"n": number(worse or len(proven)), "looks": number(looks)}
    if worse == len(proven):
        return _("%(n)s of %(looks)s steps are worse.") % values
    if not worse:
        return _("%(n)s of %(looks)s steps are better.") % values
    values |= {"better": number(len(proven) - worse)}
    return _("%(n)s of %(looks)s steps are worse, %(better)s better.") % values


def _gap(reading: CurveReading) -> Finding:
    """Without comparison: where the team is proven wrong, else the lowest point."""
    curve = reading.curve
    tested = sum(1 for point in curve.points if point.gap)
    point = curve.blind_spot or next(iter(curve.proven_gaps), None)
    if point and point.gap and point.estimate:
        values = {
            "step": point.step.name,
            "measured": signed(point.estimate.mean, 2),
            "assumed": signed(point.gap.a, 2),
        }
        words = _("%(step)s: customers say %(measured)s, the team assumed %(assumed)s.") % values
        return Finding(words, True, _gap_facts(point.gap, tested), _id(point))
    low = curve.trough or curve.shown[0]
    assert low.estimate is not None
    values = {"step": low.step.name, "measured": signed(low.estimate.mean, 2)}
    words = (
        _("%(step)s is the lowest point, at %(measured)s.")
        if curve.trough
        else _("%(step)s is at %(measured)s.")
    ) % values
    facts = _looks(tested) if tested else ""
    return Finding(words, False if tested else None, facts, _id(low))


def _gap_facts(gap: Difference, looks: int) -> str:
    values = {
        "by": signed(gap.difference), "low": signed(gap.ci_low), "high": signed(gap.ci_high),
        "n": number(gap.n_b), "looks": _looks(looks),
    }  # fmt: skip
    return _("gap %(by)s, 95%% interval %(low)s to %(high)s, n = %(n)s · %(looks)s") % values


def _facts(found: Difference, looks: int) -> str:
    values = {
        "by": signed(found.difference), "low": signed(found.ci_low), "high": signed(found.ci_high),
        "n": number(found.n_b), "m": number(found.n_a), "looks": _looks(looks),
    }  # fmt: skip
    return (
        _("%(by)s, 95%% interval %(low)s to %(high)s, n = %(n)s against %(m)s · %(looks)s") % values
    )


def _looks(n: int) -> str:
    return ngettext("Holm, %(n)s test", "Holm, %(n)s tests", n) % {"n": number(n)}
