"""What holds for a survey as a whole: its settings, opening, closing, versions."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from surveys import building, publishing
from surveys.builder_page import list_row
from surveys.building import BuildError
from surveys.building.posted import Form
from surveys.building.surveys import TEXT_NAMES
from surveys.building_views import address, changed, refused, survey_of
from surveys.models import Survey, Version
from surveys.publishing import NotReadyError
from surveys.questionnaire import from_json
from touchpoints.models import Segment


@workspace_view("edit")
@require_POST
def survey_edit(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """Save the settings; ``op`` adds or removes a language or makes one the first."""
    found = survey_of(survey)
    try:
        building.change_survey(survey=found, **_settings(request, found))
        if "quotas" in request.POST.getlist("shows"):
            building.set_quotas(survey=found, limits_by_segment=_quotas(request))
    except BuildError as error:
        return refused(request, found, "settings", error)
    anew = bool(request.POST.get("op") or request.POST.get("language-new"))
    return changed(request, found, "settings", anew=anew)


def _settings(request: WorkspaceRequest, survey: Survey) -> dict[str, Any]:
    form = Form(request.POST)
    found: dict[str, Any] = {}
    if form.one("name").strip():
        found["name"] = form.one("name")
    for name in ("max_answers", "cap", "min_answers", "min_verbatims"):
        if name in request.POST:
            found[name] = form.whole(name)
    for name in ("opens_at", "closes_at"):
        if name in request.POST:
            found[name] = _moment(form.one(name))
    if form.one("anonymity") in ("anonymous", "personal"):
        found["is_anonymous"] = form.one("anonymity") == "anonymous"
    texts = {part: form.by_language(part) for part in TEXT_NAMES}
    found["texts"] = {part: words for part, words in texts.items() if words}
    return found | _languages(form, survey, found["texts"])


def _languages(form: Form, survey: Survey, texts: dict[str, Any]) -> dict[str, Any]:
    op, new = form.one("op"), form.one("language-new")
    spoken = survey.all_languages
    if op.startswith("language-remove-") and len(spoken) > 1:
        gone = op.removeprefix("language-remove-")
        for words in texts.values():
            words.pop(gone, None)
        rest = [code for code in spoken if code != gone]
        return {"language": rest[0], "languages": rest[1:]}
    if op.startswith("language-first-"):
        first = op.removeprefix("language-first-")
        if first in spoken:
            return {"language": first, "languages": [code for code in spoken if code != first]}
    if new:
        return {"language": survey.language, "languages": [*survey.languages, new]}
    return {}


def _moment(said: str) -> dt.datetime | None:
    """What a date and time field says, in the time zone of the pages."""
    if not said.strip():
        return None
    try:
        found = parse_datetime(said.strip())
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2200:
        raise BuildError(_("This is not a date."))
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def _quotas(request: WorkspaceRequest) -> dict[Segment, int]:
    form = Form(request.POST)
    pks = form.numbers(r"quota-(\d+)\Z")
    known = Segment.objects.in_bulk(pks)
    if len(known) < len(pks):
        raise BuildError(_("This segment is not in the workspace."))
    said = {known[pk]: form.whole(f"quota-{pk}") for pk in pks}
    return {segment: limit for segment, limit in said.items() if limit is not None}


@workspace_view("edit")
@require_POST
def publication(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """Open the survey with its draft as the next version; 422 with the reasons if it cannot be."""
    found = survey_of(survey)
    note = request.POST.get("note", "").replace("\0", "").strip()[:300]
    try:
        version = publishing.publish(survey=found, by=request.user, note=note)
    except NotReadyError as error:
        return refused(request, found, "opening", BuildError(str(error)))
    words = _("The survey is open: version %(n)d is what people answer now.")
    messages.success(request, words % {"n": version.number})
    return redirect(address(found))


@workspace_view("edit")
@require_POST
def closing(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """Nobody can answer any more; everything that was answered stays."""
    found = survey_of(survey)
    publishing.close(survey=found)
    messages.success(request, _("The survey is closed. Its answers stay."))
    return redirect(address(found))


@workspace_view("edit")
@require_POST
def reopening(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """People can answer again, the version that was open before."""
    found = survey_of(survey)
    publishing.reopen(survey=found)
    if found.state == Survey.State.OPEN:
        messages.success(request, _("The survey is open again."))
    return redirect(address(found))


@workspace_view("read")
@require_safe
def version(request: WorkspaceRequest, survey: int, number: int) -> HttpResponse:
    """A questionnaire as it was answered, to read."""
    found = survey_of(survey)
    stored = get_object_or_404(
        Version.objects.select_related("published_by"), survey=found, number=number
    )
    definition = from_json(stored.definition)
    context = {
        "survey": found,
        "version": stored,
        "language": definition.languages[0],
        "rows": [list_row(item, definition) for item in definition.items],
    }
    return render(request, "surveys/version.html", context)
