"""The results of a survey: the page, what is new on it, its wordings, and its figures as a file."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.downloads import csv_attachment
from surveys import results_page, results_selection
from surveys.models import Survey
from surveys.results import read_results
from surveys.results_rows import COLUMNS, rows
from surveys.results_wording import read_histories


@workspace_view("read")
@require_safe
def results(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """The address says what is shown; see ``results_selection``. ``?places=1`` opens the places."""
    selected = results_selection.parse(request.GET)
    context = results_page.context_of(
        _survey(survey), selected, with_places="places" in request.GET
    )
    template = "surveys/results.html" + ("#results" if request.htmx else "")
    return render(request, template, context)


@workspace_view("read")
@require_safe
def results_news(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """204 while the stamp of the address still holds; else the figures anew.

    The page asks every few seconds while the survey is open: so this counts before it reads.
    """
    shown = _survey(survey)
    before = request.GET.get("stamp", "")[:40]
    if before == results_page.stamp(shown):
        return HttpResponse(status=204)
    selected = results_selection.parse(request.GET)
    context = results_page.context_of(shown, selected, with_places="places" in request.GET)
    known = before.partition(".")[0]
    now = int(context["stamp"].partition(".")[0])
    context["new"] = max(now - int(known), 0) if known.isascii() and known.isdecimal() else 0
    return render(request, "surveys/results.html#news", context)


@workspace_view("read")
@require_safe
def results_wording(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """Every question as the versions worded it, and what each wording gave."""
    shown = _survey(survey)
    selected = results_selection.parse(request.GET)
    context = {
        "survey": shown,
        "histories": read_histories(shown, selected),
        "k": shown.k,
        "period": results_page.period_words(selected),
    }
    return render(request, "surveys/results_wording.html", context)


@workspace_view("export")
@require_safe
def results_csv(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """The figures of the page with four decimals."""
    read = read_results(_survey(survey), results_selection.parse(request.GET))
    name = slugify(read.survey.name) or "survey"
    return csv_attachment(f"{name}-results.csv", COLUMNS, rows(read))


def _survey(pk: int) -> Survey:
    return get_object_or_404(Survey.objects.select_related("workspace"), pk=pk)
