"""What differs between two maps, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.templatetags.ui import number, signed
from journeys.futures import ADDED, CARDS, FELT, MOVED, REMOVED, RENAMED, MapDifference, Pair


@dataclass(frozen=True)
class Line:
    """One difference of one step."""

    kind: str
    text: str
    pair: Pair


def finding(compared: MapDifference) -> str:
    """How much differs, in one sentence."""
    if compared.is_same:
        return _("Both maps say the same.")
    counts = compared.counts
    parts = [
        ngettext("%(n)s step added", "%(n)s steps added", counts[ADDED]) % {"n": counts[ADDED]},
        ngettext("%(n)s removed", "%(n)s removed", counts[REMOVED]) % {"n": counts[REMOVED]},
        ngettext("%(n)s moved", "%(n)s moved", counts[MOVED]) % {"n": counts[MOVED]},
        ngettext("%(n)s renamed", "%(n)s renamed", counts[RENAMED]) % {"n": counts[RENAMED]},
        ngettext("%(n)s felt otherwise", "%(n)s felt otherwise", counts[FELT])
        % {"n": counts[FELT]},
        ngettext("%(n)s with other cards", "%(n)s with other cards", counts[CARDS])
        % {"n": counts[CARDS]},
    ]
    kinds = (ADDED, REMOVED, MOVED, RENAMED, FELT, CARDS)
    said = [part for kind, part in zip(kinds, parts, strict=True) if counts[kind]]
    return ", ".join(said) + "."


def lines(compared: MapDifference) -> list[Line]:
    """Every difference, step by step in the order of the map."""
    return [Line(kind, _text(kind, pair), pair) for pair in compared.pairs for kind in pair.kinds]


def _text(kind: str, pair: Pair) -> str:
    if kind == ADDED:
        return _("“%(step)s” is new, in %(phase)s.") % {
            "step": pair.name, "phase": pair.phase_future,
        }  # fmt: skip
    if kind == REMOVED:
        return _("“%(step)s” is gone.") % {"step": pair.name}
    if kind == RENAMED:
        old = pair.today.name if pair.today else ""
        return _("“%(old)s” is now called “%(new)s”.") % {"old": old, "new": pair.name}
    if kind == MOVED:
        return _moved(pair)
    if kind == CARDS:
        return _cards(pair)
    return _felt(pair)


def _moved(pair: Pair) -> str:
    if pair.phase_today == pair.phase_future:
        return _("“%(step)s” has another place in %(phase)s.") % {
            "step": pair.name, "phase": pair.phase_future,
        }  # fmt: skip
    return _("“%(step)s” has moved from %(old)s to %(new)s.") % {
        "step": pair.name, "old": pair.phase_today, "new": pair.phase_future,
    }  # fmt: skip


def _cards(pair: Pair) -> str:
    return _("“%(step)s”: cards and touchpoints, %(added)s new, %(removed)s gone.") % {
        "step": pair.name,
        "added": len(pair.cards_added),
        "removed": len(pair.cards_removed),
    }


def _felt(pair: Pair) -> str:
    names = {
        "step": pair.name,
        "old": signed(pair.assumed_today, 1),
        "new": signed(pair.assumed_future, 1),
        "by": signed(pair.felt, 1),
        "measured": signed(pair.measured),
        "go": signed(pair.to_go, 1),
        "n": number(pair.n),
    }
    if pair.assumed_future is None:
        return _("“%(step)s”: the team assumed %(old)s and says nothing for the future.") % names
    if pair.measured is not None:
        return (
            _(
                "“%(step)s”: to become %(new)s; customers say %(measured)s today (n = %(n)s),"
                " %(go)s to go."
            )
            % names
        )
    if pair.assumed_today is None:
        return _("“%(step)s”: to become %(new)s; nothing was assumed before.") % names
    return _("“%(step)s”: to become %(new)s, assumed %(old)s today (%(by)s).") % names
