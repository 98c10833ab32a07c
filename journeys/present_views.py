"""A map on the big screen: one phase, one claim, and what customers wrote about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.templatetags.ui import signed
from journeys import curve_words, present_drawing, verbatims
from journeys.board import BoardPhase
from journeys.curve_panel import quotes_of
from journeys.formats.svg_layout import Pictured
from journeys.models import LaneKind
from journeys.pictured import read_pictured, sources_of
from journeys.present_words import Claim, claim

QUOTES, LONGEST = 2, 150


@dataclass(frozen=True)
class Voice:
    """Something customers said, and who or what says that they did."""

    text: str
    source: str


@dataclass(frozen=True)
class PhaseLink:
    name: str
    url: str
    current: bool


@workspace_view("read")
@require_safe
def present(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """``?phase=`` counts from 1; filters, ``?at=`` and ``?persona=`` as on the map."""
    shown = read_pictured(request, journey)
    phases = shown.board.phases
    number = _number(request.GET.get("phase", "1"), len(phases))
    context = {
        "shown": shown,
        "count": len(phases),
        "number": number,
        "home": reverse("journeys:journey", args=[request.workspace.slug, shown.board.slug]),
        "links": _links(request, phases, number),
        "source": sources_of(shown) if shown.has_curve else "",
    }
    if phases:
        context |= _phase(request, shown, phases[number - 1])
    return render(request, "journeys/present.html", context)


def _number(text: str, count: int) -> int:
    """Which phase; 404 for one that the map does not have."""
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Http404
    if not 1 <= int(text) <= max(1, count):
        raise Http404
    return int(text)


def _links(request: WorkspaceRequest, phases: Sequence[BoardPhase], now: int) -> list[PhaseLink]:
    """Every phase under its own address, which keeps the filters."""
    kept = request.GET.copy()
    links = []
    for number, phase in enumerate(phases, 1):
        kept["phase"] = str(number)
        links.append(PhaseLink(phase.name, f"?{kept.urlencode()}", number == now))
    return links


def _phase(request: WorkspaceRequest, shown: Pictured, phase: BoardPhase) -> dict[str, object]:
    steps = [(step, _first_words(shown, step.id)) for step in phase.steps]
    if not shown.has_curve:
        return {"phase": phase, "claim": Claim(phase.name), "steps": steps}
    said = claim(shown.reading, phase)
    wide, narrow = present_drawing.pictures(shown.board, shown.reading, phase, said)
    return {
        "phase": phase,
        "claim": said,
        "who": _who(shown),
        "wide": wide,
        "narrow": narrow,
        "voices": _voices(request, shown, phase, said),
        "tests": sum(1 for point in shown.reading.curve.points if point.gap),
    }


def _who(shown: Pictured) -> str:
    """Whose answers these are."""
    name = shown.persona.name if shown.persona else curve_words.group(shown.reading)
    return " · ".join([name, *shown.facts[1:2], *shown.facts[:1]])


def _first_words(shown: Pictured, step: int) -> str:
    """What a step is about where no numbers are shown: its first card."""
    for lane in shown.board.shown_lanes:
        for cell in lane.cells:
            if cell.step_id == step and cell.cards and cell.cards[0].text:
                return _cut(cell.cards[0].text)
    return ""


def _voices(
    request: WorkspaceRequest, shown: Pictured, phase: BoardPhase, said: Claim
) -> list[Voice]:
    """Two comments about the claim's step for who may read them, else what the map quotes."""
    found: list[Voice] = []
    if said.point is not None and "verbatims" in request.member.capabilities:
        quotes = quotes_of(request.workspace, shown.reading, said.point)
        found = [Voice(_cut(quote.text), _gave(quote)) for quote in quotes.shown]
    return (found or _quoted(shown, phase))[:QUOTES]


def _gave(quote: verbatims.Quote) -> str:
    if quote.emotion is None:
        return _("a customer")
    return _("gave %(score)s") % {"score": signed(quote.emotion, 0)}


def _quoted(shown: Pictured, phase: BoardPhase) -> list[Voice]:
    ids = {step.id for step in phase.steps}
    return [
        Voice(_cut(card.text), card.evidence_source or _("quoted on the map"))
        for lane in shown.board.shown_lanes
        if lane.kind == LaneKind.QUOTES
        for cell in lane.cells
        if cell.step_id in ids
        for card in cell.cards
        if card.text
    ]


def _cut(text: str) -> str:
    """Long texts end early, between words."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    head, _space, _rest = text[:LONGEST].rpartition(" ")
    return f"{head or text[:LONGEST]}…"
