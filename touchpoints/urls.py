"""Addresses of the catalogue, below ``/w/<workspace>/touchpoints/``."""

from django.urls import URLPattern, path

from touchpoints import import_views, views

app_name = "touchpoints"
urlpatterns: list[URLPattern] = [
    path("", views.catalogue, name="catalogue"),
    path("new/", views.touchpoint_create, name="touchpoint-create"),
    path("export/", import_views.export, name="export"),
    path("import/", import_views.import_upload, name="import"),
    path("import/<str:token>/", import_views.import_check, name="import-check"),
    path("import/<str:token>/run/", import_views.import_run, name="import-run"),
    path("<int:touchpoint>/", views.touchpoint, name="touchpoint"),
    path("<int:touchpoint>/edit/", views.touchpoint_edit, name="touchpoint-edit"),
    path("<int:touchpoint>/split/", views.touchpoint_split, name="touchpoint-split"),
    path("<int:touchpoint>/retirement/", views.touchpoint_retirement, name="touchpoint-retirement"),
]
