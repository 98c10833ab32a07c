"""Import: what wrote the file, and which of its rows are answers, when the guess was wrong."""

from dataclasses import replace

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from cxm.access import WorkspaceRequest, workspace_view
from cxm.tabular import TableError
from surveys import imports, vendors
from surveys.columns.reading import KINDS_OF_ROWS
from surveys.models import Import


@workspace_view("import")
@require_POST
def import_reading(request: WorkspaceRequest, run: int) -> HttpResponse:
    """Read the uploaded file anew as a person says; the choices stay where the columns do."""
    with transaction.atomic():
        chosen = get_object_or_404(Import.objects.select_for_update(of=("self",)), pk=run)
        if chosen.state not in imports.OPEN or "profile" not in chosen.result:
            return redirect("surveys:import-run", workspace=request.workspace.slug, run=run)
        key = request.POST.get("vendor", "")
        vendor = vendors.VENDORS.get(key)
        left_out = tuple(kind for kind in KINDS_OF_ROWS if f"out-{kind}" in request.POST)
        before = imports.rule_of(chosen)
        if vendor and before.vendor != key:
            left_out = vendor.left_out
        rule = replace(before, vendor=key if vendor else "", left_out=left_out if vendor else ())
        try:
            imports.read_again(chosen, rule)
        except TableError as error:
            messages.error(request, error.message)
    return redirect("surveys:import-columns", workspace=request.workspace.slug, run=run)
