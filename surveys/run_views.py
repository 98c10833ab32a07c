"""Import, last two steps: check what will happen, store it and watch."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from surveys import imports
from surveys.forms import MappingNameForm
from surveys.models import Import


@workspace_view("import")
@require_safe
def import_check(request: WorkspaceRequest, run: int) -> HttpResponse:
    chosen = get_object_or_404(Import, pk=run)
    if chosen.state not in imports.OPEN:
        return _to("import-run", request, chosen)
    check = chosen.result.get("check")
    if check is None:
        return _to("import-columns", request, chosen)
    context = {"run": chosen, "check": check, "step": 3, "errors": check["errors"][:50]}
    context["steps"] = [
        choice.step for choice in imports.draft_in(chosen).choices.values() if choice.step
    ]
    return render(request, "surveys/import_check.html", context)


@workspace_view("import")
@require_safe
def import_errors(request: WorkspaceRequest, run: int) -> HttpResponseBase:
    """Every cell that is not stored, as CSV."""
    path = imports.errors_file(get_object_or_404(Import, pk=run))
    if not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename="errors.csv", content_type="text/csv"
    )


@workspace_view("import")
@require_POST
def import_start(request: WorkspaceRequest, run: int) -> HttpResponse:
    chosen = get_object_or_404(Import, pk=run)
    check = chosen.result.get("check")
    if chosen.state in imports.OPEN and (not check or check["problems"] or not chosen.mapping):
        messages.error(request, _("Check the columns first."))
        return _to("import-columns", request, chosen)
    imports.start(chosen)
    return _to("import-run", request, chosen)


@workspace_view("import")
@require_safe
def import_run(request: WorkspaceRequest, run: int) -> HttpResponse:
    chosen = get_object_or_404(Import, pk=run)
    if chosen.state == Import.State.UPLOADED and "profile" in chosen.result:
        return _to("import-check", request, chosen)
    context = {
        "run": chosen,
        "result": chosen.result,
        "is_waiting": chosen.state in imports.WAITING,
        "errors": chosen.result.get("errors", [])[:20],
        "has_errors_file": imports.errors_file(chosen).is_file(),
        "form": MappingNameForm(
            initial={"name": chosen.result.get("survey") or chosen.file_name[:160]}
        ),
        "step": 4,
    }
    if not request.htmx:
        return render(request, "surveys/import_run.html", context)
    response = render(request, "surveys/import_run.html#state", context)
    if not context["is_waiting"]:
        # The end brings more than the state: errors, the mapping to keep.
        response["HX-Refresh"] = "true"
    return response


@workspace_view("import")
@require_POST
def import_stop(request: WorkspaceRequest, run: int) -> HttpResponse:
    chosen = get_object_or_404(Import, pk=run)
    if imports.stop(chosen):
        messages.success(request, _("Stopped. Nothing was stored."))
    else:
        messages.error(request, _("The import had ended already."))
    return _to("import-run", request, chosen)


@workspace_view("import")
@require_POST
def import_removal(request: WorkspaceRequest, run: int) -> HttpResponse:
    """Throw an upload away; answers that are stored stay."""
    chosen = get_object_or_404(Import, pk=run)
    if chosen.state in imports.WAITING:
        messages.error(request, _("Stop the import first."))
        return _to("import-run", request, chosen)
    imports.discard(chosen)
    messages.success(request, _("The upload was thrown away. Stored answers stay."))
    return redirect("surveys:surveys", workspace=request.workspace.slug)


def _to(name: str, request: WorkspaceRequest, run: Import) -> HttpResponse:
    return redirect(f"surveys:{name}", workspace=request.workspace.slug, run=run.pk)
