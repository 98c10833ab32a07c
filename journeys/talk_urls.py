"""Addresses of what people say about maps, and of links for people without an account."""

from django.urls import URLPattern, path

from journeys import comment_views, notification_views, share_views, talk_views

_COMMENTS = "journeys/<slug:journey>/comments/"

patterns: list[URLPattern] = [
    path("journeys/notifications/", notification_views.notifications, name="notifications"),
    path(
        "journeys/notifications/count/",
        notification_views.notifications_count,
        name="notifications-count",
    ),
    path(
        "journeys/notifications/reading/",
        notification_views.notifications_reading,
        name="notifications-reading",
    ),
    path("journeys/comments/people/", comment_views.comments_people, name="comments-people"),
    path(_COMMENTS, comment_views.comments, name="comments"),
    path(f"{_COMMENTS}place/", comment_views.comments_place, name="comments-place"),
    path(f"{_COMMENTS}pins/", comment_views.comments_pins, name="comments-pins"),
    path(f"{_COMMENTS}new/", talk_views.comment_create, name="comment-create"),
    path(f"{_COMMENTS}<int:comment>/", talk_views.comment_edit, name="comment-edit"),
    path(f"{_COMMENTS}<int:comment>/removal/", talk_views.comment_removal, name="comment-removal"),
    path(
        f"{_COMMENTS}<int:comment>/resolution/",
        talk_views.thread_resolution,
        name="thread-resolution",
    ),
    path(f"{_COMMENTS}<int:comment>/reading/", talk_views.thread_reading, name="thread-reading"),
    path("journeys/<slug:journey>/share/", share_views.share, name="share"),
    path(
        "journeys/<slug:journey>/share/<int:link>/revocation/",
        share_views.share_revocation,
        name="share-revocation",
    ),
]
