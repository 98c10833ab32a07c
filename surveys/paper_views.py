"""Paper: sheets to print, and the page on which they are typed in."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from cxm.access import WorkspaceRequest, workspace_view
from surveys import paper
from surveys.addresses import origin_of, short_of
from surveys.answering.languages import choose
from surveys.answering.languages import language as language_of
from surveys.card_views import questionnaire_of
from surveys.link_views import link_of
from surveys.models import Link, Source
from surveys.paper import Line, SheetError
from surveys.questionnaire import Questionnaire, in_language

ROWS = 10


def _paper_link(survey: int, link: int) -> Link:
    found = link_of(survey, link)
    if found.source != Source.PAPER:
        raise Http404
    return found


@workspace_view("read")
@require_GET
def paper_page(request: WorkspaceRequest, survey: int, link: int) -> HttpResponse:
    found = _paper_link(survey, link)
    asked = questionnaire_of(found.survey)
    spoken = choose(asked.languages, asked=request.GET.get("language", "")[:12])
    first = _number(request, "first", 1, paper.HIGHEST)
    count = _number(request, "count", 1, paper.MOST)
    context = {
        "survey": found.survey,
        "link": found,
        "languages": [language_of(code) for code in asked.languages],
        "language": spoken,
        "first": first,
        "count": count,
        "most": paper.MOST,
        "sheets": [f"{found.code}-{n:04}" for n in range(first, first + count)],
        "short": short_of(found, origin_of(request)),
    }
    with translation.override(spoken.words):
        context["questions"] = paper.printed(asked, spoken.code)
        context["title"] = _text(asked, "title", spoken.code) or found.survey.name
        context["intro"] = _text(asked, "intro", spoken.code)
    return render(request, "surveys/paper.html", context)


def _text(asked: Questionnaire, name: str, code: str) -> str:
    return in_language(asked.texts.get(name, {}), code, asked.languages)


def _number(request: WorkspaceRequest, name: str, least: int, most: int) -> int:
    value = request.GET.get(name, "")
    number = int(value) if value.isascii() and value.isdecimal() and len(value) < 7 else least
    return max(least, min(most, number))


@workspace_view("edit")
@require_http_methods(["GET", "POST"])
def paper_entry(request: WorkspaceRequest, survey: int, link: int) -> HttpResponse:
    """Good lines are stored, the others stay on the page with what is wrong with them."""
    found = _paper_link(survey, link)
    version_id = found.survey.version_id
    if version_id is None:
        messages.error(request, _("Open the survey first: sheets belong to a version of it."))
        return redirect("surveys:paper", request.workspace.slug, survey, link)
    asked = questionnaire_of(found.survey)
    chosen = choose(asked.languages, asked=request.POST.get("language", "")[:12])
    lines: list[Line] = []
    if request.method == "POST":
        lines = _lines(request, asked)
        lines = _enter(request, found, asked, version_id, chosen.code, lines)
        if not lines:
            return redirect("surveys:paper-entry", request.workspace.slug, survey, link)
    context = {
        "survey": found.survey,
        "link": found,
        "columns": paper.columns(asked),
        "lines": _grid(lines, asked),
        "languages": [language_of(code) for code in asked.languages],
        "language": chosen.code,
        "today": timezone.localdate(),
    }
    status = 422 if lines else 200
    return render(request, "surveys/paper_entry.html", context, status=status)


def _lines(request: WorkspaceRequest, asked: Questionnaire) -> list[Line]:
    names = ["sheet", "day", *(column.name for column in paper.columns(asked))]
    found = []
    for at in range(paper.MOST):
        if f"r{at}-sheet" not in request.POST:
            break
        values = {name: request.POST.get(f"r{at}-{name}", "").strip() for name in names}
        line = Line(at, values, {})
        if not line.is_empty:
            found.append(line)
    return found


def _enter(
    request: WorkspaceRequest, link: Link, asked: Questionnaire, version_id: int, language: str,
    lines: list[Line],
) -> list[Line]:  # fmt: skip
    """The lines that were not stored; a message says how many were, and what did not count."""
    stored = same = 0
    unasked: list[str] = []
    for line in lines:
        replies, line.errors = paper.replies_of(asked, line.values)
        sheet, day = _head(line)
        if not replies and not line.errors:
            line.errors["sheet"] = _("Nothing is typed in for this sheet.")
        if line.errors or sheet is None or day is None:
            continue
        try:
            is_new = paper.enter(
                link=link, questionnaire=asked, version_id=version_id, sheet=sheet, day=day,
                language=language, replies=replies, overwrite="overwrite" in request.POST,
            )  # fmt: skip
        except SheetError as error:
            line.errors["sheet"] = str(error)
            continue
        stored, same = stored + is_new, same + (not is_new)
        unasked += paper.ignored(asked, replies)
    _say(request, stored, same, unasked)
    return [line for line in lines if line.errors]


def _head(line: Line) -> tuple[int | None, dt.date | None]:
    sheet = day = None
    try:
        sheet = paper.sheet_number(line.values["sheet"])
    except SheetError as error:
        line.errors["sheet"] = str(error)
    try:
        day = parse_date(line.values["day"])
    except ValueError:
        day = None
    today = timezone.localdate()
    if day is None or day > today or day < today - dt.timedelta(days=3660):
        line.errors["day"] = _("Which day was it filled in?")
        day = None
    return sheet, day


def _say(request: WorkspaceRequest, stored: int, same: int, unasked: list[str]) -> None:
    if stored:
        words = ngettext("%(n)d sheet is stored.", "%(n)d sheets are stored.", stored)
        messages.success(request, words % {"n": stored})
    if same:
        words = ngettext("%(n)d sheet was there already.", "%(n)d sheets were there already.", same)
        messages.info(request, words % {"n": same})
    if unasked:
        words = _("Not counted, because a rule says not to ask: question %(numbers)s")
        messages.info(request, words % {"numbers": ", ".join(sorted(set(unasked))[:10])})


def _grid(lines: list[Line], asked: Questionnaire) -> list[dict[str, Any]]:
    """Rows of cells for the template: those with errors first, then empty ones."""
    cells = paper.columns(asked)
    filled = lines + [Line(0, {}, {}) for _n in range(max(1, ROWS - len(lines)))]
    return [
        {
            "at": at,
            "sheet": line.values.get("sheet", ""),
            "day": line.values.get("day", ""),
            "errors": line.errors,
            "cells": [
                (column, line.values.get(column.name, ""), line.errors.get(column.name, ""))
                for column in cells
            ],
        }
        for at, line in enumerate(filled)
    ]
