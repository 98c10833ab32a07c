"""Addresses of tablets: no workspace in them, no sign-in."""

from django.urls import URLPattern, path

from surveys import kiosk_views as views

app_name = "kiosk"
urlpatterns: list[URLPattern] = [
    path("<slug:code>/", views.kiosk, name="kiosk"),
    path("<slug:code>/leave/", views.leave, name="leave"),
]
