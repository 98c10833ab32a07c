"""What the map check says: what was found, why it matters, where it is."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.insights.check import HINT, SERIOUS, WORTH, Finding, Found, Place


@dataclass(frozen=True)
class Line:
    """One find: what is there, more about it, and the focus that leads to it ("" is the map)."""

    name: str
    detail: str
    focus: str


@dataclass(frozen=True)
class Said:
    """One kind of finding in words."""

    kind: str
    title: str
    why: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Group:
    """Everything of one weight."""

    weight: str
    title: str
    said: tuple[Said, ...]

    @property
    def count(self) -> int:
        return sum(len(one.lines) for one in self.said)


def groups(findings: tuple[Finding, ...]) -> list[Group]:
    """The findings by weight, the weightiest first; weights without findings are left out."""
    titles = {
        SERIOUS: _("Puts trust at risk"),
        WORTH: _("Worth doing"),
        HINT: _("Hints"),
    }
    return [
        Group(weight, title, tuple(_said(one) for one in findings if one.weight == weight))
        for weight, title in titles.items()
        if any(one.weight == weight for one in findings)
    ]


def _said(finding: Finding) -> Said:
    title, why = _WORDS[finding.kind](len(finding.found))
    lines = tuple(_line(one) for one in finding.found)
    return Said(finding.kind, title, why, lines)


def _line(found: Found) -> Line:
    day = parse_date(found.detail) if found.detail else None
    detail = formats.date_format(day, "DATE_FORMAT") if day else ""
    return Line(found.name, detail, focus(found.place))


def focus(place: Place) -> str:
    """What ``?focus=`` of the map's page takes: a cell, else a step, a lane or a phase."""
    if place.lane is not None and place.step is not None:
        return f"{place.lane}-{place.step}"
    for name in ("step", "lane", "phase"):
        id = getattr(place, name)
        if id is not None:
            return f"{name}-{id}"
    return ""


Words = tuple[str, str]


def _emotion(n: int) -> Words:
    title = ngettext("Emotion without evidence", "Emotions without evidence", n)
    return title, _("The team assumes how customers feel here, but no question asks them.")


def _measured(n: int) -> Words:
    title = ngettext("Measured, but no source or n", "Measured, but no source or n", n)
    return title, _("A card that says measured must say by what and how many answered.")


def _overdue(n: int) -> Words:
    return ngettext("Overdue measure", "Overdue measures", n), _(
        "The date has passed. Finish it, move it, or drop it."
    )


def _pain(n: int) -> Words:
    title = ngettext("Pain point without an owner", "Pain points without an owner", n)
    return title, _("What belongs to nobody is repaired by nobody.")


def _touchpoint(n: int) -> Words:
    title = ngettext("Step without a touchpoint", "Steps without a touchpoint", n)
    return title, _("Where nothing of the firm is met, nothing can be measured or improved.")


def _old_evidence(n: int) -> Words:
    return ngettext("Old evidence", "Old evidence", n), _(
        "It is more than a year old. Customers may feel otherwise today."
    )


def _no_card(n: int) -> Words:
    title = ngettext("Step without any card", "Steps without any card", n)
    return title, _("Nobody can tell what happens here. Say it, or leave the step out.")


def _phase_empty(n: int) -> Words:
    return ngettext("Empty phase", "Empty phases", n), _("A phase without a step says nothing.")


def _lane_empty(n: int) -> Words:
    return ngettext("Empty lane", "Empty lanes", n), _(
        "It takes room and says nothing. Fill it or hide it."
    )


def _same_step(n: int) -> Words:
    return _("Steps of the same name"), _("Two moments that are called the same get mixed up.")


def _no_moment(n: int) -> Words:
    return _("No moment of truth"), _(
        "Some step decides whether customers come back. Mark it with a star."
    )


def _map_old(n: int) -> Words:
    return _("Not changed for a year"), _("A map that nobody touches shows a firm that was.")


def _department(n: int) -> Words:
    title = ngettext("Phase named after a department", "Phases named after a department", n)
    return title, _("Customers live through phases, not departments. Name what they want there.")


def _same_lane(n: int) -> Words:
    return _("Lanes of the same kind and name"), _("Nobody knows which of them to fill.")


def _same_card(n: int) -> Words:
    return _("Cards that say the same"), _("Twice in one cell is once too often.")


def _card_old(n: int) -> Words:
    title = ngettext("Card untouched for a year", "Cards untouched for a year", n)
    return title, _("Look whether it is still true.")


def _long(n: int) -> Words:
    return _("Very long map"), _(
        "More than 30 steps are hard to read. A step can open into a map of its own."
    )


_WORDS: dict[str, Callable[[int], Words]] = {
    "emotion_without_evidence": _emotion,
    "measured_without_source": _measured,
    "measure_overdue": _overdue,
    "pain_without_owner": _pain,
    "step_without_touchpoint": _touchpoint,
    "old_evidence": _old_evidence,
    "step_without_card": _no_card,
    "phase_empty": _phase_empty,
    "lane_empty": _lane_empty,
    "same_step": _same_step,
    "no_moment": _no_moment,
    "map_old": _map_old,
    "phase_is_department": _department,
    "same_lane": _same_lane,
    "same_card": _same_card,
    "card_old": _card_old,
    "map_long": _long,
}
