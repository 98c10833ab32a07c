"""The answers of a survey per question, as a page, as its fragment and as a file."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.downloads import csv_attachment
from cxm.templatetags.ui import emotion as emotion_class
from cxm.templatetags.ui import number, percent
from surveys.models import Kind, Survey
from surveys.results import ScaleResult, SurveyResults, read_results
from surveys.results_rows import COLUMNS, rows

BAR = 160


@dataclass(frozen=True)
class Rectangle:
    """One part of a bar in px; ``css`` is its colour class."""

    x: float
    width: float
    css: str


@dataclass(frozen=True)
class Line:
    """A scale question as the page draws it; ``spread`` says its answers in words."""

    row: ScaleResult
    number: int
    bar: tuple[Rectangle, ...]
    spread: str


@workspace_view("read")
@require_safe
def results(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """``?order=lowest`` puts the lowest emotion value first."""
    read = read_results(_survey(survey))
    lines = [_line(row, number) for number, row in enumerate(read.scales, start=1)]
    lowest = request.GET.get("order") == "lowest"
    if lowest:
        lines.sort(key=lambda line: line.row.emotion.mean if line.row.emotion else 9)
    context = {
        "results": read,
        "survey": read.survey,
        "lines": lines,
        "lowest": lowest,
        "k": read.survey.k,
        "columns": COLUMNS,
        "indicators": _indicators(read),
        **_finding(read),
    }
    template = "surveys/results.html" + ("#results" if request.htmx else "")
    return render(request, template, context)


@workspace_view("export")
@require_safe
def results_csv(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """The figures of the page with four decimals."""
    read = read_results(_survey(survey))
    name = slugify(read.survey.name) or "survey"
    return csv_attachment(f"{name}-results.csv", COLUMNS, rows(read))


def _survey(pk: int) -> Survey:
    return get_object_or_404(Survey.objects.select_related("workspace"), pk=pk)


def _line(row: ScaleResult, position: int) -> Line:
    if row.estimate is None:
        return Line(row, position, (), "")
    masses = dict(zip(row.histogram.scores, row.histogram.shares(), strict=True))
    low, high = int(row.scale.low), int(row.scale.high)
    scores = range(high, low - 1, -1) if row.scale.is_reversed else range(low, high + 1)
    bar, left = [], 0.0
    for score in scores:
        width = BAR * masses.get(score, 0)
        if width:
            css = _colour(row.scale.emotion(score))
            bar.append(Rectangle(round(left, 1), round(max(width - 0.6, 0.4), 1), css))
        left += width
    spread = ", ".join(f"{score}: {percent(masses.get(score, 0))}" for score in scores)
    return Line(row, position, tuple(bar), spread)


def _colour(value: float) -> str:
    """The best class is one step lighter than the scale's end, as in every bar of answers."""
    css = emotion_class(value)
    return "f-p3" if css == "p4" else f"f-{css}"


def _indicators(read: SurveyResults) -> list[dict[str, Any]]:
    """NPS, CSAT and CES with their definitions, in the order they were asked."""
    found = []
    for row in read.shown:
        if row.nps:
            parts = (("f-n3", row.nps.detractors), ("f-z0", row.nps.passives),
                     ("f-p3", row.nps.promoters))  # fmt: skip
            found.append({"row": row, "kind": "nps", "bar": _parts(parts)})
        elif row.question.kind in (Kind.CSAT, Kind.CES):
            found.append({"row": row, "kind": row.question.kind})
    return found


def _parts(shares: tuple[tuple[str, float], ...]) -> list[Rectangle]:
    bar, left = [], 0.0
    for css, share in shares:
        if share:
            bar.append(Rectangle(round(left, 1), round(max(300 * share - 1, 0.5), 1), css))
        left += 300 * share
    return bar


def _finding(read: SurveyResults) -> dict[str, Any]:
    """The lowest and the highest question by emotion value: a description, not a test."""
    ordered = sorted(read.shown, key=lambda row: row.emotion.mean if row.emotion else 0)
    if len(ordered) < 2:
        return {"finding": "", "least": None, "most": None}
    least, most = ordered[0], ordered[-1]
    words = _("Lowest: %(low)s. Highest: %(high)s.") % {
        "low": _name(least), "high": _name(most),
    }  # fmt: skip
    return {"finding": words, "least": least, "most": most, "n_means": number(len(ordered))}


def _name(row: ScaleResult) -> str:
    touchpoint = row.question.touchpoint
    return touchpoint.name if touchpoint else row.question.text.rstrip(".?")
