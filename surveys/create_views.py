"""Beginning a survey: blank, from a ready-made questionnaire, or as a copy."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cxm.access import WorkspaceRequest, workspace_view
from cxm.forms import sent
from cxm.models import Language
from surveys.building import BuildError, copy_survey, create_survey, ready
from surveys.building.defaults import spoken
from surveys.create_forms import ANONYMOUS, BLANK, COPY, CreateForm
from surveys.models import Kind, Survey

_READY = "ready-"


@dataclass(frozen=True)
class Line:
    """One question of a card: its words, its kind, whether only some are asked."""

    text: str
    kind: Kind
    is_for_some: bool


@dataclass(frozen=True)
class Start:
    """One card of the page; ``value`` is what the form sends."""

    value: str
    title: str
    what_for: str
    seconds: int
    is_anonymous: bool
    lines: tuple[Line, ...]


@workspace_view("edit")
def survey_create(request: WorkspaceRequest) -> HttpResponseBase:
    language = _language(request)
    cards = [_card(one, language) for one in ready.READY]
    starts = [(BLANK, _("Blank")), *((card.value, card.title) for card in cards)]
    form = CreateForm(
        sent(request), starts=[*starts, (COPY, _("Copy of a survey"))], initial=_initial(request)
    )
    if form.is_valid():
        try:
            return _to(request, _begin(request, form.cleaned_data))
        except BuildError as error:
            form.add_error("name", str(error))
    return _page(request, form, cards, language)


def _initial(request: WorkspaceRequest) -> dict[str, Any]:
    return {
        "start": request.GET.get("start", BLANK),
        "copy_of": request.GET.get("copy", ""),
        "language": request.workspace.language,
    }


def _language(request: WorkspaceRequest) -> str:
    """The language in which questionnaires are shown: the chosen one, else the reader's."""
    asked = request.POST.get("shown") or request.GET.get("language") or get_language() or ""
    return asked if asked in ready.LANGUAGES else "en"


def _card(one: ready.Ready, language: str) -> Start:
    return Start(
        value=_READY + one.key,
        title=one.name[language],
        what_for=one.what_for[language],
        seconds=round(one.minutes * 60),
        is_anonymous=one.is_anonymous,
        lines=tuple(_lines(one, language)),
    )


def _lines(one: ready.Ready, language: str) -> Iterator[Line]:
    for asked in one.questions:
        text = next(iter(spoken(dict(asked.texts), (language,)).values()))
        yield Line(text, asked.kind, asked.rule is not None)


def _begin(request: WorkspaceRequest, chosen: dict[str, Any]) -> Survey:
    name, start = chosen["name"], chosen["start"]
    if start == COPY:
        return copy_survey(survey=chosen["copy_of"], name=name, by=request.user)
    language = chosen["language"]
    others = [chosen["also"]] if chosen["also"] not in ("", language) else []
    anonymous = chosen["who"] == ANONYMOUS if chosen["who"] else None
    if start == BLANK:
        return create_survey(
            workspace=request.workspace, name=name, language=language, languages=others,
            is_anonymous=True if anonymous is None else anonymous, by=request.user,
        )  # fmt: skip
    return ready.make(
        ready=ready.BY_KEY[start.removeprefix(_READY)], workspace=request.workspace, name=name,
        language=language, languages=others, is_anonymous=anonymous, by=request.user,
    )  # fmt: skip


def _to(request: WorkspaceRequest, survey: Survey) -> HttpResponseBase:
    return redirect("surveys:questions", request.workspace.slug, survey.pk)


def _page(
    request: WorkspaceRequest, form: CreateForm, cards: list[Start], language: str
) -> HttpResponse:
    context = {
        "form": form,
        "cards": cards,
        "shown": language,
        "languages": Language.choices,
        "start": form["start"].value() or BLANK,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "surveys/survey_create.html", context, status=status)
