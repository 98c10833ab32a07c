"""The questions of a survey while they are written: list, editor, checks and phone."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from surveys import building
from surveys.builder_page import Page
from surveys.building import BuildError, StaleError, posted
from surveys.building.questions import CHOSEN
from surveys.models import Kind, Question, Survey
from surveys.publishing import definition_of
from surveys.results_selection import Selection
from surveys.results_wording import read_histories
from touchpoints.models import Touchpoint

PANELS = ("settings", "opening")


def survey_of(pk: int) -> Survey:
    """A survey of this workspace that is built here; 404 for imported ones."""
    surveys = Survey.objects.select_related("workspace", "version")
    return get_object_or_404(surveys.exclude(state=Survey.State.IMPORTED), pk=pk)


def question_of(survey: Survey, pk: int) -> Question:
    found = get_object_or_404(building.asked(survey), pk=pk)
    found.survey = survey
    return found


def address(survey: Survey, question: int | str = "") -> str:
    path = reverse("surveys:questions", args=(survey.workspace.slug, survey.pk))
    return f"{path}?q={question}" if question else path


@workspace_view("read")
@require_safe
def questions(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """``?q=`` is the chosen question, "settings" or "opening"; ``?language=`` that of the phone."""
    found = get_object_or_404(Survey.objects.select_related("workspace", "version"), pk=survey)
    if not found.is_collected:
        return redirect("surveys:survey", workspace=request.workspace.slug, survey=survey)
    return render(request, "surveys/questions.html", {"page": page_of(request, found)})


def page_of(request: WorkspaceRequest, survey: Survey, chosen: int | str = "") -> Page:
    said = str(chosen or request.GET.get("q", ""))
    panel = said if said in PANELS else ""
    if panel == "opening" and "edit" not in request.member.capabilities:
        panel = ""
    language = request.GET.get("language") or request.POST.get("shown-language", "")
    return Page(
        survey,
        chosen=int(said) if said.isdecimal() and len(said) < 18 else 0,
        panel=panel,
        shown_language=language if language in survey.all_languages else survey.language,
    )


def changed(
    request: WorkspaceRequest, survey: Survey, chosen: int | str = "", *, anew: bool = True
) -> HttpResponse:
    """After a change: the parts that follow it; with ``anew`` the editor as well."""
    if not request.htmx:
        return redirect(address(survey, chosen))
    survey = survey_of(survey.pk)
    context = {
        "page": page_of(request, survey, chosen),
        "oob": True,
        "anew": anew,
        "saved_at": date_format(timezone.localtime(), "TIME_FORMAT"),
    }
    response = render(request, "surveys/_questions_changed.html", context)
    if anew:
        response["HX-Retarget"], response["HX-Reswap"] = "#editor", "outerHTML"
        response["HX-Replace-Url"] = address(survey, chosen)
    return response


def refused(
    request: WorkspaceRequest,
    survey: Survey,
    chosen: int | str,
    error: BuildError,
    drafted: dict[str, Any] | None = None,
) -> HttpResponse:
    """422: what is typed stays in the fields, and a line above them says what is wrong."""
    page = page_of(request, survey_of(survey.pk), chosen)
    page.drafted = drafted or {}
    stale = error if isinstance(error, StaleError) else None
    context = {"page": page, "error": str(error), "stale": stale, "oob": True}
    template = "surveys/_questions_refused.html" if request.htmx else "surveys/questions.html"
    return render(request, template, context, status=422)


@workspace_view("edit")
@require_POST
def question_create(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """``kind``, and ``after`` a question of the draft; without it at the end."""
    found = survey_of(survey)
    after = request.POST.get("after", "")
    try:
        place = question_of(found, int(after)) if _is_id(after) else None
        new = building.add_question(survey=found, kind=request.POST.get("kind", ""), after=place)
    except BuildError as error:
        return refused(request, found, after, error)
    return changed(request, found, new.pk)


@workspace_view("edit")
@require_POST
def question_edit(request: WorkspaceRequest, survey: int, question: int) -> HttpResponse:
    """Save the editor's form; ``op`` is the button of a table that was pressed.

    The editor is drawn anew only where its fields change, so that typing is not disturbed.
    """
    found = survey_of(survey)
    before = question_of(found, question)
    fields: dict[str, Any] = {}
    try:
        fields = posted.fields(request.POST, before)
        with transaction.atomic():
            after = _save(request, before, fields)
    except BuildError as error:
        drafted = {name: fields.get(name, {}) for name in ("texts", "help_texts")}
        return refused(request, found, question, error, drafted)
    return changed(request, found, after.pk, anew=_is_anew(request, before, after))


def _save(request: WorkspaceRequest, question: Question, fields: dict[str, Any]) -> Question:
    if "show_if" in fields:
        draft = definition_of(question.survey)
        fields["show_if"] = posted.completed(fields["show_if"], draft)
        for jump in fields["jumps"]:
            jump["when"] = posted.completed(jump["when"], draft)
    revision = None if request.POST.get("op") == "mine" else _revision(request)
    if not _says_other(question, fields) and not _has_parts(request):
        return question
    after = building.change_question(question=question, revision=revision, **fields)
    if after.kind == Kind.MATRIX and _has_parts(request):
        pks, texts = posted.parts(request.POST)
        known = Touchpoint.objects.in_bulk(pks)
        if len(known) < len(set(pks)):
            raise BuildError(_("This touchpoint is not in the workspace."))
        building.set_parts(question=after, touchpoints=[known[pk] for pk in pks], texts=texts)
    return after


def _has_parts(request: WorkspaceRequest) -> bool:
    return "parts" in request.POST.getlist("shows")


def _revision(request: WorkspaceRequest) -> int | None:
    said = request.POST.get("revision", "")
    return int(said) if said.isdecimal() and len(said) < 10 else None


def _says_other(question: Question, fields: dict[str, Any]) -> bool:
    """Whether anything in the form differs from what is stored: nothing changed is no change."""
    for name, value in fields.items():
        stored = getattr(question, name)
        if name in ("texts", "help_texts"):
            if any(stored.get(code, "") != text.strip() for code, text in value.items()):
                return True
        elif name == "options":
            if _plain(value, question) != _plain(stored, question):
                return True
        elif stored != value:
            return True
    return False


def _plain(options: list[dict[str, Any]], question: Question) -> list[tuple[Any, ...]]:
    """Options to be compared: of scales without empty words, and in their own order."""
    plain = [
        (o["code"], {code: text for code, text in o["texts"].items() if text}, o.get("segment"))
        for o in options
    ]
    if question.kind in CHOSEN:
        return plain
    return sorted((option for option in plain if option[1]), key=lambda option: option[0])


def _is_anew(request: WorkspaceRequest, before: Question, after: Question) -> bool:
    """Pressed buttons and changes that bring other fields draw the editor anew."""
    if request.POST.get("op") or request.POST.get("touchpoint-new") or after.pk != before.pk:
        return True
    names = ("kind", "scale_min", "scale_max", "is_reversed", "has_other")
    if any(getattr(after, name) != getattr(before, name) for name in names):
        return True
    return _asks(after) != _asks(before)


def _asks(question: Question) -> list[Any]:
    """What the rules compare, without the answers they compare it with."""
    rules = [question.show_if, *(jump["when"] for jump in question.jumps)]
    return [[(c["question"], c["is"]) for together in rule for c in together] for rule in rules]


@workspace_view("edit")
@require_POST
def question_copy(request: WorkspaceRequest, survey: int, question: int) -> HttpResponse:
    found = survey_of(survey)
    try:
        new = building.copy_question(question=question_of(found, question))
    except BuildError as error:
        return refused(request, found, question, error)
    return changed(request, found, new.pk)


@workspace_view("edit")
@require_POST
def question_removal(request: WorkspaceRequest, survey: int, question: int) -> HttpResponse:
    """The one before it is chosen next."""
    found = survey_of(survey)
    order = [row.pk for row in building.asked(found)]
    gone = question_of(found, question)
    place = order.index(gone.pk)
    building.remove_question(question=gone)
    rest = order[:place] + order[place + 1 :]
    return changed(request, found, rest[max(place - 1, 0)] if rest else "")


@workspace_view("edit")
@require_POST
def question_place(request: WorkspaceRequest, survey: int, question: int) -> HttpResponse:
    """``step`` −1 or 1, or ``before`` another question; empty is the end."""
    found = survey_of(survey)
    moved = question_of(found, question)
    before = request.POST.get("before", "")
    try:
        target = _target(found, moved, request.POST.get("step", ""), before)
        if target is not moved:
            building.move_question(question=moved, before=target)
    except BuildError as error:
        return refused(request, found, question, error)
    shown = request.POST.get("shown", "") or moved.pk
    return changed(request, found, shown, anew=str(shown) == str(moved.pk))


@workspace_view("read")
@require_safe
def question_history(request: WorkspaceRequest, survey: int, question: int) -> HttpResponse:
    """Its wordings so far with their figures, those of questions that it replaced as well."""
    found = survey_of(survey)
    row = question_of(found, question)
    wanted = set(building.family([row.pk]))
    histories = [one for one in read_histories(found, Selection()) if one.question.pk in wanted]
    context = {"survey": found, "histories": histories}
    return render(request, "surveys/_question_wordings.html", context)


def _is_id(said: str) -> bool:
    return said.isdecimal() and len(said) < 19


def _target(survey: Survey, moved: Question, step: str, before: str) -> Question | None:
    """The question to stand before; None is the end, the moved one itself means staying."""
    if step not in ("-1", "1"):
        return question_of(survey, int(before)) if _is_id(before) else None
    order = list(building.asked(survey))
    place = [row.pk for row in order].index(moved.pk)
    if step == "-1":
        return order[place - 1] if place else moved
    if place == len(order) - 1:
        return moved
    return order[place + 2] if place + 2 < len(order) else None
