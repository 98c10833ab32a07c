"""What customers say about a touchpoint: a page, and the same as a part of the catalogue."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.templatetags.ui import number
from journeys.compare import words_of
from journeys.measures import Measures, Period, read_measures
from touchpoints.models import Touchpoint


@workspace_view("read")
@require_safe
def touchpoint_measures(request: WorkspaceRequest, touchpoint: int) -> HttpResponse:
    found = get_object_or_404(Touchpoint, pk=touchpoint)
    measures = read_measures(workspace=request.workspace, touchpoint=found)
    name = "journeys/touchpoint_measures.html"
    context = {
        "measures": measures,
        "touchpoint": found,
        "finding": finding(measures),
        "ends": [
            label(period, measures) for period in (*measures.periods[:1], measures.periods[-1])
        ]
        if measures.periods
        else [],
        "compare": _compare_url(request, measures),
        "since": label_of_change(measures),
    }
    return render(request, f"{name}#measures" if request.htmx else name, context)


def finding(measures: Measures) -> str:
    """One sentence: what changed where it is proven, else that no change is."""
    if measures.now is None:
        return ""
    change = measures.change
    if change is None and len(measures.periods) > 1:
        return _("No comparison: it would show a small group.")
    if change is None:
        return _("Customers said it once: there is nothing to compare with yet.")
    values = {"by": number(abs(change.difference), 2), "since": label_of_change(measures)}
    if not change.proven:
        return _("No change is proven since %(since)s.") % values
    if change.difference < 0:
        return _("Down %(by)s since %(since)s.") % values
    return _("Up %(by)s since %(since)s.") % values


def label_of_change(measures: Measures) -> str:
    """What the newest figure is compared with: the wave before, or the first half."""
    if measures.before:
        return _short(measures.before.name, measures)
    return date_format(measures.since, "F Y") if measures.since else ""


def label(period: Period, measures: Measures) -> str:
    """A wave or a month under the line."""
    if period.month:
        return date_format(period.month, "M Y")
    return _short(period.name, measures)


def _short(name: str, measures: Measures) -> str:
    """A wave without the words that all waves begin with: 2016 and 2017."""
    words = [period.name.split() for period in measures.periods if period.survey]
    mine = name.split()
    while len(mine) > 1 and all(len(w) > 1 and w[0] == mine[0] for w in words):
        mine, words = mine[1:], [w[1:] for w in words]
    return " ".join(mine)


def _compare_url(request: WorkspaceRequest, measures: Measures) -> str:
    """The page that asks whether this change is real; empty without a change."""
    question = measures.asked_as
    if measures.change is None or question is None or measures.latest is None:
        return ""
    pairs: list[tuple[str, str]] = [("question", words_of(question))]
    if measures.before:
        pairs += [("a", str(measures.before.pk)), ("b", str(measures.latest.pk))]
    elif measures.since:
        pairs += [("survey", str(measures.latest.pk)), ("since", measures.since.isoformat())]
    url = reverse("journeys:compare", args=[request.workspace.slug])
    return f"{url}?{urlencode(pairs)}"
