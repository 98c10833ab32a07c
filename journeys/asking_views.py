"""From a step of a map to the question that asks about it."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cxm.access import WorkspaceRequest, workspace_view
from journeys import asking, editing
from journeys.asking_forms import NEW, AskForm
from journeys.models import Step
from surveys.building import BuildError
from surveys.models import Question, Survey


@workspace_view("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def step_ask(request: WorkspaceRequest, journey: str, step: int) -> HttpResponse:
    """``?survey=`` chooses which one asks (``new``: a new one); posted, the question is made."""
    found = _step(request, journey, step)
    surveys = asking.open_surveys(request.workspace)
    sent = request.POST if request.method == "POST" else None
    chosen = _chosen((sent or request.GET).get("survey", ""), surveys)
    form = AskForm(
        sent,
        step=found,
        survey=chosen,
        languages=asking.languages_of(chosen, request.workspace),
        met=asking.touchpoints_of(found),
    )
    if sent is not None and form.is_valid():
        question = _made(request, found, form)
        if question is not None:
            return _to_builder(request, question)
    context = {
        "step": found,
        "journey": found.phase.journey,
        "surveys": surveys,
        "chosen": chosen,
        "new": NEW,
        "form": form,
        "askings": asking.asking(found),
        "bindable": asking.bindable(found, request.workspace),
    }
    return render(request, "journeys/step_ask.html", context, status=422 if form.errors else 200)


@workspace_view("edit")
@require_POST
def step_question_create(request: WorkspaceRequest, journey: str, step: int) -> HttpResponse:
    """Let a question that is asked already ask about this step too."""
    found = _step(request, journey, step)
    choice = request.POST.get("question", "")
    rows = asking.bindable(found, request.workspace)
    question = next((row for row in rows if str(row.pk) == choice), None)
    if question is None:
        messages.error(request, _("Choose a question."))
    else:
        editing.bind_question(step=found, actor=request.user, question=question)
        messages.success(request, _("Its answers count for this step now."))
    return redirect("journeys:step-ask", request.workspace.slug, journey, step)


@workspace_view("edit")
@require_POST
def step_question_removal(
    request: WorkspaceRequest, journey: str, step: int, question: int
) -> HttpResponse:
    """Release a question from a step; its answers stay with it."""
    found = _step(request, journey, step)
    bound = get_object_or_404(Question, pk=question)
    editing.unbind_question(step=found, actor=request.user, question=bound)
    messages.success(request, _("The question no longer counts for this step."))
    return redirect("journeys:step-ask", request.workspace.slug, journey, step)


def _step(request: WorkspaceRequest, journey: str, step: int) -> Step:
    rows = Step.objects.select_related("phase__journey")
    of_map = {"phase__journey__slug": journey, "phase__journey__workspace": request.workspace}
    return get_object_or_404(rows, pk=step, **of_map)


def _chosen(text: str, surveys: list[Survey]) -> Survey | None:
    """The named survey; without a name an open one first; None for a new one."""
    if text == NEW or not surveys:
        return None
    named = next((survey for survey in surveys if str(survey.pk) == text), None)
    opened = (survey for survey in surveys if survey.state == Survey.State.OPEN)
    return named or next(opened, surveys[0])


def _made(request: WorkspaceRequest, step: Step, form: AskForm) -> Question | None:
    """Survey and question in one transaction; what is refused is told at the form."""
    data: dict[str, Any] = form.cleaned_data
    try:
        with transaction.atomic():
            survey = form.chosen or asking.begin_survey(
                workspace=request.workspace, name=data["name"], by=request.user
            )
            return asking.ask(
                step=step,
                survey=survey,
                kind=data["kind"],
                texts=form.texts,
                touchpoint=form.place,
                actor=request.user,
            )
    except BuildError as error:
        form.add_error(None, str(error))
        return None


def _to_builder(request: WorkspaceRequest, question: Question) -> HttpResponse:
    words = _("The question is in the draft of “%(survey)s”.")
    if question.survey.state == Survey.State.OPEN:
        words = _("The question is in the draft of “%(survey)s”; publish it to ask it.")
    messages.success(request, words % {"survey": question.survey.name})
    slug = request.workspace.slug
    return redirect("surveys:questions", workspace=slug, survey=question.survey_id)
