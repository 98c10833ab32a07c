"""Fillings that were held back because too much spoke against a person: somebody looks at them."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cxm.access import WorkspaceRequest, workspace_view
from surveys import collecting
from surveys.answering import held as holding
from surveys.answering import suspicion
from surveys.models import Filling, Survey

PER_PAGE = 25


@workspace_view("edit")
def held(request: WorkspaceRequest, survey: int) -> HttpResponseBase:
    """What waits, with the reasons and what was said."""
    row = get_object_or_404(Survey, pk=survey)
    waiting = holding.waiting(row)
    rows = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "survey": row,
        "page": rows,
        "rows": [holding.described(filling, request.workspace.language) for filling in rows],
        "enough": suspicion.ENOUGH,
    }
    return render(request, "surveys/held.html", context)


@workspace_view("edit")
@require_POST
def held_release(request: WorkspaceRequest, survey: int, filling: uuid.UUID) -> HttpResponseBase:
    """It was a person: the answers count."""
    try:
        collecting.release(filling=_filling(survey, filling))
    except Filling.DoesNotExist as error:  # somebody discarded it in this very moment
        raise Http404 from error
    messages.success(request, _("Released: these answers count now."))
    return redirect("surveys:held", workspace=request.workspace.slug, survey=survey)


@workspace_view("edit")
@require_POST
def held_discard(request: WorkspaceRequest, survey: int, filling: uuid.UUID) -> HttpResponseBase:
    """It was no person: nothing of it is kept."""
    holding.discard(filling=_filling(survey, filling))
    messages.success(request, _("Discarded."))
    return redirect("surveys:held", workspace=request.workspace.slug, survey=survey)


def _filling(survey: int, filling: uuid.UUID) -> Filling:
    return get_object_or_404(Filling, id=filling, survey_id=survey)
