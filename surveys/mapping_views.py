"""Mappings: kept under a name, handed out as TOML, removed."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.downloads import attachment
from surveys import imports
from surveys.forms import MappingNameForm
from surveys.models import Import, SavedMapping


@workspace_view("import")
@require_POST
def mapping_save(request: WorkspaceRequest, run: int) -> HttpResponse:
    chosen = get_object_or_404(Import, pk=run)
    if not chosen.mapping:
        raise Http404
    form = MappingNameForm(request.POST)
    if not form.is_valid():
        context = {"run": chosen, "form": form, "step": 4}
        return render(request, "surveys/mapping_save.html", context, status=422)
    name = form.cleaned_data["name"]
    imports.save_mapping(workspace=request.workspace, name=name, toml=chosen.mapping)
    messages.success(request, _("The mapping “%(name)s” is saved.") % {"name": name})
    return redirect("surveys:import-run", workspace=request.workspace.slug, run=chosen.pk)


@workspace_view("import")
@require_safe
def import_mapping(request: WorkspaceRequest, run: int) -> HttpResponse:
    chosen = get_object_or_404(Import, pk=run)
    if not chosen.mapping:
        raise Http404
    return _toml(chosen.mapping, chosen.file_name.rpartition(".")[0] or "mapping")


@workspace_view("import")
@require_safe
def mapping(request: WorkspaceRequest, mapping: int) -> HttpResponse:
    saved = get_object_or_404(SavedMapping, pk=mapping)
    return _toml(saved.toml, saved.name)


@workspace_view("import")
@require_POST
def mapping_removal(request: WorkspaceRequest, mapping: int) -> HttpResponse:
    saved = get_object_or_404(SavedMapping, pk=mapping)
    saved.delete()
    messages.success(request, _("The mapping “%(name)s” was removed.") % {"name": saved.name})
    return redirect("surveys:surveys", workspace=request.workspace.slug)


def _toml(text: str, name: str) -> HttpResponse:
    file_name = f"{slugify(name) or 'mapping'}.toml"
    return attachment(text, name=file_name, content_type="application/toml")
