"""The decorator that loads a workspace and checks a right."""

import datetime as dt
import itertools
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.test import RequestFactory
from django.utils import timezone
from django_scopes.exceptions import ScopeError

from cxm.access import CAPABILITIES, workspace_view
from cxm.models import Role
from tests.factories import MembershipFactory, TouchpointFactory, UserFactory
from touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


@workspace_view("edit")
def view(request: Any, number: int = 0) -> HttpResponse:
    names = ",".join(Touchpoint.objects.values_list("name", flat=True))
    return HttpResponse(f"{request.workspace.slug} {number} {names}")


def ask(user: Any, slug: str = "firm", **kwargs: Any) -> HttpResponse:
    request = RequestFactory().get("/")
    request.user = user
    answer = view(request, workspace=slug, **kwargs)
    assert isinstance(answer, HttpResponse)
    return answer


def test_member_sees_only_their_workspace(workspace: Any, other_workspace: Any) -> None:
    TouchpointFactory(workspace=workspace, name="Ours")
    TouchpointFactory(workspace=other_workspace, name="Theirs")
    member = MembershipFactory(workspace=workspace, role="marketer")
    assert ask(member.user, number=7).content.decode() == "firm 7 Ours"
    member.refresh_from_db()
    assert member.last_seen_on == timezone.localdate()


def test_no_cache_shows_a_page_again_unasked(workspace: Any) -> None:
    user = UserFactory()
    MembershipFactory(workspace=workspace, user=user, role="marketer")
    assert ask(user, workspace.slug).headers["Cache-Control"] == "private, no-cache"


def test_who_may_not(workspace: Any, other_workspace: Any) -> None:
    viewer = MembershipFactory(workspace=workspace, role="viewer").user
    outsider = MembershipFactory(workspace=other_workspace, role="admin").user
    with pytest.raises(PermissionDenied):
        ask(viewer)
    with pytest.raises(Http404):
        ask(outsider)
    with pytest.raises(Http404):
        ask(viewer, slug="nowhere")
    assert ask(AnonymousUser()).status_code == 302


def test_a_refused_visit_of_an_outsider_is_no_visit(workspace: Any) -> None:
    stranger = UserFactory()
    with pytest.raises(Http404):
        ask(stranger)


def test_a_lazy_response_is_drawn_inside_of_the_scope(workspace: Any) -> None:
    @workspace_view("read")
    def lazy(request: Any) -> TemplateResponse:
        return TemplateResponse(request, "404.html", {"rows": Touchpoint.objects.all()})

    request: Any = RequestFactory().get("/")
    request.user = MembershipFactory(workspace=workspace).user
    answer: Any = lazy(request, workspace="firm")
    assert answer.is_rendered


def test_a_query_without_scope_fails() -> None:
    with pytest.raises(ScopeError):
        Touchpoint.objects.count()


def test_rights_grow_with_the_role() -> None:
    ladder = [CAPABILITIES[role] for role in Role]
    assert all(lower < higher for lower, higher in itertools.pairwise(ladder))


def test_last_seen_is_written_once_a_day(workspace: Any, django_assert_num_queries: Any) -> None:
    member = MembershipFactory(
        workspace=workspace, role="admin", last_seen_on=timezone.localdate() - dt.timedelta(days=1)
    )
    with django_assert_num_queries(3):
        ask(member.user)
    with django_assert_num_queries(2):
        ask(member.user)
