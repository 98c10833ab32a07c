"""Import, first two steps: the file, and what is in each column."""

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cxm.access import WorkspaceRequest, workspace_view
from cxm.tabular import TableError
from surveys import imports
from surveys.columns import Choice, Column, Draft, Profile, mapping_of
from surveys.columns.choice import OWN
from surveys.columns.pages import BECOMES, ColumnsPage
from surveys.columns.reading import Recognised
from surveys.columns.suggesting import date_formats
from surveys.forms import UploadForm
from surveys.mapping import MappingError
from surveys.models import Import, Source
from surveys.vendors import VENDORS
from touchpoints.merging import spoken_names

_SURVEY_FIELDS = {"name": 160, "language": 8, "source": 12, "day": 10}


@workspace_view("import")
@require_http_methods(["GET", "POST"])
def import_upload(request: WorkspaceRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = imports.receive(
                workspace=request.workspace,
                user=request.user,
                file=form.cleaned_data["file"],
                mapping=form.mapping,
                rule=form.rule,
            )
        except TableError as error:
            form.add_error("file", error.message)
        else:
            if run.result.get("exact"):
                imports.check(run)
                return _to("import-check", request, run)
            return _to("import-columns", request, run)
    status = 422 if request.method == "POST" else 200
    return render(request, "surveys/import_upload.html", {"form": form, "step": 1}, status=status)


@workspace_view("import")
@require_http_methods(["GET", "POST"])
def import_columns(request: WorkspaceRequest, run: int) -> HttpResponse:
    with transaction.atomic():
        # Two changes at once would otherwise overwrite each other's choice.
        locked = Import.objects.select_for_update(of=("self",)) if request.POST else Import.objects
        chosen = get_object_or_404(locked, pk=run)
        if chosen.state not in imports.OPEN or "profile" not in chosen.result:
            return _to("import-run", request, chosen)
        draft, profile = imports.draft_in(chosen), imports.profile_of(chosen)
        if request.method == "POST":
            _change(draft, profile, request.POST)
            imports.keep_draft(chosen, draft)
    if request.method == "POST" and "check" in request.POST:
        return _check(request, chosen, draft, profile)
    if request.method == "POST" and not request.htmx:
        return HttpResponseRedirect(request.get_full_path())
    page = _page(request, chosen, draft, profile)
    if request.method == "POST":
        context = {"page": page, "row": page.row(request.GET.get("row", ""))}
        return render(request, "surveys/import_columns.html#changed", context)
    return render(request, "surveys/import_columns.html", _context(page))


def _check(request: WorkspaceRequest, run: Import, draft: Draft, profile: Profile) -> HttpResponse:
    try:
        mapping_of(draft, imports.rule_of(run))
    except MappingError:
        page = _page(request, run, draft, profile)
        return render(request, "surveys/import_columns.html", _context(page), status=422)
    imports.check(run)
    return _to("import-check", request, run)


def _change(draft: Draft, profile: Profile, form: Any) -> None:
    """Put what the form says into the draft; rows that it does not name stay."""
    for key, limit in _SURVEY_FIELDS.items():
        if (value := form.get(key)) is not None:
            setattr(draft, key, _storable(value).strip()[:limit])
    if "by_content-shown" in form:
        draft.by_content = "by_content" in form
    if draft.source not in Source.values:
        draft.source = str(Source.IMPORT)
    rows: dict[int, dict[str, str]] = {}
    for key, value in form.items():
        number, _sign, name = key.partition("-")
        if number[:1] == "c" and number[1:].isdecimal() and len(number) < 8:
            rows.setdefault(int(number[1:]), {})[name] = _storable(value)[:4000]
    for index, values in rows.items():
        if index < len(profile.columns):
            column = profile.columns[index].name
            old = draft.choices[column]
            draft.choices[column] = new = _choice(old, values, profile.columns[index])
            _share_name(draft, old, new)


def _share_name(draft: Draft, old: Choice, new: Choice) -> None:
    """The text of a question stands in each of its options: all of them get the new one."""
    if not (new.is_part and new.group and old.group == new.group):
        return
    for name, choice in draft.choices.items():
        if choice.is_part and choice.group == new.group:
            draft.choices[name] = replace(
                choice, name=new.name, touchpoint=new.touchpoint, blank=new.blank
            )


def _storable(text: str) -> str:
    """Without NUL, which PostgreSQL keeps in no text."""
    return text.replace("\0", "")


def _choice(old: Choice, values: dict[str, str], column: Column) -> Choice:
    known = {*dict(BECOMES), OWN} if old.own else {*dict(BECOMES)}
    if values.get("becomes", "") not in known:
        values.pop("becomes", None)
    if month := values.pop("month", ""):
        values |= {"prefix": f"{month}-", "format": "%Y-%m-%d"}
    new = old.changed(values)
    if new == old or new.becomes == old.becomes:
        return new
    return _begun(new, column)


def _begun(new: Choice, column: Column) -> Choice:
    """What a column becomes, with what is needed then as far as its cells say it."""
    scale = {
        "nps": ("0", "10"), "ces": ("1", "7"), "csat": ("1", "5"), "rating": ("1", "5"),
        "faces": ("1", "5"),
    }  # fmt: skip
    low, high = scale.get(new.becomes, ("", ""))
    said = {"low": low, "high": high, "scores": "", "times": "", "format": ""}
    said["text"] = new.text or (column.name if new.is_question or new.is_part else "")
    if new.becomes == "date":
        found = date_formats(column)
        said["format"] = "" if len(found) > 1 else found[0] if found else "%Y-%m-%d"
    if new.is_joined and column.joined and not new.values:
        joined = column.joined
        said |= {"values": "\n".join(joined.options), "separator": joined.separator}
        said["other"] = _("Other") if joined.has_others else ""
    if not new.is_part:
        said["group"] = ""
    if new.becomes == OWN:
        said["text"] = str(new.own["text"])
    return Choice(**vars(new) | said)


def _page(request: WorkspaceRequest, run: Import, draft: Draft, profile: Profile) -> ColumnsPage:
    touchpoints = spoken_names(request.workspace.pk)
    try:
        mapping_of(draft, imports.rule_of(run))
        problems: list[str] = []
    except MappingError as error:
        problems = error.problems
    names = [(key, str(vendor.name)) for key, vendor in VENDORS.items()]
    return ColumnsPage(
        run=run,
        draft=draft,
        profile=profile,
        touchpoints=touchpoints,
        problems=problems,
        show=request.GET.get("show", ""),
        recognised=Recognised.of(run.result, names),
        others=list(Import.objects.filter(state__in=imports.WAITING)[:3]),
    )


def _context(page: ColumnsPage) -> dict[str, Any]:
    return {"page": page, "becomes": BECOMES, "sources": Source.choices, "step": 2}


def _to(name: str, request: WorkspaceRequest, run: Import) -> HttpResponse:
    address = reverse(
        f"surveys:{name}", kwargs={"workspace": request.workspace.slug, "run": run.pk}
    )
    return redirect(address)
