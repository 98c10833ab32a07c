"""Two maps beside each other: today and the future, or any two of the workspace."""

from collections.abc import Mapping, Sequence

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from journeys import difference_picture, difference_words, futures, selection
from journeys.board import load_board
from journeys.curve import read_curve
from journeys.models import Journey
from journeys.selection import Selection


@workspace_view("read")
@require_safe
def difference(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """``?with=`` names the other map; without it, the one that this map is joined with."""
    maps = list(Journey.objects.order_by("title", "id"))
    found = next((one for one in maps if one.slug == journey), None)
    if found is None:
        raise Http404
    others = [one for one in maps if one.pk != found.pk]
    slug = request.GET.get("with", "")
    other = next((m for m in others if m.slug == slug), None) if slug else _joined(found, others)
    if slug and other is None:
        raise Http404
    context = {"journey": found, "others": others, "other": other}
    if other is None:
        return render(request, "journeys/difference.html", context)
    today, future = _in_order(found, other)
    measured = _measured(request, today)
    compared = futures.compare(load_board(today), load_board(future), measured)
    context |= {
        "today": today,
        "future": future,
        "joined": future.future_of_id == today.pk,
        "compared": compared,
        "picture": difference_picture.picture(compared.pairs),
        "finding": difference_words.finding(compared),
        "lines": difference_words.lines(compared),
    }
    return render(request, "journeys/difference.html", context)


def _joined(journey: Journey, others: Sequence[Journey]) -> Journey | None:
    """The map of today of a future, or the first future of a map of today."""
    today = next((one for one in others if one.pk == journey.future_of_id), None)
    return today or next((one for one in others if one.future_of_id == journey.pk), None)


def _in_order(journey: Journey, other: Journey) -> tuple[Journey, Journey]:
    """Today first; of two maps that are not joined, the one that was opened."""
    return (other, journey) if journey.future_of_id == other.pk else (journey, other)


def _measured(request: WorkspaceRequest, today: Journey) -> Mapping[int, tuple[float, int]]:
    """What customers say today and how many, by step; steps that may not be shown are left out."""
    reading = read_curve(
        workspace=request.workspace,
        journey=today,
        selected=Selection(),
        choices=selection.load_choices(request.workspace),
    )
    return {
        p.step.id: (p.estimate.mean, p.n or 0)
        for p in reading.curve.shown
        if p.estimate is not None
    }
