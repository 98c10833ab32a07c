"""The catalogue of touchpoints: list, side panel, form, retirement."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from touchpoints import catalogue as actions
from touchpoints import merging, words
from touchpoints.filters import SORTS, Filter
from touchpoints.forms import TouchpointForm
from touchpoints.models import Channel, Lifecycle, MediaType, Touchpoint

PER_PAGE = 100


@workspace_view("read")
@require_safe
def catalogue(request: WorkspaceRequest) -> HttpResponse:
    """All touchpoints that the address asks for; as a fragment when only the filter changed."""
    page = _list(request)
    if _wants(request, "catalogue"):
        response = render(request, "touchpoints/catalogue.html#results", page | {"fragment": True})
        response["HX-Push-Url"] = request.path + page["filter"].query()
    else:
        response = render(request, "touchpoints/catalogue.html", page)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


@workspace_view("read")
@require_safe
def touchpoint(request: WorkspaceRequest, touchpoint: int) -> HttpResponse:
    """One touchpoint beside the list; on a phone a page of its own."""
    found = _found(touchpoint)
    if _wants(request, "panel"):
        shown = Filter.of(request.GET)
        page = {"touchpoint": found, "filter": shown, "query": shown.query()}
        response = render(request, "touchpoints/_panel.html", page)
    else:
        page = _list(request) | {"touchpoint": found}
        response = render(request, "touchpoints/touchpoint.html", page)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


@workspace_view("catalogue")
@require_http_methods(["GET", "HEAD", "POST"])
def touchpoint_create(request: WorkspaceRequest) -> HttpResponse:
    """A new touchpoint."""
    return _form(request, Touchpoint(), "touchpoints/touchpoint_create.html")


@workspace_view("catalogue")
@require_http_methods(["GET", "HEAD", "POST"])
def touchpoint_edit(request: WorkspaceRequest, touchpoint: int) -> HttpResponse:
    """Every field of one touchpoint."""
    return _form(request, _found(touchpoint), "touchpoints/touchpoint_edit.html")


@workspace_view("catalogue")
@require_http_methods(["GET", "HEAD", "POST"])
def touchpoint_split(request: WorkspaceRequest, touchpoint: int) -> HttpResponse:
    """A new touchpoint out of another one, which keeps the answers given so far."""
    old = _found(touchpoint)
    new = Touchpoint(split_from=old, channel=old.channel)
    for field in ("media_type", "contact", "stage", "owner", "influence"):
        setattr(new, field, getattr(old, field))
    return _form(request, new, "touchpoints/touchpoint_split.html")


@workspace_view("catalogue")
@require_POST
def touchpoint_retirement(request: WorkspaceRequest, touchpoint: int) -> HttpResponse:
    """Take a touchpoint out of use, or with ``return=1`` back into it; its answers stay."""
    found = _found(touchpoint)
    back = request.POST.get("return") == "1"
    if back:
        merging.use_again(found)
    else:
        found.lifecycle = Lifecycle.RETIRED
        found.save(update_fields=["lifecycle", "updated_at"])
    words = _("%(name)s is in use again") if back else _("%(name)s is retired; its answers stay")
    messages.success(request, words % {"name": found.name})
    return redirect(_address(request, found))


def _form(request: WorkspaceRequest, touchpoint: Touchpoint, template: str) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    title = touchpoint.name
    form = TouchpointForm(data, instance=touchpoint)
    if data is not None and form.is_valid() and _keep(request, form):
        messages.success(request, _("%(name)s is saved") % {"name": form.instance.name})
        return redirect(_address(request, form.instance))
    page = {
        "form": form,
        "title": title,
        "touchpoint": touchpoint,
        "channels": form.known_channels(),
        "owners": form.known_owners(),
    }
    return render(request, template, page, status=422 if form.errors else 200)


def _keep(request: WorkspaceRequest, form: TouchpointForm) -> bool:
    """Store a valid form; two people may give the same name at the same moment."""
    channel = words.tidied(form.cleaned_data["channel_name"])
    try:
        actions.keep_touchpoint(
            workspace=request.workspace, touchpoint=form.instance, channel=channel
        )
    except IntegrityError:
        form.add_error("name", _("Somebody stored the same name a moment ago. Look again."))
        return False
    return True


def _found(pk: int) -> Touchpoint:
    rows = Touchpoint.objects.select_related("channel", "merged_into", "split_from")
    found: Touchpoint = get_object_or_404(rows.prefetch_related("aliases"), pk=pk)
    return found


def _address(request: WorkspaceRequest, touchpoint: Touchpoint) -> str:
    names = {"workspace": request.workspace.slug, "touchpoint": touchpoint.pk}
    return reverse("touchpoints:touchpoint", kwargs=names)


def _wants(request: HttpRequest, part: str) -> bool:
    """Whether only this part of the page is asked for; going back needs the whole page."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx and not htmx.history_restore_request and htmx.target == part)


def _list(request: WorkspaceRequest) -> dict[str, Any]:
    """Everything the list shows, as plain values."""
    shown = Filter.of(request.GET)
    pages = Paginator(shown.rows(), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    return {
        "filter": shown,
        "query": shown.query(),
        "exports": {kind: shown.query(format=kind) for kind in ("csv", "xlsx")},
        "page": page,
        "rows": list(page.object_list),
        "counts": shown.counts(),
        "kinds": MediaType.choices,
        "lifecycles": Lifecycle.choices,
        "channels": sorted(
            Channel.objects.values_list("pk", "name"), key=lambda row: words.folded(row[1])
        ),
        "owners": TouchpointForm.known_owners(),
        "sorts": _sort_links(shown),
    }


def _sort_links(shown: Filter) -> dict[str, dict[str, str]]:
    """Per column: what a click on its head asks for, and how it is sorted now."""
    now = {shown.sort.removeprefix("-"): "descending" if shown.sort[0] == "-" else "ascending"}
    return {
        name: {
            "query": shown.query(sort=f"-{name}" if shown.sort == name else name),
            "now": now.get(name, ""),
        }
        for name in SORTS
    }
