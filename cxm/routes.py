"""Addresses of the ground itself: workspaces, members, settings, preferences."""

from django.urls import URLPattern, path

app_name = "cxm"
urlpatterns: list[URLPattern] = []
