"""The texts of a survey in all languages: how complete they are, as a file, and back."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.downloads import attachment
from cxm.tabular import TableError, read_table, write_csv, write_xlsx
from surveys import translating
from surveys.builder_page import Language, language
from surveys.building import BuildError
from surveys.models import Survey
from surveys.publishing import definition_of
from surveys.questionnaire import Questionnaire
from surveys.translating import Change, Plan
from surveys.translating.rows import complete, mark
from surveys.translating_forms import TextsForm
from touchpoints import previews

SHOWN = 200


@dataclass(frozen=True)
class Spoken:
    """One language of the survey and how many of its texts are there."""

    language: Language
    there: int
    wanted: int
    is_first: bool

    @property
    def missing(self) -> int:
        return self.wanted - self.there


@dataclass(frozen=True)
class Shown:
    """A change with the language as a page writes it."""

    change: Change
    language: Language


@workspace_view("edit")
def texts(request: WorkspaceRequest, survey: int) -> HttpResponseBase:
    """How complete each language is; an uploaded file goes on to its check."""
    shown = _survey(survey)
    questionnaire = definition_of(shown)
    has_file = request.method == "POST"
    form = TextsForm(request.POST, request.FILES) if has_file else TextsForm()
    if has_file and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            _plan(file, file.name, questionnaire)
        except TableError as error:
            form.add_error("file", error.message)
        else:
            token = previews.keep(file, workspace=request.workspace, user=request.user)
            return redirect("surveys:texts-check", request.workspace.slug, shown.pk, token)
    context = {"survey": shown, "form": form, "spoken": _spoken(questionnaire)}
    status = 422 if form.errors else 200
    return render(request, "surveys/texts.html", context, status=status)


@workspace_view("edit")
@require_safe
def texts_export(request: WorkspaceRequest, survey: int) -> HttpResponseBase:
    """``?format=csv`` or ``xlsx``; what is downloaded reads back in without a change."""
    shown = _survey(survey)
    questionnaire = definition_of(shown)
    name = f"{slugify(shown.name) or 'survey'}-texts"
    heads, rows = translating.header(questionnaire), translating.lines(questionnaire)
    if request.GET.get("format") == "xlsx":
        target = BytesIO()
        write_xlsx(target, heads, rows, sheet=str(_("Texts")))
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename=f"{name}.xlsx")
    content = "".join(write_csv(heads, rows, bom=True, quoted=True))
    return attachment(content, name=f"{name}.csv", content_type="text/csv")


@workspace_view("edit")
@require_safe
def texts_check(request: WorkspaceRequest, survey: int, token: str) -> HttpResponseBase:
    """What the file would change, and what stands in its way, by line."""
    shown = _survey(survey)
    path, name = _kept(request, token)
    try:
        with path.open("rb") as file:
            plan = _plan(file, name, definition_of(shown))
    except TableError as error:
        messages.error(request, error.message)
        return redirect("surveys:texts", request.workspace.slug, shown.pk)
    return render(request, "surveys/texts_check.html", _checked(shown, plan, name, token))


@workspace_view("edit")
@require_POST
def texts_import(request: WorkspaceRequest, survey: int, token: str) -> HttpResponseBase:
    """Store the file in one transaction, compared anew with what the draft says now.

    What somebody changed since the check is a conflict that nobody has chosen: it is shown first.
    """
    shown = _survey(survey)
    path, name = _kept(request, token)
    try:
        with path.open("rb") as file:
            plan = _plan(file, name, definition_of(shown))
        if not plan.can_run or not _all_chosen(request, plan):
            page = _checked(shown, plan, name, token) | {"unchosen": plan.can_run}
            return render(request, "surveys/texts_check.html", page, status=422)
        taken = [one.name for one in plan.conflicts if _choice(request, one) == "file"]
        n = translating.store(survey=shown, plan=plan, taken=taken)
    except (TableError, BuildError) as error:
        messages.error(request, str(error))
        return redirect("surveys:texts", request.workspace.slug, shown.pk)
    previews.drop(path)
    told = ngettext("%(n)d text was stored.", "%(n)d texts were stored.", n) % {"n": n}
    messages.success(request, told)
    return redirect("surveys:texts", request.workspace.slug, shown.pk)


def _survey(pk: int) -> Survey:
    """One that is asked here; imported ones have no texts of their own."""
    found = get_object_or_404(Survey.objects.select_related("workspace"), pk=pk)
    if not found.is_collected:
        raise Http404
    return found


def _kept(request: WorkspaceRequest, token: str) -> tuple[Path, str]:
    found = previews.find(token, workspace=request.workspace, user=request.user)
    if found is None:
        raise Http404
    return found


def _plan(file: BinaryIO | Any, name: str, questionnaire: Questionnaire) -> Plan:
    table = read_table(file, name=name)
    return translating.compare(questionnaire, table.header, table.rows)


def _spoken(questionnaire: Questionnaire) -> list[Spoken]:
    first = questionnaire.languages[0]
    return [
        Spoken(language(code), *complete(questionnaire, code), is_first=code == first)
        for code in questionnaire.languages
    ]


def _all_chosen(request: WorkspaceRequest, plan: Plan) -> bool:
    return all(_choice(request, one) in ("file", "draft") for one in plan.conflicts)


def _choice(request: WorkspaceRequest, conflict: Change) -> str:
    """What was chosen, for exactly these two texts: another text since is a new question."""
    return request.POST.get(_field(conflict), "")


def _field(conflict: Change) -> str:
    return f"choice {conflict.name} {mark(conflict.before)} {mark(conflict.after)}"


def _checked(survey: Survey, plan: Plan, name: str, token: str) -> dict[str, Any]:
    return {
        "survey": survey,
        "plan": plan,
        "title": name,
        "token": token,
        "changed": [_shown(one) for one in plan.changed[:SHOWN]],
        "new": [_shown(one) for one in plan.new[:SHOWN]],
        "conflicts": [(_shown(one), _field(one)) for one in plan.conflicts],
        "faults": plan.faults[:SHOWN],
        "new_languages": [language(code) for code in plan.new_languages],
    }


def _shown(change: Change) -> Shown:
    return Shown(change, language(change.language))
