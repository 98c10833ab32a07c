"""Cases of a workspace: the list, one case, what people set and write down."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from surveys import cases, readable
from surveys.case_forms import CaseForm, NoteForm
from surveys.models import Answer, Case, Question, Response, Survey
from touchpoints.models import Touchpoint

PAGE = 50
SHOWN = ("open", "mine", "overdue", "done")


@dataclass(frozen=True)
class CaseRow:
    """One line of the list: the case and the answer that opened it."""

    case: Case
    said: readable.Said | None
    today: dt.date

    @property
    def overdue(self) -> int:
        """By how many days; 0 where it is not, or is done."""
        if self.case.due_on is None or self.case.state == Case.State.DONE:
            return 0
        return max(0, (self.today - self.case.due_on).days)


@workspace_view("verbatims")
@require_safe
def cases_list(request: WorkspaceRequest) -> HttpResponse:
    """``?show=`` open, mine, overdue or done; ``?survey=`` and ``?touchpoint=`` narrow it."""
    show = request.GET.get("show", "open")
    show = show if show in SHOWN else "open"
    survey, touchpoint = _number(request, "survey"), _number(request, "touchpoint")
    found = _shown(request, show)
    found = found.filter(survey=survey) if survey else found
    found = found.filter(touchpoint=touchpoint) if touchpoint else found
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    have = Case.objects.order_by()
    context = {
        "show": show,
        "survey": survey,
        "touchpoint": touchpoint,
        "page": page,
        "rows": _rows(page),
        "waiting": cases.waiting(request.user),
        "surveys": Survey.objects.filter(pk__in=have.values("survey")),
        "touchpoints": Touchpoint.objects.filter(pk__in=have.values("touchpoint")).order_by("name"),
        "ruled": _ruled(),
        "shows": (
            ("open", pgettext("state", "Open")),
            ("mine", _("Mine")),
            ("overdue", _("Overdue")),
            ("done", _("Done")),
        ),
        "any": have.exists(),
    }
    return render(request, "surveys/cases.html", context)


def _shown(request: WorkspaceRequest, show: str) -> QuerySet[Case]:
    found = Case.objects.select_related("survey", "owner", "touchpoint", "question")
    if show == "done":
        return found.filter(state=Case.State.DONE).order_by("-closed_at", "-pk")
    found = found.filter(state__in=cases.OPEN).order_by("due_on", "pk")
    if show == "mine":
        return found.filter(owner=request.user)
    if show == "overdue":
        return found.filter(due_on__lt=timezone.localdate())
    return found


def _ruled() -> list[tuple[Survey, int]]:
    """Surveys that people answer here with their rules, most first: where cases come from."""
    asked = Survey.objects.exclude(state=Survey.State.IMPORTED).annotate(
        n_rules=Count("rules", filter=Q(rules__is_active=True))
    )
    return [(survey, survey.n_rules) for survey in asked.order_by("-n_rules", "name")[:12]]


def _number(request: WorkspaceRequest, name: str) -> int:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 15 else 0


def _rows(page: Page[Case]) -> list[CaseRow]:
    listed = list(page)
    answers = Answer.objects.filter(
        response_id__in=[case.response_id for case in listed],
        question_id__in=[case.question_id for case in listed],
    )
    by_case = {(answer.response_id, answer.question_id): answer for answer in answers}
    today = timezone.localdate()
    rows = []
    for case in listed:
        answer = by_case.get((case.response_id, case.question_id or 0))
        lines = (
            readable.said([answer], [case.question], case.survey.language)
            if answer and case.question
            else []
        )
        rows.append(CaseRow(case, lines[0] if lines else None, today))
    return rows


@workspace_view("verbatims")
@require_safe
def case(request: WorkspaceRequest, case: int) -> HttpResponse:
    """What the person said, and what is done about it. Their address is for those who act."""
    return _page(request, _case(case))


@workspace_view("edit")
@require_POST
def case_edit(request: WorkspaceRequest, case: int) -> HttpResponse:
    shown = _case(case)
    form = CaseForm(request.POST, workspace=request.workspace, case=shown)
    if not form.is_valid():
        return _page(request, shown, form=form)
    cases.change(
        case=shown,
        by=request.user,
        origin=request.build_absolute_uri("/")[:-1],
        **form.cleaned_data,
    )
    messages.success(request, _("Saved"))
    return redirect("care:case", workspace=request.workspace.slug, case=shown.pk)


@workspace_view("edit")
@require_POST
def case_note(request: WorkspaceRequest, case: int) -> HttpResponse:
    shown = _case(case)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, note_form=form)
    cases.note(case=shown, author=request.user, text=form.cleaned_data["text"])
    return redirect("care:case", workspace=request.workspace.slug, case=shown.pk)


def _case(case: int) -> Case:
    listed = Case.objects.select_related("survey", "owner", "touchpoint", "question", "rule")
    return get_object_or_404(listed, pk=case)


def _page(
    request: WorkspaceRequest,
    shown: Case,
    *,
    form: CaseForm | None = None,
    note_form: NoteForm | None = None,
) -> HttpResponse:
    response = Response.objects.filter(id=shown.response_id).first()
    answers = list(Answer.objects.filter(response_id=shown.response_id))
    questions = Question.objects.filter(survey=shown.survey_id)
    language = (response and response.language) or shown.survey.language
    lines = readable.said(answers, questions, language)
    context: dict[str, Any] = {
        "row": CaseRow(shown, None, timezone.localdate()),
        "case": shown,
        "response": response,
        "lines": [line for line in lines if not line.is_contact],
        "reason": next((line for line in lines if line.question_id == shown.question_id), None),
        "language": language,
        "notes": shown.notes.select_related("author"),
        "others": Case.objects.filter(response_id=shown.response_id).exclude(pk=shown.pk),
        "form": form or CaseForm(workspace=request.workspace, case=shown),
        "note_form": note_form or NoteForm(),
    }
    failed = bool(form or note_form)
    return render(request, "surveys/case.html", context, status=422 if failed else 200)
