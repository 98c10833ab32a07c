"""Addresses of the ground itself: workspaces, members, settings, preferences."""

from django.urls import URLPattern, path

from cxm import member_views, views

app_name = "cxm"
urlpatterns: list[URLPattern] = [
    path("", views.workspaces, name="workspaces"),
    path("workspaces/new/", views.workspace_create, name="workspace-create"),
    path("profile/", views.profile, name="profile"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
    path("invitations/<str:token>/", member_views.invitation, name="invitation"),
    path("w/<slug:workspace>/settings/", views.settings, name="settings"),
    path("w/<slug:workspace>/members/", member_views.members, name="members"),
    path(
        "w/<slug:workspace>/members/invitations/",
        member_views.invitation_create,
        name="invitation-create",
    ),
    path(
        "w/<slug:workspace>/members/invitations/<int:invitation>/withdrawal/",
        member_views.invitation_withdrawal,
        name="invitation-withdrawal",
    ),
    path(
        "w/<slug:workspace>/members/<int:member>/role/",
        member_views.member_role,
        name="member-role",
    ),
    path(
        "w/<slug:workspace>/members/<int:member>/removal/",
        member_views.member_removal,
        name="member-removal",
    ),
]
