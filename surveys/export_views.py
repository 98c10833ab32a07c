"""Answers as files. Without names, addresses and times of day, and never those of a few people."""

import tempfile
from collections.abc import Callable, Iterator
from typing import BinaryIO

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.downloads import attachment
from cxm.tabular import write_csv
from surveys import results_selection
from surveys.exporting import (
    Book,
    load_book,
    long_lines,
    mapping_of,
    wide_header,
    wide_rows,
)
from surveys.exporting.spss import write_sav
from surveys.exporting.workbook import MOST, write_workbook
from surveys.mapping import write_mapping
from surveys.models import Survey

_CHUNK = 200  # lines that are sent together


@workspace_view("export")
@require_safe
def export_answers(request: WorkspaceRequest, survey: int) -> HttpResponseBase:
    """CSV with one row per answer, sent while it is read."""
    return _csv(request, survey, "answers", long_lines)


@workspace_view("export")
@require_safe
def export_responses(request: WorkspaceRequest, survey: int) -> HttpResponseBase:
    """CSV with one row per response; with its mapping it can be imported again."""
    return _csv(
        request,
        survey,
        "responses",
        lambda book: write_csv(wide_header(book), wide_rows(book), bom=True),
    )


@workspace_view("export")
@require_safe
def export_mapping(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """How to read the CSV of responses or the workbook: the TOML that the import takes."""
    book = _book(request, survey)
    name = f"{_name(book)}-mapping.toml"
    return attachment(write_mapping(mapping_of(book)), name=name, content_type="application/toml")


@workspace_view("export")
@require_safe
def export_xlsx(request: WorkspaceRequest, survey: int) -> HttpResponseBase:
    """A workbook: answers, and what the columns mean."""
    book = _book(request, survey)
    if book.responses > MOST:
        return _refused(request, book, _("A sheet has too few lines for all responses. Take CSV."))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(request, book, "xlsx", kind, write_workbook)


@workspace_view("export")
@require_safe
def export_sav(request: WorkspaceRequest, survey: int) -> HttpResponseBase:
    """A file for SPSS: labels and codes, missing values with their reasons."""
    return _file(request, _book(request, survey), "sav", "application/x-spss-sav", write_sav)


def _file(
    request: WorkspaceRequest,
    book: Book,
    ending: str,
    kind: str,
    write: Callable[[BinaryIO, Book], None],
) -> HttpResponseBase:
    if _is_few(book):
        return _refused(request, book, _few(book))
    # Closed, and so gone, when the response is.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    write(file, book)
    file.seek(0)
    name = f"{_name(book)}.{ending}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)


def _csv(
    request: WorkspaceRequest, survey: int, name: str, lines: Callable[[Book], Iterator[str]]
) -> HttpResponseBase:
    book = _book(request, survey)
    if _is_few(book):
        return _refused(request, book, _few(book))
    response = StreamingHttpResponse(_chunks(lines(book)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name(book)}-{name}.csv"'
    return response


def _chunks(lines: Iterator[str]) -> Iterator[bytes]:
    kept: list[str] = []
    for line in lines:
        kept.append(line)
        if len(kept) == _CHUNK:
            yield "".join(kept).encode()
            kept.clear()
    yield "".join(kept).encode()


def _book(request: WorkspaceRequest, survey: int) -> Book:
    shown = get_object_or_404(Survey.objects.select_related("workspace"), pk=survey)
    return load_book(shown, results_selection.parse(request.GET))


def _name(book: Book) -> str:
    return slugify(book.survey.name) or "survey"


def _is_few(book: Book) -> bool:
    return book.responses < book.survey.k


def _few(book: Book) -> str:
    return ngettext(
        "Fewer than %(k)s response: nothing leaves, so that nobody can be recognised.",
        "Fewer than %(k)s responses: nothing leaves, so that nobody can be recognised.",
        book.survey.k,
    ) % {"k": book.survey.k}


def _refused(request: WorkspaceRequest, book: Book, words: str) -> HttpResponse:
    context = {"survey": book.survey, "words": words, "query": book.selected.query()}
    return render(request, "surveys/export_refused.html", context, status=422)
