"""Is a change real? The page of a comparison, and the file of its numbers."""

from collections.abc import Iterator

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.downloads import csv_attachment
from journeys import compare_page, compare_rows, compare_words
from journeys.compare import Compared, read_comparison
from journeys.compare_choice import Choice, choose


@workspace_view("read")
@require_safe
def compare(request: WorkspaceRequest) -> HttpResponseBase:
    choice = choose(request.workspace, request.GET)
    found = _read(request, choice)
    page = compare_page.build(choice, found) if found else None
    names = compare_words.names(choice)
    context = {
        "choice": choice,
        "page": page,
        "name_a": names[0],
        "name_b": names[1],
        "sizes": compare_words.sizes(choice, page.chosen.ladder) if page else "",
        "scale": compare_words.scale(page.chosen.pair) if page else "",
        "csv": _csv_url(request, choice) if page else "",
        "query": compare_page.query(choice, page.chosen.pair.key) if page else "",
    }
    return render(request, "journeys/compare.html", context)


@workspace_view("export")
@require_safe
def compare_csv(request: WorkspaceRequest) -> HttpResponseBase:
    """Every question asked in both groups with its four steps, in the order of the surveys."""
    found = _read(request, choose(request.workspace, request.GET))
    columns = ("question", *compare_rows.COLUMNS, "reason")
    return csv_attachment("compare.csv", columns, _rows(found))


def _read(request: WorkspaceRequest, choice: Choice) -> Compared | None:
    """The ladders of everything asked in both groups; None where there is nothing."""
    if choice.a is None or choice.b is None or not choice.pairs:
        return None
    return read_comparison(workspace=request.workspace, a=choice.a, b=choice.b, pairs=choice.pairs)


def _rows(found: Compared | None) -> Iterator[list[str]]:
    for pair, ladder in found.by_key.values() if found else ():
        if not ladder.rungs:
            yield [pair.b.text, *[""] * len(compare_rows.COLUMNS), ladder.reason]
        for cells in compare_rows.of_ladder(ladder, corrected=True):
            yield [pair.b.text, *cells, ""]


def _csv_url(request: WorkspaceRequest, choice: Choice) -> str:
    """Where the numbers can be had as a file; empty for who may not export."""
    if "export" not in request.member.capabilities:
        return ""
    url = reverse("journeys:compare-csv", args=[request.workspace.slug])
    return f"{url}?{compare_page.query(choice, choice.question)}"
