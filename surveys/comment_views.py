"""What people wrote in a survey, newest first."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from surveys.models import Kind, Response, Survey
from surveys.results import answers_of, counted_sources

PAGE = 50


@workspace_view("verbatims")
@require_safe
def comments(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """``?q=`` looks for words, ``?page=`` turns the page.

    A question with fewer texts than the threshold shows none. No date, source or segment stands
    beside a text: together they could say who wrote it.
    """
    shown = get_object_or_404(Survey.objects.select_related("workspace"), pk=survey)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    texts = {q.pk: q for q in shown.questions.all() if q.kind == Kind.TEXT and not q.has_scale}
    sources, _left_out, _last = counted_sources(shown)
    written = answers_of(
        shown, list(texts.values()), tuple(str(source.value) for source, _n in sources)
    )
    counts = dict(written.values_list("question_id").annotate(n=Count("id")))
    open_ = [key for key, n in counts.items() if n >= shown.k_verbatims]
    found = written.filter(question_id__in=open_)
    if words:
        found = found.filter(raw__icontains=words)
    page = Paginator(_newest(found), PAGE).get_page(request.GET.get("page"))
    context = {
        "survey": shown,
        "words": words,
        "page": page,
        "quotes": [(answer.raw, texts[answer.question_id]) for answer in page],
        "hidden": [texts[key] for key, n in counts.items() if n < shown.k_verbatims],
        "k": shown.k_verbatims,
    }
    return render(request, "surveys/comments.html", context)


def _newest(found: Any) -> Any:
    people = Response.objects.filter(id=OuterRef("response_id"))
    return found.annotate(day=Subquery(people.values("answered_on")[:1])).order_by(
        "-day", "-response_id", "question_id"
    )
