"""Cells of a map as HTML: for the whole page, and alone after an edit or a live update.

A large map has thousands of cells. They are written here rather than by a template, with words
looked up once, so that the page is there at once; everything that people typed is escaped.
"""

import datetime as dt
from collections.abc import Collection
from html import escape

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.access import WorkspaceRequest
from cxm.templatetags.ui import number
from journeys.board import BoardCard, BoardLane, BoardStep, Cell, Chip, load_cells
from journeys.models import CardStatus, Evidence, Journey, LaneKind, Mark

LOOKS = {LaneKind.PAINS: "pain", LaneKind.IDEAS: "idea", LaneKind.MEASURES: "measure"}
"""Lanes whose cards look like their kind without being marked one by one."""

OWNED = frozenset({"pain", "idea", "measure"})
"""Looks that say who takes care of it, or that nobody does."""

_SIGNS = {"open": "○", "doing": "◐", "done": "●", "idea": "◇"}
_WEB = ("http://", "https://", "mailto:")


def render_cells(
    request: WorkspaceRequest, journey: Journey, places: Collection[tuple[int, int]]
) -> dict[str, str]:
    """The inside of each cell (lane, step) by its key; cells of no step or lane are left out."""
    if not places:
        return {}
    writer = CellWriter(request.workspace.slug)
    return {
        cell.key: writer.inside(lane, step, cell)
        for lane, step, cell in load_cells(journey, places)
    }


class CellWriter:
    """Writes what stands in cells, in the language of the moment it was made."""

    def __init__(self, workspace: str) -> None:
        self._uploads = reverse("journeys:upload", args=[workspace, 0]).removesuffix("0/")
        self._evidence = {kind.value: escape(str(kind.label)) for kind in Evidence}
        self._marks = {mark.value: escape(str(mark.label)) for mark in Mark}
        self._status = {
            s.value: f"{_SIGNS[s.value]} {escape(str(s.label))}" for s in CardStatus if s.value
        }
        self._no_owner = escape(_("no owner"))
        self._media = {"paid": _("Paid"), "owned": _("Owned"), "earned": _("Earned")}
        self._today = timezone.localdate()

    def inside(self, lane: BoardLane, step: BoardStep, cell: Cell) -> SafeString:
        """What stands in one cell; what answers say comes later into ``data-measured``."""
        kind = lane.kind
        if kind == LaneKind.TOUCHPOINTS:
            return mark_safe("".join(map(self.chip, step.touchpoints)))
        if kind == LaneKind.CHANNELS:
            names = dict.fromkeys(chip.channel for chip in step.touchpoints if chip.channel)
            return mark_safe(f'<span class="vh">{escape(", ".join(names))}</span>')
        if kind == LaneKind.INDICATORS:
            return mark_safe('<div data-measured="numbers"></div>')
        cards = "".join([self.card(card, kind) for card in cell.cards])
        if kind == LaneKind.QUOTES:
            return mark_safe(f'<div data-measured="quotes"></div>{cards}')
        return mark_safe(cards)

    def chip(self, chip: Chip) -> str:
        """A touchpoint with its mark."""
        kind = chip.media_type
        return (
            f'<span class="chip" data-touchpoint="{chip.id}"><svg class="poe {kind[0]}" role="img" '
            f'aria-label="{escape(self._media[kind])}"><use href="#poe-{kind}"/></svg>'
            f"<span>{escape(chip.name)}</span></span>"
        )

    def card(self, card: BoardCard, kind: str) -> str:
        """A card; its values stand in ``data-`` attributes for the editor."""
        look = card.mark or LOOKS.get(LaneKind(kind), "")
        data = "".join(f' data-{name}="{escape(value)}"' for name, value in _values(card) if value)
        seen = f' data-look="{look}"' if look else ""
        icon = self._icon(look) if look else ""
        badge = "" if look in OWNED and card.evidence == "assumption" else self.badge(card)
        return (
            f'<div class="mcard" data-card="{card.id}"{data}{seen}>{icon}{"" if look else badge}'
            f"{self._upload(card)}"
            f'<div class="mcard-text">{escape(card.text)}</div>{self._link(card)}'
            f"{self._foot(card, look, badge if look else '')}</div>"
        )

    def badge(self, card: BoardCard) -> str:
        """What the card rests on: mark, n, and its age where it is old."""
        n = "" if card.evidence_n is None else number(card.evidence_n)
        words = self._evidence[card.evidence]
        more = escape(", ".join(filter(None, (card.evidence_source, n and f"n = {n}"))))
        age = f'<span class="stale">{self._age(card)}</span>' if card.is_stale else ""
        return (
            f'<span class="ev" title="{words}{more and ": " + more}"><svg viewBox="0 0 12 12" '
            f'aria-hidden="true"><use href="#ev-{card.evidence}"/></svg>'
            f'<span class="vh">{words} </span>{n}{age}</span>'
        )

    def _age(self, card: BoardCard) -> str:
        assert card.evidence_on is not None
        years = max(1, (self._today - card.evidence_on).days // 365)
        return escape(ngettext("%(n)s year old", "%(n)s years old", years) % {"n": years})

    def _icon(self, look: str) -> str:
        return (
            f'<svg class="i sm look" role="img" aria-label="{self._marks[look]}">'
            f'<use href="#m-{look}"/></svg>'
        )

    def _foot(self, card: BoardCard, look: str, badge: str) -> str:
        owner = escape(card.owner)
        if not owner and look in OWNED and card.status != "done":
            owner = f'<span class="neg">{self._no_owner}</span>'
        due = ""
        if card.due:
            late = " neg" if card.due < self._today and card.status != "done" else ""
            due = f'<span class="due{late}">{_day(card.due)}</span>'
        parts = [owner and f"<span>{owner}</span>", badge, due, self._status_words(card)]
        found = "".join(filter(None, parts))
        return f"<footer>{found}</footer>" if found else ""

    def _status_words(self, card: BoardCard) -> str:
        return f'<span class="st">{self._status[card.status]}</span>' if card.status else ""

    def _upload(self, card: BoardCard) -> str:
        found = card.upload
        if found is None:
            return ""
        url, name = f"{self._uploads}{found.id}/", escape(found.name)
        if not found.is_picture:
            return f'<a class="mfile" href="{url}">{_use("file-text")}{name}</a>'
        size = f' width="{found.width}" height="{found.height}"' if found.width else ""
        alt = escape(card.text) or name
        return f'<img class="mpic" src="{url}" alt="{alt}"{size} loading="lazy">'

    def _link(self, card: BoardCard) -> str:
        """Only addresses of the web and of mail: nothing that a click would run."""
        if not card.url.lower().startswith(_WEB):
            return ""
        words = escape(card.url.partition("://")[2].rstrip("/") or card.url)
        return (
            f'<a class="mlink" href="{escape(card.url)}" target="_blank" rel="noopener noreferrer">'
            f"{_use('external-link')}<span>{words}</span></a>"
        )


def _use(icon: str) -> str:
    return f'<svg class="i sm" aria-hidden="true"><use href="#m-{icon}"/></svg>'


def _values(card: BoardCard) -> Collection[tuple[str, str]]:
    """What the editor needs to know of a card beside its text."""
    return (
        ("evidence", card.evidence),
        ("mark", card.mark),
        ("tag", card.tag),
        ("owner", card.owner),
        ("status", card.status),
        ("due", card.due.isoformat() if card.due else ""),
        ("source", card.evidence_source),
        ("n", "" if card.evidence_n is None else str(card.evidence_n)),
        ("on", card.evidence_on.isoformat() if card.evidence_on else ""),
        ("url", card.url),
        ("upload", str(card.upload.id) if card.upload else ""),
    )


def _day(day: dt.date) -> str:
    return escape(formats.date_format(day, "SHORT_DATE_FORMAT"))
