"""One person's data, how long answers are kept, and the log of what was erased.

Whom somebody looks for is posted: it would otherwise stand in addresses, histories and logs.
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.downloads import attachment
from cxm.forms import sent
from cxm.models import Workspace
from cxm.templatetags.ui import number
from surveys import people_data, people_files, retention
from surveys.data_forms import ErasureForm, PersonForm, RetentionForm
from surveys.models import Erasure

AGES = (6, 12, 24, 36, 60)
_KINDS = {
    "responses": ngettext_lazy("%(n)s response", "%(n)s responses", "count"),
    "answers": ngettext_lazy("%(n)s answer", "%(n)s answers", "count"),
    "fillings": ngettext_lazy("%(n)s questionnaire", "%(n)s questionnaires", "count"),
    "contacts": ngettext_lazy("%(n)s contact", "%(n)s contacts", "count"),
    "mails": ngettext_lazy("%(n)s invitation", "%(n)s invitations", "count"),
    "cases": ngettext_lazy("%(n)s case", "%(n)s cases", "count"),
    "customers": ngettext_lazy("%(n)s customer", "%(n)s customers", "count"),
}


@workspace_view("manage")
@require_http_methods(["GET", "HEAD", "POST"])
def people_data_page(request: WorkspaceRequest) -> HttpResponse:
    """Look for a person (``asked``), and see what is held."""
    form = PersonForm(sent(request))
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "surveys/people_data.html", {"form": form}, status=status)
    return _found(request, form.cleaned_data["asked"], ErasureForm())


def _found(request: WorkspaceRequest, asked: str, erasure: ErasureForm) -> HttpResponse:
    held = people_data.find(workspace=request.workspace, asked=asked)
    context = {
        "form": PersonForm(initial={"asked": held.asked}),
        "held": held,
        "counts": _counts(held.counts),
        "erasure": erasure,
    }
    failed = erasure.is_bound
    return render(request, "surveys/people_data.html", context, status=422 if failed else 200)


def _counts(counts: dict[str, int]) -> list[str]:
    """["2 responses", "14 answers"], numbers as the language writes them."""
    return [
        words % {"count": n, "n": number(n)}
        for kind, words in _KINDS.items()
        if (n := counts.get(kind, 0))
    ]


@workspace_view("manage")
@require_POST
def person_file(request: WorkspaceRequest) -> HttpResponse:
    """What is held, as a file: ``format`` json, or html to read."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        return render(request, "surveys/people_data.html", {"form": form}, status=422)
    held = people_data.find(workspace=request.workspace, asked=form.cleaned_data["asked"])
    if request.POST.get("format") == "json":
        content = people_files.as_json(held, workspace=request.workspace)
        return attachment(content, name="personal-data.json", content_type="application/json")
    page = render(
        request,
        "surveys/person_file.html",
        {"held": held, "tables": people_files.tables(held), "workspace": request.workspace},
    )
    return attachment(page.content, name="personal-data.html", content_type="text/html")


@workspace_view("manage")
@require_POST
def person_erasure(request: WorkspaceRequest) -> HttpResponse:
    """Erase what is held of ``asked``, if ``typed`` says the same."""
    form = ErasureForm(request.POST)
    if not form.is_valid():
        asked = people_data.plain(request.POST.get("asked", ""))
        return _found(request, asked, form)
    proof = people_data.erase(
        workspace=request.workspace, asked=form.cleaned_data["asked"], by=request.user
    )
    if proof is None:
        messages.error(request, _("Nothing is held of this person. Nothing was erased."))
        return redirect("care:people-data", workspace=request.workspace.slug)
    messages.success(request, _("Erased. The figures follow; the proof names nobody."))
    return redirect("care:erasures", workspace=request.workspace.slug)


@workspace_view("manage")
@require_safe
def erasures(request: WorkspaceRequest) -> HttpResponse:
    """When something was erased, why, by whom and how much."""
    page = Paginator(Erasure.objects.select_related("done_by"), 50).get_page(
        request.GET.get("page")
    )
    rows = [(erasure, _counts(erasure.counts)) for erasure in page]
    return render(request, "surveys/erasures.html", {"page": page, "rows": rows})


@workspace_view("manage")
@require_http_methods(["GET", "HEAD", "POST"])
def retention_page(request: WorkspaceRequest) -> HttpResponse:
    """How long answers are kept, and what each age would erase tonight."""
    workspace = Workspace.objects.get(pk=request.workspace.pk)
    form = RetentionForm(sent(request), instance=workspace)
    if request.method == "POST" and form.is_valid():
        form.save()
        words = _("Saved")
        if form.goes:
            words = ngettext(
                "Saved. %(n)d response goes tonight.", "Saved. %(n)d responses go tonight.",
                form.goes,
            ) % {"n": form.goes}  # fmt: skip
        messages.success(request, words)
        return redirect("care:retention", workspace=workspace.slug)
    now = request.workspace.retention_months
    ages = sorted({*AGES, *([now] if now else [])})
    past = retention.past(ages)
    context = {
        "form": form,
        "ages": [(age, retention.cutoff(age), past[age], age == now) for age in ages],
        "now": now,
        "goes": past[now] if now else 0,
        "unfinished_days": retention.UNFINISHED_DAYS,
    }
    return render(request, "surveys/retention.html", context, status=422 if form.errors else 200)
