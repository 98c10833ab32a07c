"""Workspaces, their settings, and the preferences of a person."""

from django.conf import settings as django_settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cxm import people
from cxm.access import WorkspaceRequest, workspace_view
from cxm.forms import ProfileForm, SettingsForm, WorkspaceForm, sent
from cxm.models import Language, Membership, Theme, User, Workspace

_YEAR = 365 * 24 * 3600


def _person(request: HttpRequest) -> User:
    """The signed-in person, behind ``login_required``."""
    assert isinstance(request.user, User)
    return request.user


@require_safe
@login_required
def workspaces(request: HttpRequest) -> HttpResponse:
    """Where one arrives after sign-in; whoever belongs to one workspace goes straight to it."""
    memberships = list(
        Membership.objects.filter(user=_person(request))
        .select_related("workspace")
        .order_by("workspace__name")
    )
    if len(memberships) == 1:
        return redirect("journeys:home", workspace=memberships[0].workspace.slug)
    return render(request, "cxm/workspaces.html", {"memberships": memberships})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def workspace_create(request: HttpRequest) -> HttpResponse:
    """A new workspace; whoever creates it becomes its admin."""
    form = WorkspaceForm(sent(request), initial={"language": translation.get_language() or "en"})
    if request.method == "POST" and form.is_valid():
        workspace = people.found_workspace(
            name=form.cleaned_data["name"],
            language=form.cleaned_data["language"],
            founder=_person(request),
        )
        return redirect("journeys:home", workspace=workspace.slug)
    return render(
        request, "cxm/workspace_create.html", {"form": form}, status=422 if form.errors else 200
    )


@workspace_view("manage")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: WorkspaceRequest) -> HttpResponse:
    """Name, language and the least number of answers that a figure needs."""
    # A copy of its own: an invalid form would change the name that the frame shows.
    workspace = Workspace.objects.get(pk=request.workspace.pk)
    form = SettingsForm(sent(request), instance=workspace)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved"))
        return redirect("cxm:settings", workspace=workspace.slug)
    return render(request, "cxm/settings.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language and theme of the signed-in person."""
    person = User.objects.get(pk=_person(request).pk)
    form = ProfileForm(sent(request), instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(person.language or translation.get_language()):
            messages.success(request, _("Saved"))
        return redirect("cxm:profile")
    page = {"form": form, "workspaces": Workspace.objects.of(person)}
    return render(request, "cxm/profile.html", page, status=422 if form.errors else 200)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Read everything in another language: kept with the person, before sign-in in a cookie."""
    return _preference(
        request, "language", Language.values, cookie=django_settings.LANGUAGE_COOKIE_NAME
    )


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device: kept with the person, before sign-in in a cookie."""
    return _preference(request, "theme", Theme.values, cookie="theme")


def _preference(
    request: HttpRequest, name: str, allowed: list[str], *, cookie: str
) -> HttpResponse:
    value = request.POST.get(name, "")
    if value not in allowed:
        return HttpResponse(_("There is no such choice."), status=422, content_type="text/plain")
    target = request.POST.get("next", "")
    # A path alone: ``redirect`` would take a bare word for the name of an address.
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "cxm:workspaces"
    response = redirect(target)
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(**{name: value})
    response.set_cookie(
        cookie, value, max_age=_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
    )
    return response
