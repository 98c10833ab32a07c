"""How many answers are enough: the planner of one survey, as a page and beside the builder."""

import datetime as dt
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.templatetags.ui import number
from surveys import planning
from surveys.models import Survey
from surveys.planner import Asked, Reached, reached, read
from surveys.planner_picture import picture

LONGEST: Final = 730
"""Days from which on a date would be a guess."""


class PlannerForm(forms.Form):
    """What is wanted: widths on −2 … +2, in points of a share, in points of an NPS."""

    width = forms.FloatField(
        label=gettext_lazy("Mean known to ±"), min_value=0.1, max_value=1, initial=0.3
    )
    gap = forms.FloatField(
        label=gettext_lazy("Change to be proven"), min_value=0.1, max_value=4, initial=0.5
    )
    share = forms.IntegerField(
        label=gettext_lazy("Share known to ± points"), min_value=1, max_value=40, initial=10
    )
    nps = forms.IntegerField(
        label=gettext_lazy("NPS known to ± points"), min_value=2, max_value=80, initial=15
    )


@workspace_view("read")
@require_safe
def planner(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """``?width=0.3&gap=0.5&share=10&nps=15``; what cannot be is answered with the usual ones."""
    shown = get_object_or_404(Survey.objects.select_related("workspace"), pk=survey)
    asked = read(shown, today=timezone.localdate())
    wanted, form = _wanted(request)
    answers = planning.for_mean(wanted["width"], asked.spread.value) or planning.MOST
    context = {
        "survey": shown,
        "form": form,
        "wanted": wanted,
        "answers": answers,
        "asked": asked,
        "spread": _spread(asked),
        "picture": picture(answers=answers, width=wanted["width"], spread=asked.spread.value),
        "when": _when(asked, answers),
        "per_group": planning.for_gap(wanted["gap"], asked.spread.value),
        "for_share": planning.for_share(wanted["share"] / 100),
        "for_nps": planning.for_nps(wanted["nps"], asked.promoters, asked.detractors),
    }
    template = "surveys/planner.html" + ("#planner" if request.htmx else "")
    return render(request, template, context)


def _wanted(request: WorkspaceRequest) -> tuple[dict[str, Any], PlannerForm]:
    usual = {name: field.initial for name, field in PlannerForm.base_fields.items()}
    form = PlannerForm(
        {**usual, **{name: request.GET[name] for name in usual if name in request.GET}}
    )
    form.is_valid()
    return {**usual, **form.cleaned_data}, form


def _spread(asked: Asked) -> str:
    value = number(asked.spread.value, 2)
    if asked.origin == "assumed":
        return _("Assumes a spread of %(value)s: nothing was answered yet.") % {"value": value}
    words = (
        _("Takes the spread of %(value)s that this survey has shown so far (n = %(n)s).")
        if asked.origin == "survey"
        else _("Takes the spread of %(value)s that your other surveys have shown (n = %(n)s).")
    )
    return words % {"value": value, "n": number(asked.spread.n)}


def _when(asked: Asked, wanted: int) -> str:
    """How far it is and when it is reached; "" where no question has a scale."""
    so_far = reached(asked, wanted)
    if not so_far.of:
        return ""
    if so_far.done == so_far.of:
        return _("Every question has that many answers already.")
    words = ngettext(
        "%(done)d of %(n)d question has that many.", "%(done)d of %(n)d questions have that many.",
        so_far.of,
    ) % {"done": so_far.done, "n": so_far.of}  # fmt: skip
    return f"{words} {_pace(asked, so_far)}"


def _pace(asked: Asked, so_far: Reached) -> str:
    if not asked.is_open:
        return _("The survey is not open, so no date can be given.")
    if so_far.stands_still:
        return _("Some got no answer in the last four weeks, so no date can be given.")
    days = so_far.days or 0
    if days > LONGEST:
        return _("At the pace of the last four weeks the slowest takes more than two years.")
    day = date_format(timezone.localdate() + dt.timedelta(days=days), "DATE_FORMAT")
    return _("At the pace of the last four weeks all have it by about %(day)s.") % {"day": day}
