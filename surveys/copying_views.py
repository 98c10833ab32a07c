"""A survey copied or removed; ``create_views`` begins one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cxm.access import WorkspaceRequest, workspace_view
from surveys import building
from surveys.building import BuildError
from surveys.building_views import address, survey_of
from surveys.models import Filling, Response


@workspace_view("edit")
@require_POST
def survey_copy(request: WorkspaceRequest, survey: int) -> HttpResponse:
    try:
        new = building.copy_survey(survey=survey_of(survey), by=request.user)
    except BuildError as error:
        messages.error(request, str(error))
        return redirect("surveys:surveys", workspace=request.workspace.slug)
    messages.success(request, _("Copied: the questions, not the answers."))
    return redirect(address(new))


@workspace_view("edit")
@require_POST
def survey_removal(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """Only what was never opened can go: no answer may lose its question."""
    found = survey_of(survey)
    known = {"survey_id": found.pk}
    used = found.versions.exists() or Response.objects.filter(**known).exists()
    if used or Filling.objects.filter(**known).exists():
        messages.error(request, _("It was open to people, so it stays. Close it instead."))
        return redirect(address(found))
    name = found.name
    found.delete()
    messages.success(request, _("“%(name)s” was removed.") % {"name": name})
    return redirect("surveys:surveys", workspace=request.workspace.slug)
