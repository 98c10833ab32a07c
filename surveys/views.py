"""The list of surveys, and one survey with its questions."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from surveys import histograms
from surveys.asked import in_order
from surveys.imports import WAITING
from surveys.models import Import, Kind, Question, Response, SavedMapping, Source, Status, Survey


@dataclass
class SurveyRow:
    """One line of the list: ``sources`` is (label, responses) per source."""

    survey: Survey
    questions: int
    sources: list[tuple[str, int]] = field(default_factory=list)
    last: Any = None

    @property
    def responses(self) -> int:
        return sum(n for _label, n in self.sources)


@dataclass
class QuestionRow:
    """One question with its counts; means are figures of the insight pages."""

    question: Question
    scored: int = 0
    never_used: int = 0
    no_answer: int = 0


@workspace_view("read")
@require_safe
def surveys(request: WorkspaceRequest) -> HttpResponse:
    context = {
        "rows": _rows(),
        "runs": list(Import.objects.exclude(state=Import.State.DONE)[:10]),
        "finished": list(Import.objects.filter(state=Import.State.DONE)[:5]),
        "waiting": WAITING,
        "mappings": list(SavedMapping.objects.all()),
    }
    return render(request, "surveys/surveys.html", context)


def _rows() -> list[SurveyRow]:
    # What people are asked: no parts, no sections, nothing that was taken out.
    asked = Q(questions__parent=None, questions__is_retired=False)
    asked &= ~Q(questions__kind=Kind.SECTION)
    counted = Count("questions", filter=asked)
    listed = Survey.objects.annotate(n_questions=counted).order_by("name")
    rows = {row.pk: SurveyRow(row, row.n_questions) for row in listed}
    for survey_id, source, n, last in _by_source():
        if row := rows.get(survey_id):
            row.sources.append((str(Source(source).label), n))
            row.last = max(filter(None, (row.last, last)))
    return list(rows.values())


def _by_source(**only: Any) -> list[tuple[int, str, int, Any]]:
    counted = Response.objects.filter(**only).values_list("survey_id", "source")
    return list(counted.annotate(n=Count("id"), last=Max("answered_on")).order_by("-n"))


@workspace_view("read")
@require_safe
def survey(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """An imported survey; one that is asked here is met where its questions are written."""
    shown = get_object_or_404(Survey.objects.select_related("workspace"), pk=survey)
    if shown.is_collected:
        return redirect("surveys:questions", workspace=request.workspace.slug, survey=survey)
    questions = in_order(shown.questions.select_related("touchpoint"))
    rows = {question.pk: QuestionRow(question) for question in questions}
    counts = histograms.read(workspace_id=request.workspace.pk, slice=histograms.Slice(tuple(rows)))
    fields = {
        Status.SCORED: "scored", Status.NEVER_USED: "never_used", Status.NO_ANSWER: "no_answer",
    }  # fmt: skip
    for count in counts:
        row, name = rows[count.question], fields[Status(count.status)]
        setattr(row, name, getattr(row, name) + count.n)
    sources = _by_source(survey_id=shown.pk)
    context = {
        "survey": shown,
        "rows": list(rows.values()),
        "sources": [(Source(source).label, n) for _id, source, n, _last in sources],
        "responses": sum(n for _id, _source, n, _last in sources),
        "last": max((last for *_rest, last in sources), default=None),
        "without": _("an outcome or free text"),
    }
    return render(request, "surveys/survey.html", context)
