"""The inside of cells as shapes: cards, touchpoints, channels, numbers."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.templatetags.ui import number, percent, signed
from journeys import curve_words
from journeys.board import BoardCard, BoardStep, Chip
from journeys.formats.svg_fonts import Face, clean, wrap
from journeys.formats.svg_shapes import (
    EARNED,
    EDGE,
    INK,
    INK_2,
    INK_3,
    LINE_2,
    NEGATIVE,
    OWNED,
    PAID,
    POSITIVE,
    SURFACE,
    TAGS,
    Box,
    Dot,
    Path,
    Photo,
    Shape,
    Words,
    text_lines,
)
from journeys.insights.curve import StepPoint
from journeys.models import CardStatus, Evidence, Mark

COLUMN, PAD = 156.0, 8.0
ROOM = COLUMN - 2 * PAD
PICTURE = 110.0

Content = tuple[list[Shape], float]
"""Shapes of one cell and the height they take, from its upper edge."""

RULES = {Mark.PAIN: NEGATIVE, Mark.FAIL: NEGATIVE, Mark.IDEA: POSITIVE, Mark.MEASURE: INK,
         Mark.WAIT: EDGE}  # fmt: skip


def cards(found: Sequence[BoardCard], x: float, y: float, face: Face = "sans") -> Content:
    """Cards below each other."""
    shapes: list[Shape] = []
    top = y + PAD
    for card in found:
        drawn, high = _card(card, x + PAD, top, face)
        shapes += drawn
        top += high + 6
    return shapes, (top - 6 + PAD - y) if found else 2 * PAD


def _card(card: BoardCard, x: float, y: float, face: Face) -> Content:
    framed = bool(card.mark or card.tag)
    inset = 8.0 if framed else 0.0
    room = ROOM - 2 * inset
    shapes: list[Shape] = []
    top = y + (5 if framed else 0)
    if card.mark:
        label = str(Mark(card.mark).label)
        shapes += text_lines([label], x + inset, top, size=10, fill=RULES[Mark(card.mark)])
        top += 14
    if card.upload and card.upload.is_picture:
        drawn, high = _picture(card, x + inset, top, room)
        shapes += drawn
        top += high + 4
    for text, size, colour, kind in _texts(card, face):
        lines = wrap(text, room, size, kind)
        height = size + 4
        shapes += text_lines(
            lines, x + inset, top, size=size, height=height, fill=colour, face=kind
        )
        top += height * len(lines)
    badges, high = _evidence(card, x + inset, top + 1, room)
    shapes += badges
    top += high
    if framed:
        top += 4
        frame = Box(x, y, ROOM, top - y, TAGS.get(card.tag, SURFACE), LINE_2, radius=3)
        rule = RULES.get(Mark(card.mark)) if card.mark else None
        edge: list[Shape] = [Box(x, y, 3, top - y, rule)] if rule else []
        shapes = [frame, *edge, *shapes]
    return shapes, top - y


def _texts(card: BoardCard, face: Face) -> list[tuple[str, float, str, Face]]:
    """The lines of words of a card: text, file, link, who and until when."""
    texts: list[tuple[str, float, str, Face]] = [(card.text, 12, INK, face)]
    if card.upload and not card.upload.is_picture:
        texts.append((_("File: %(name)s") % {"name": card.upload.name}, 11, INK_2, "sans"))
    if card.url:
        texts.append((card.url, 11, INK_2, "sans"))
    meta = [card.owner, str(CardStatus(card.status).label) if card.status else ""]
    if card.due:
        meta.append(_("due %(day)s") % {"day": date_format(card.due, "SHORT_DATE_FORMAT")})
    said = " · ".join(part for part in meta if part)
    return [entry for entry in [*texts, (said, 11.0, INK_2, "sans")] if entry[0]]


def _picture(card: BoardCard, x: float, y: float, room: float) -> Content:
    assert card.upload is not None
    wide, high = card.upload.width or 4, card.upload.height or 3
    scale = min(room / wide, PICTURE / high)
    box = (round(wide * scale, 1), round(high * scale, 1))
    return [Photo(x, y, *box, card.upload.id, clean(card.upload.name))], box[1]


def _evidence(card: BoardCard, x: float, y: float, room: float) -> Content:
    """The badge: dashed is an assumption, half an anecdote, full measured; with words."""
    lines = wrap(evidence_words(card), room - 15, 10)
    words = text_lines(lines, x + 15, y, size=10, height=13, fill=INK_3)
    return [*badge(card.evidence, x + 5, y + 6), *words], 3 + 13.0 * len(lines)


def evidence_words(card: BoardCard) -> str:
    """Kind, n, source and day of what a card rests on."""
    parts = [str(Evidence(card.evidence).label)]
    if card.evidence_n is not None:
        parts.append(f"n = {number(card.evidence_n)}")
    if card.evidence_source:
        parts.append(card.evidence_source)
    if card.evidence_on:
        parts.append(date_format(card.evidence_on, "SHORT_DATE_FORMAT"))
    if card.is_stale:
        parts.append(_("more than a year old"))
    return " · ".join(parts)


def badge(kind: str, x: float, y: float) -> list[Shape]:
    if kind == Evidence.MEASURED:
        return [Dot(x, y, 4, INK_2)]
    if kind == Evidence.ANECDOTE:
        half = [(x, y - 4), (x - 2.8, y - 2.8), (x - 4, y), (x - 2.8, y + 2.8), (x, y + 4)]
        return [Dot(x, y, 4, "", INK_2), Path(tuple(half), fill=INK_2)]
    return [Dot(x, y, 4, "", INK_3, dash=(1.8, 1.6))]


def chips(found: Sequence[Chip], x: float, y: float) -> Content:
    """Touchpoints with their marks; a long name takes several lines."""
    shapes: list[Shape] = []
    top = y + PAD
    for chip in found:
        lines = wrap(chip.name, ROOM - 34, 11.5) or ["–"]
        high = 10 + 14 * len(lines)
        shapes.append(Box(x + PAD, top, ROOM, high, SURFACE, LINE_2, radius=4))
        shapes += poe(chip.media_type, x + PAD + 14, top + 12)
        shapes += text_lines(lines, x + PAD + 28, top + 5, size=11.5, height=14)
        top += high + 4
    return shapes, (top - 4 + PAD - y) if found else 2 * PAD


def poe(kind: str, x: float, y: float) -> list[Shape]:
    """Paid, owned, earned: a shape of its own and the letter."""
    if kind == "paid":
        return [Box(x - 8, y - 8, 16, 16, PAID, radius=2), _letter("P", x, y, SURFACE)]
    if kind == "owned":
        return [Dot(x, y, 7.4, SURFACE, OWNED, 1.5), _letter("O", x, y, OWNED)]
    tail = Path(((x - 4, y + 4), (x - 4, y + 8.5), (x + 1, y + 4)), EARNED, SURFACE, 1.2)
    bubble = Box(x - 8, y - 7.5, 16, 12.5, "#f6f0d6", EARNED, 1.3, 3)
    return [tail, bubble, _letter("E", x, y - 1, EARNED)]


def _letter(letter: str, x: float, y: float, colour: str) -> Shape:
    return Words(x, y + 3.6, letter, 10, colour, "sans-600", "middle")


def channels(step: BoardStep, before: BoardStep | None, x: float, y: float) -> Content:
    """The channels of a step; one that the step before did not have is a switch."""
    names = list(dict.fromkeys(chip.channel for chip in step.touchpoints if chip.channel))
    earlier = {chip.channel for chip in before.touchpoints} if before else set(names)
    shapes: list[Shape] = []
    top = y + PAD
    for name in names:
        switched = bool(earlier - {""}) and name not in earlier
        label = _("%(channel)s (switch)") % {"channel": name} if switched else name
        lines = wrap(label, ROOM - 14, 11.5)
        ring = Dot(x + PAD + 4, top + 8, 3.5, "" if switched else INK_2, INK_2, 1.4)
        shapes += [ring, *text_lines(lines, x + PAD + 14, top, size=11.5)]
        top += 16 * len(lines) + 2
    return shapes, top + PAD - y


def measured_lines(point: StepPoint | None, k: int) -> list[tuple[str, str, Face]]:
    """What customers say about a step: mean, interval, n, and the gap with its proof."""
    if point is None:
        return [(_("not measured"), INK_3, "sans")]
    if point.estimate is None:
        return [(curve_words.reason(point.reason, k), INK_2, "sans")]
    found = point.estimate
    colour = NEGATIVE if found.ci_high < 0 else POSITIVE if found.ci_low > 0 else INK
    ends = {"low": signed(found.ci_low), "high": signed(found.ci_high)}
    lines: list[tuple[str, str, Face]] = [
        (f"{signed(found.mean)}   n = {number(point.n)}", colour, "sans-600"),
        (_("%(low)s to %(high)s") % ends, INK_2, "sans"),
    ]
    return [*lines, (gap_words(point), INK if proven(point) else INK_3, "sans")]


def proven(point: StepPoint) -> bool:
    return bool(point.gap and point.gap.proven)


def gap_words(point: StepPoint) -> str:
    """The gap to what the team assumed: with its sign where it is proven."""
    if point.gap is None:
        return _("team assumed nothing")
    values = {"by": signed(point.gap.difference, 1)}
    if point.gap.proven:
        return _("gap %(by)s, proven") % values
    return _("gap %(by)s, not proven") % values


def measured(point: StepPoint | None, k: int, x: float, y: float) -> Content:
    return _lines_of(measured_lines(point, k), x, y)


def numbers(point: StepPoint | None, k: int, x: float, y: float) -> Content:
    """Live values of the lane of numbers: answers, mean, reach."""
    if point is None or point.estimate is None:
        return measured(point, k, x, y)
    n = point.n or 0
    lines: list[tuple[str, str, Face]] = [
        (ngettext("%(n)s answer", "%(n)s answers", n) % {"n": number(n)}, INK, "sans"),
        (_("mean %(mean)s") % {"mean": signed(point.estimate.mean)}, INK, "sans"),
    ]
    if point.reach is not None:
        lines.append((_("reach %(share)s") % {"share": percent(point.reach)}, INK, "sans"))
    return _lines_of(lines, x, y)


def _lines_of(lines: list[tuple[str, str, Face]], x: float, y: float) -> Content:
    shapes: list[Shape] = []
    top = y + PAD
    for text, colour, face in lines:
        found = wrap(text, ROOM, 11.5, face)
        shapes += text_lines(found, x + PAD, top, size=11.5, fill=colour, face=face)
        top += 16 * len(found)
    return shapes, top + PAD - y
