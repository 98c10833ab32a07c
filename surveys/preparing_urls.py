"""Addresses of what comes before the first answer: translating and planning."""

from django.urls import URLPattern, path

from surveys import planner_views, translating_views

urlpatterns: list[URLPattern] = [
    path("<int:survey>/planner/", planner_views.planner, name="planner"),
    path("<int:survey>/texts/", translating_views.texts, name="texts"),
    path("<int:survey>/texts/export/", translating_views.texts_export, name="texts-export"),
    path("<int:survey>/texts/<str:token>/", translating_views.texts_check, name="texts-check"),
    path(
        "<int:survey>/texts/<str:token>/import/",
        translating_views.texts_import,
        name="texts-import",
    ),
]
