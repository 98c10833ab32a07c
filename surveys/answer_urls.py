"""Addresses of answering a survey: no workspace in them, no sign-in.

``/m/7KQ4XP/`` is what a code on a table leads to; what follows it is one person's own.
"""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from surveys import answer_views as views


class Code(StringConverter):
    """The code of a link, in small letters or capitals."""

    regex = "[A-Za-z0-9]{5,12}"


class Token(StringConverter):
    """The secret of one filling, or what stands for it for an hour."""

    regex = r"[A-Za-z0-9_:~.-]{16,200}"


register_converter(Code, "code")
register_converter(Token, "token")

app_name = "answer"
urlpatterns: list[URLPattern] = [
    path("i/<token:letter>/", views.invited, name="invited"),
    path("mine/", views.mine, name="mine"),
    path("<code:code>/", views.start, name="start"),
    path("<code:code>/<token:token>/", views.overview, name="overview"),
    path("<code:code>/<token:token>/<int:question>/", views.question, name="question"),
    path("<code:code>/<token:token>/ahead/", views.ahead, name="ahead"),
    path("<code:code>/<token:token>/end/", views.end, name="end"),
    path("<code:code>/<token:token>/thanks/", views.thanks, name="thanks"),
    path("<code:code>/<token:token>/change/", views.change, name="change"),
    path("<code:code>/<token:token>/withdrawal/", views.withdrawal, name="withdrawal"),
]
