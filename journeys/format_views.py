"""Maps from files and to files: import with a preview, export that says what a format keeps."""

import base64
import zlib
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.downloads import attachment
from cxm.forms import sent
from cxm.models import Workspace
from journeys.formats import grid, mermaid
from journeys.formats.content import MAX_BYTES, Content, FormatError
from journeys.formats.json_map import write_json
from journeys.formats.loading import load_content
from journeys.formats.preview import preview_of, with_kinds
from journeys.formats.recognition import Read, read
from journeys.formats.storing import match, store
from journeys.models import Journey, LaneKind
from touchpoints.merging import spoken_names

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_signer = signing.Signer(salt="journeys.map-import")


class ImportForm(forms.Form):
    """A file, or a text pasted from elsewhere."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        widget=forms.ClearableFileInput(
            attrs={"accept": ".json,.xlsx,.csv,.tsv,.txt,.mmd,.mermaid,.md,.toml"}
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "inp code"}),
        help_text=gettext_lazy("A Mermaid diagram, cells of a spreadsheet, or JSON."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("file") and not cleaned.get("text", "").strip():
            self.add_error("file", _("Choose a file, or paste a text below."))
        return cleaned

    @property
    def source(self) -> tuple[bytes, str]:
        """The bytes, one more than may be read, and what the file is called."""
        file: UploadedFile[Any] | None = self.cleaned_data.get("file")
        if file:
            return file.read(MAX_BYTES + 1), file.name or ""
        return self.cleaned_data["text"].encode("utf-8", "replace"), ""


class CheckForm(forms.Form):
    """What a person decides after the preview; ``carried`` is the file itself."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    missing = forms.ChoiceField(
        label=gettext_lazy("Touchpoints that the catalogue does not have"),
        choices=[
            ("cards", gettext_lazy("keep as cards in a lane of notes")),
            ("nothing", gettext_lazy("leave out")),
        ],
        initial="cards",
    )


@workspace_view("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def map_import(request: WorkspaceRequest) -> HttpResponseBase:
    """Take a file or a text and show what would become of it; nothing is stored."""
    form = ImportForm(sent(request), request.FILES if request.method == "POST" else None)
    if form.is_valid():
        data, name = form.source
        try:
            found = _read(data, name, request.workspace)
        except FormatError as error:
            for problem in error.problems:
                form.add_error("file" if form.cleaned_data.get("file") else "text", problem)
        else:
            return _check_page(request, found, _carried(data, name))
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/map_import.html", _import(form), status=status)


def _import(form: ImportForm) -> dict[str, Any]:
    return {"form": form, "kinds": LaneKind.choices}


def _read(data: bytes, name: str, workspace: Workspace) -> Read:
    return read(data, name=name, catalogue=tuple(spoken_names(workspace.pk)))


def _check_page(
    request: WorkspaceRequest, found: Read, carried: str, form: CheckForm | None = None
) -> HttpResponse:
    content = found.content
    matches = match(content, request.workspace)
    context = {
        "form": form or CheckForm(initial={"title": content.title}),
        "carried": carried,
        "preview": preview_of(found, matches),
    }
    status = 422 if form is not None else 200
    return render(request, "journeys/map_import_check.html", context, status=status)


@workspace_view("edit")
@require_POST
def map_import_run(request: WorkspaceRequest) -> HttpResponseBase:
    """Make the map that the preview showed: all of it, as one event, or nothing."""
    carried, decided = request.POST.get("carried", ""), request.POST.copy()
    # Only asked where something is missing.
    decided.setdefault("missing", "cards")
    form = CheckForm(decided)
    try:
        data, name = _uncarried(carried)
        found = _read(data, name, request.workspace)
    except FormatError as error:
        return _refused(request, *error.problems)
    with_kinds(found.content, request.POST)
    if not form.is_valid():
        return _check_page(request, found, carried, form)
    try:
        journey = store(
            found.content,
            workspace=request.workspace,
            actor=request.user,
            title=form.cleaned_data["title"],
            missing="nothing" if form.cleaned_data["missing"] == "nothing" else "cards",
        )
    except FormatError as error:
        return _refused(request, *error.problems)
    messages.success(request, _("“%(title)s” is made.") % {"title": journey.title})
    return redirect("journeys:journey", request.workspace.slug, journey.slug)


def _refused(request: WorkspaceRequest, *problems: str) -> HttpResponse:
    form = ImportForm({})
    form.is_valid()
    form.errors.clear()
    for problem in problems:
        form.add_error("file", problem)
    return render(request, "journeys/map_import.html", _import(form), status=422)


def _carried(data: bytes, name: str) -> str:
    """The file as a signed value of a form, so that a preview leaves nothing on the server."""
    packed = base64.urlsafe_b64encode(
        zlib.compress(name[:200].encode("utf-8", "replace") + b"\0" + data)
    )
    return _signer.sign(packed.decode())


def _uncarried(value: str) -> tuple[bytes, str]:
    try:
        packed = base64.urlsafe_b64decode(_signer.unsign(value))
        unpacked = zlib.decompressobj().decompress(packed, MAX_BYTES + 2_000)
    except (signing.BadSignature, ValueError, zlib.error) as error:
        raise FormatError(_("The file did not arrive whole. Choose it again.")) from error
    name, _zero, data = unpacked.partition(b"\0")
    return data, name.decode("utf-8", "replace")


@dataclass(frozen=True)
class Format:
    """One kind of file on the export page; ``losses`` are what it cannot hold of this map."""

    url_name: str
    name: str
    use: str
    losses: list[str]


def _journey(request: WorkspaceRequest, slug: str) -> Journey:
    return get_object_or_404(Journey, workspace=request.workspace, slug=slug)


def _too_large(content: Content) -> list[str]:
    """Pictures are a third larger as text; a file beyond the limit could not be read again."""
    size = sum(len(file.data) for file in content.files.values()) * 4 // 3
    if size < MAX_BYTES - 500_000:
        return []
    words = _("With its pictures the file has about %(n)s MB; files of up to 5 MB can be imported.")
    return [words % {"n": round(size / 1024**2) or 1}]


@workspace_view("export")
@require_safe
def map_export(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """Every format of data, what it is good for, and in words what of this map it loses."""
    found = _journey(request, journey)
    content = load_content(found)
    formats = [
        Format("journeys:map-json", "JSON", _("Everything, to bring it to another workspace."),
               _too_large(content)),
        Format("journeys:map-xlsx", "XLSX", _("For spreadsheets: the map as a grid, the rest on"
               " further sheets. Change it there and import it again."),
               grid.losses(content, "xlsx")),
        Format("journeys:map-csv", "CSV", _("The grid alone, for every program that reads tables."),
               grid.losses(content, "csv")),
        Format("journeys:map-mermaid", "Mermaid", _("A journey diagram as text, for wikis and"
               " repositories."), mermaid.losses(content)),
    ]  # fmt: skip
    context = {"journey": found, "formats": formats, "diagram": mermaid.write_mermaid(content)}
    return render(request, "journeys/map_export.html", context)


@workspace_view("export")
@require_safe
def map_json(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    found = _journey(request, journey)
    text = write_json(load_content(found))
    return attachment(text, name=f"{found.slug}.json", content_type="application/json")


@workspace_view("export")
@require_safe
def map_xlsx(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    found = _journey(request, journey)
    response = HttpResponse(grid.write_grid_xlsx(load_content(found)), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{found.slug}.xlsx"'
    return response


@workspace_view("export")
@require_safe
def map_csv(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    found = _journey(request, journey)
    text = "".join(grid.write_grid_csv(load_content(found)))
    return attachment(text, name=f"{found.slug}.csv", content_type="text/csv")


@workspace_view("export")
@require_safe
def map_mermaid(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    found = _journey(request, journey)
    text = mermaid.write_mermaid(load_content(found))
    return attachment(text, name=f"{found.slug}.mmd", content_type="text/plain")
