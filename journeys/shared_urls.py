"""Addresses of maps for people without an account."""

from django.urls import URLPattern, path

from journeys import shared_views

app_name = "shared"
urlpatterns: list[URLPattern] = [
    path("<str:token>/", shared_views.shared_map, name="map"),
    path("<str:token>/pictures/<int:picture>/", shared_views.shared_picture, name="picture"),
]
