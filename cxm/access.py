"""Who may do what: loading the workspace is checking the right."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Literal

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django_scopes import scope

from cxm.models import Membership, Role, User, Workspace

Capability = Literal["read", "verbatims", "import", "export", "edit", "catalogue", "manage"]

_VIEWER: frozenset[Capability] = frozenset({"read"})
_ANALYST: frozenset[Capability] = _VIEWER | {"verbatims", "import", "export"}
_MARKETER: frozenset[Capability] = _ANALYST | {"edit"}
_ADMIN: frozenset[Capability] = _MARKETER | {"catalogue", "manage"}

CAPABILITIES: dict[str, frozenset[Capability]] = {
    Role.VIEWER: _VIEWER,
    Role.ANALYST: _ANALYST,
    Role.MARKETER: _MARKETER,
    Role.ADMIN: _ADMIN,
}


class Member:
    """The signed-in person in one workspace; templates ask ``member.can.edit``."""

    def __init__(self, membership: Membership) -> None:
        self.membership = membership
        self.role = membership.role
        self.capabilities = CAPABILITIES[membership.role]
        self.can: dict[str, bool] = dict.fromkeys(self.capabilities, True)


class WorkspaceRequest(HttpRequest):
    """A request that went through ``workspace_view``."""

    user: User
    workspace: Workspace
    member: Member
    htmx: Any


WorkspaceView = Callable[Concatenate[WorkspaceRequest, ...], HttpResponseBase]


def workspace_view(
    capability: Capability,
) -> Callable[[WorkspaceView], Callable[..., HttpResponseBase]]:
    """Load the workspace of the URL and check one capability.

    Signed out → sign-in page; not a member → 404, as if it did not exist; a member without the
    right → 403. Inside the view every scoped query is limited to the workspace.
    """

    def decorate(view: WorkspaceView) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def wrapper(request: Any, *args: Any, workspace: str, **kwargs: Any) -> HttpResponseBase:
            membership = _membership(request.user, workspace)
            request.workspace = membership.workspace
            request.member = Member(membership)
            if capability not in request.member.capabilities:
                raise PermissionDenied
            with scope(workspace=membership.workspace):
                response = view(request, *args, **kwargs)
                # A lazily rendered response would query outside of the scope.
                render = getattr(response, "render", None)
                if callable(render) and not getattr(response, "is_rendered", True):
                    response = render()
            # What a workspace holds is for its members: no cache shows it again unasked.
            response.headers.setdefault("Cache-Control", "private, no-cache")
            return response

        wrapper.capability = capability  # type: ignore[attr-defined]
        return wrapper

    return decorate


def _membership(user: User, slug: str) -> Membership:
    try:
        membership = Membership.objects.select_related("workspace").get(
            workspace__slug=slug, user=user
        )
    except Membership.DoesNotExist as error:
        raise Http404 from error
    today = timezone.localdate()
    if membership.last_seen_on != today:
        Membership.objects.filter(pk=membership.pk).update(last_seen_on=today)
    return membership
