"""Trying a survey out as people get it: the same pages and rules, and nothing of it is stored."""

from collections.abc import Mapping
from typing import Any, Final

from csp.decorators import csp_replace
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from surveys.answer_pages import bar
from surveys.answering.languages import Language
from surveys.answering.languages import language as language_of
from surveys.answering.resume import Way
from surveys.answering.shown import shown
from surveys.building_views import survey_of
from surveys.models import ASKED_KINDS, Survey, Version
from surveys.publishing import definition_of
from surveys.questionnaire import (
    Item,
    Questionnaire,
    ReplyError,
    from_json,
    in_language,
    pages,
    read,
    section_of,
)

SIZES: Final = ("phone", "desktop")
_SALT: Final = "surveys.preview"
_DAY: Final = 86_400


@workspace_view("read")
@require_safe
def preview(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """``?size=phone|desktop``, ``?language=``, ``?version=`` (else the draft)."""
    found = survey_of(survey)
    questionnaire = _questionnaire(request, found)
    size = request.GET.get("size", "")
    context = {
        "survey": found,
        "device": size if size in SIZES else "phone",
        "languages": [language_of(code) for code in questionnaire.languages],
        "language": _language(request, questionnaire),
        "number": questionnaire.number,
    }
    return render(request, "surveys/preview.html", context)


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})
@workspace_view("read")
@require_http_methods(["GET", "HEAD", "POST"])
def preview_page(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """One page of the way. What was said so far travels in the form, signed."""
    found = survey_of(survey)
    questionnaire = _questionnaire(request, found)
    language = _language(request, questionnaire)
    with translation.override(language.words):
        if request.method == "POST":
            return _answered(request, found, questionnaire, language)
        first = next(iter(_way(questionnaire, {}).pages), None)
        return _page(request, found, questionnaire, language, first, {})


def _questionnaire(request: WorkspaceRequest, survey: Survey) -> Questionnaire:
    number = _whole(request.GET.get("version", ""))
    if not number:
        return definition_of(survey)
    version = get_object_or_404(Version, survey=survey, number=number)
    return from_json(version.definition)


def _whole(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


def _language(request: WorkspaceRequest, questionnaire: Questionnaire) -> Language:
    said = request.GET.get("lang") or request.GET.get("language", "")
    known = questionnaire.languages
    return language_of(said if said in known else known[0])


def _way(questionnaire: Questionnaire, replies: Mapping[int, Any]) -> Way:
    return Way(pages(questionnaire, replies), replies)


def _answered(
    request: WorkspaceRequest, survey: Survey, questionnaire: Questionnaire, language: Language
) -> HttpResponse:
    replies = _replies(request.POST.get("state", ""))
    item = questionnaire.by_id.get(_whole(request.POST.get("question", "")))
    if item is None or item.kind not in ASKED_KINDS or item.is_section:
        return _page(request, survey, questionnaire, language, None, replies)
    if "back" in request.POST:
        way = _way(questionnaire, replies)
        before = way.before(item) if item in way.pages else None
        return _page(request, survey, questionnaire, language, before or item, replies)
    posted = dict(request.POST.lists())
    try:
        replies = {**replies, item.id: read(item, posted)}
    except ReplyError as error:
        refused = str(error)
        return _page(
            request, survey, questionnaire, language, item, replies,
            error=refused, posted=posted, status=422,
        )  # fmt: skip
    following = _way(questionnaire, replies).after(item)
    return _page(request, survey, questionnaire, language, following, replies)


def _replies(state: str) -> dict[int, Any]:
    """What was said on the pages before; a state that is not ours begins anew."""
    try:
        found = signing.loads(state, salt=_SALT, max_age=_DAY)
    except signing.BadSignature:
        return {}
    return {int(question): reply for question, reply in found.items()}


def _page(
    request: WorkspaceRequest,
    survey: Survey,
    questionnaire: Questionnaire,
    language: Language,
    item: Item | None,
    replies: dict[int, Any],
    *,
    error: str = "",
    posted: Any = None,
    status: int = 200,
) -> HttpResponse:
    """The page of ``item``; thanks where there is none any more."""
    way = _way(questionnaire, replies)
    texts = {
        name: in_language(words, language.code, questionnaire.languages)
        for name, words in questionnaire.texts.items()
    }
    context = {
        "survey": survey,
        "workspace": request.workspace,
        "questionnaire": questionnaire,
        "language": language,
        "words": language.words,
        "languages": [language_of(code) for code in questionnaire.languages],
        "texts": texts,
        "item": item,
        "error": error,
        "state": signing.dumps(replies, salt=_SALT, compress=True),
        "total": max(len(way.pages), 1),
        "number": way.pages.index(item) + 1 if item in way.pages else 1,
        "bar": bar(way.pages.index(item) + 1 if item in way.pages else 1, max(len(way.pages), 1)),
        "is_start": not replies and bool(way.pages) and item == way.pages[0],
        "n_said": len(replies),
    }
    if item is not None:
        section = section_of(questionnaire, item)
        context["shown"] = shown(item, questionnaire, language.code, replies, posted)
        context["section"] = (
            in_language(section.texts, language.code, questionnaire.languages) if section else ""
        )
    return render(request, "surveys/preview_page.html", context, status=status)
