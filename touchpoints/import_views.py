"""Touchpoints in and out as tables: upload, preview, confirmation, export."""

from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.downloads import csv_attachment
from cxm.tabular import TableError, write_xlsx
from touchpoints import importing, previews, words
from touchpoints.filters import Filter
from touchpoints.forms import UploadForm
from touchpoints.importing import Change
from touchpoints.models import ContactKind, Influence, Lifecycle, MediaType, Stage

_SHOWN = 200
_LABELS: dict[str, dict[str, Any]] = {
    "media_type": dict(MediaType.choices),
    "contact": dict(ContactKind.choices),
    "stage": dict(Stage.choices),
    "influence": dict(Influence.choices),
    "lifecycle": dict(Lifecycle.choices),
}


@workspace_view("catalogue")
@require_http_methods(["GET", "HEAD", "POST"])
def import_upload(request: WorkspaceRequest) -> HttpResponse:
    """Choose a file; nothing is stored in the catalogue before its preview is confirmed."""
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            importing.plan(file, name=file.name)
        except TableError as error:
            form.add_error("file", error.message)
        else:
            token = previews.keep(file, workspace=request.workspace, user=request.user)
            return redirect("touchpoints:import-check", request.workspace.slug, token)
    page = {"form": form, "fields": words.FIELDS}
    return render(request, "touchpoints/import.html", page, status=422 if form.errors else 200)


@workspace_view("catalogue")
@require_safe
def import_check(request: WorkspaceRequest, token: str) -> HttpResponse:
    """What the file would change, field by field, and what stands in its way, by line."""
    path, title = _preview(request, token)
    return render(request, "touchpoints/import_check.html", _shown(path, title, token))


@workspace_view("catalogue")
@require_POST
def import_run(request: WorkspaceRequest, token: str) -> HttpResponse:
    """Store the file in one transaction, compared anew with what the catalogue says now."""
    path, title = _preview(request, token)
    try:
        with path.open("rb") as file:
            outcome = importing.run(file, workspace=request.workspace, name=title)
    except TableError as error:
        messages.error(request, error.message)
        return redirect("touchpoints:import", request.workspace.slug)
    if outcome.faults:
        page = _shown(path, title, token)
        return render(request, "touchpoints/import_check.html", page, status=422)
    previews.drop(path)
    messages.success(request, _told(len(outcome.new), len(outcome.changed)))
    return redirect("touchpoints:catalogue", request.workspace.slug)


@workspace_view("export")
@require_safe
def export(request: WorkspaceRequest) -> HttpResponseBase:
    """The touchpoints that the address asks for as ``format=csv`` or ``xlsx``; reads back in."""
    rows = (
        [importing.stored(row, f) for f in words.FIELDS]
        for row in Filter.of(request.GET).rows().filter(merged_into=None)
    )
    name = f"touchpoints-{request.workspace.slug}"
    if request.GET.get("format") == "xlsx":
        target = BytesIO()
        write_xlsx(target, list(words.FIELDS), rows, sheet=str(_("Touchpoints")))
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename=f"{name}.xlsx")
    return csv_attachment(f"{name}.csv", list(words.FIELDS), rows)


def _preview(request: WorkspaceRequest, token: str) -> tuple[Path, str]:
    found = previews.find(token, workspace=request.workspace, user=request.user)
    if found is None:
        raise Http404
    return found


def _shown(path: Path, title: str, token: str) -> dict[str, Any]:
    with path.open("rb") as file:
        plan = importing.plan(file, name=title)
    return {
        "plan": plan,
        "title": title,
        "token": token,
        "new": [_in_words(change) for change in plan.new[:_SHOWN]],
        "changed": [_in_words(change) for change in plan.changed[:_SHOWN]],
        "faults": plan.faults[:_SHOWN],
        "limit": _SHOWN,
    }


def _in_words(change: Change) -> dict[str, Any]:
    """One line of the preview with the words of the page's language."""
    fields = [
        {
            "label": words.FIELDS[one.field],
            "old": _word(one.field, one.old),
            "new": _word(one.field, one.new),
        }
        for one in change.fields
    ]
    return {"line": change.line, "name": change.name, "fields": fields}


def _word(field: str, value: str) -> str:
    return str(_LABELS.get(field, {}).get(value, value))


def _told(new: int, changed: int) -> str:
    if not new and not changed:
        return _("Nothing to change: the catalogue says the same as the file")
    added = ngettext("%(n)d touchpoint added", "%(n)d touchpoints added", new) % {"n": new}
    other = ngettext("%(n)d changed", "%(n)d changed", changed) % {"n": changed}
    return f"{added}, {other}"
