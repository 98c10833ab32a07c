"""What answers say on a map: curve, finding, figures and comments per step, in one reading.

It is asked for after the map itself, so that the map is there at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.models import Workspace
from cxm.templatetags.ui import number, percent, quoted, signed
from journeys import curve_words, selection, verbatims
from journeys.board import BoardLane, BoardStep
from journeys.curve import CurveReading, read_curve
from journeys.insights.curve import StepPoint
from journeys.map_page import MapPage, RowWriter
from journeys.models import LaneKind
from journeys.pictured import rows_of
from journeys.selection import Selection
from journeys.verbatims import Quotes


@dataclass(frozen=True)
class Measured:
    """The reading, and the comments of each step that may be shown."""

    reading: CurveReading
    quotes: Mapping[int, Quotes]

    @property
    def n(self) -> int:
        return self.reading.curve.n

    @property
    def finding(self) -> str:
        """The one sentence above the map."""
        curve = self.reading.curve
        low = curve.trough
        if low is None or low.estimate is None:
            return curve_words.finding(self.reading).sentence
        values = {"step": low.step.name, "measured": signed(low.estimate.mean)}
        if low.step.assumed is None:
            words = _("The journey is lowest at %(step)s: customers say %(measured)s.")
        else:
            values["assumed"] = signed(low.step.assumed, 1)
            words = _(
                "The journey is lowest at %(step)s. "
                "The team assumed %(assumed)s, customers say %(measured)s."
            )
        return words % values

    @property
    def proof_words(self) -> str:
        """Whether the gap at the low is proven, with n and the number of tests."""
        low = self.reading.curve.trough
        if low is None or low.estimate is None or low.gap is None:
            return ""
        tests = sum(1 for point in self.reading.curve.points if point.gap)
        values = {"by": signed(low.gap.difference, 1), "n": number(low.n)}
        words = (
            _("Gap %(by)s, proven, n = %(n)s")
            if low.gap.proven
            else _("Gap %(by)s, not proven, n = %(n)s")
        )
        holm = ngettext("Holm, %(n)s test", "Holm, %(n)s tests", tests) % {"n": number(tests)}
        return f"{words % values} · {holm}"


def read_measured(page: MapPage) -> Measured:
    """A constant number of queries, whatever the map."""
    request = page.request
    selected = selected_of(page)
    reading = read_curve(
        workspace=request.workspace,
        journey=page.journey,
        selected=selected,
        choices=page.choices,
        rows=rows_of(page.journey, page.board, page.persona),
    )
    quotes: Mapping[int, Quotes] = {}
    wanted = any(lane.kind == LaneKind.QUOTES for lane in page.board.shown_lanes)
    if wanted and "verbatims" in request.member.capabilities:
        quotes = _quotes(request.workspace, reading)
    return Measured(reading, quotes)


def selected_of(page: MapPage) -> Selection:
    """Which answers count: those of the persona's segment, and for a past map those of its day."""
    parsed = selection.parse(page.request.GET, page.choices)
    selected = replace(parsed, compare="", compare_id=None, step=None)
    if page.persona and page.persona.segment_id and not selected.segment:
        selected = replace(selected, segment=page.persona.segment_id)
    if page.past:
        day = page.past.day
        until = min(day, selected.until or day)
        since = min(selected.since, until) if selected.since else None
        selected = replace(selected, since=since, until=until)
    return selected


def _quotes(workspace: Workspace, reading: CurveReading) -> dict[int, Quotes]:
    """The comments about each step that has a figure; a short list is hidden as a whole."""
    surveys = {survey.pk for survey in reading.selection.surveys_of(reading.choices)}
    asked: dict[int, list[int]] = {}
    for question in reading.texts:
        if question.touchpoint_id and question.survey_id in surveys:
            asked.setdefault(question.touchpoint_id, []).append(question.pk)
    wanted = {
        int(point.step.id): {q for part in point.step.parts for q in asked.get(part.id, ())}
        for point in reading.curve.points
        if point.estimate is not None
    }
    found = verbatims.newest(
        workspace=workspace,
        questions=[q for q in reading.texts if any(q.pk in ids for ids in wanted.values())],
        selected=reading.selection,
    )
    return {
        step: verbatims.of_questions(found, ids, k=reading.k_verbatims)
        for step, ids in wanted.items()
        if ids
    }


class MeasuredWriter:
    """Writes what answers say into cells of the lanes that show it."""

    def __init__(self, page: MapPage, measured: Measured) -> None:
        self.page = page
        self.measured = measured
        self.points = {int(p.step.id): p for p in measured.reading.curve.points}
        self.k = measured.reading.k
        self.may_read = "verbatims" in page.request.member.capabilities

    def inside(self, lane: BoardLane, step: BoardStep) -> SafeString:
        """The numbers or the comments of one step; empty in every other lane."""
        if lane.kind == LaneKind.INDICATORS:
            return self._numbers(self.points.get(step.id))
        if lane.kind == LaneKind.QUOTES:
            return self._comments(step.id)
        return SafeString("")

    def _numbers(self, point: StepPoint | None) -> SafeString:
        if point is None:
            return SafeString("")
        if point.estimate is None:
            words = curve_words.reason(point.reason, self.k)
            return format_html('<p class="muted none">{}</p>', words)
        figures = [(_("Mean"), signed(point.estimate.mean)), ("n", number(point.n))]
        if point.reach is not None:
            figures.insert(0, (_("Reach"), percent(point.reach)))
        rows = format_html_join("", '<div><dt>{}</dt><dd class="num">{}</dd></div>', figures)
        return format_html("<dl>{}</dl>", rows)

    def _comments(self, step: int) -> SafeString:
        found = self.measured.quotes.get(step)
        if found is None:
            return SafeString("")
        if found.hidden:
            words = _("hidden: fewer than %(k)s comments") % {"k": found.k}
            return format_html('<p class="muted none">{}</p>', words)
        if not found.shown:
            return SafeString("")
        quote = format_html("<blockquote>{}</blockquote>", quoted(found.shown[0].text))
        more = found.total - 1
        if not more:
            return quote
        words = ngettext("%(n)s more", "%(n)s more", more) % {"n": number(more)}
        return format_html(
            '{}<a class="more" href="{}?step={}">{}</a>', quote, self.page.curve_url, step, words
        )


def measured_cells(page: MapPage, measured: Measured) -> SafeString:
    """The whole cells of lanes that show answers, to be put in the place of those on the page."""
    page = replace(page, measured=MeasuredWriter(page, measured))
    writer = RowWriter(page)
    return mark_safe(
        "".join(
            writer.cells(lane)
            for lane in page.board.shown_lanes
            if lane.kind in (LaneKind.QUOTES, LaneKind.INDICATORS) and not lane.collapsed
        )
    )
