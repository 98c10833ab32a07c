"""Addresses of surveys and of bringing answers in."""

from django.urls import URLPattern, path

from surveys import (
    building_urls,
    held_views,
    import_views,
    invite_urls,
    mapping_views,
    preparing_urls,
    reading_views,
    results_urls,
    run_views,
    views,
)
from surveys import weighting_views as weights

app_name = "surveys"
urlpatterns: list[URLPattern] = [
    path("", views.surveys, name="surveys"),
    path("<int:survey>/", views.survey, name="survey"),
    *building_urls.urlpatterns,
    *results_urls.urlpatterns,
    *invite_urls.urlpatterns,
    *preparing_urls.urlpatterns,
    path("<int:survey>/held/", held_views.held, name="held"),
    path("<int:survey>/held/<uuid:filling>/release/", held_views.held_release, name="held-release"),
    path("<int:survey>/held/<uuid:filling>/discard/", held_views.held_discard, name="held-discard"),
    path("<int:survey>/weights/", weights.schemes, name="schemes"),
    path("<int:survey>/weights/new/", weights.scheme_create, name="scheme-create"),
    path("<int:survey>/weights/<int:scheme>/", weights.scheme, name="scheme"),
    path("<int:survey>/weights/<int:scheme>/edit/", weights.scheme_edit, name="scheme-edit"),
    path(
        "<int:survey>/weights/<int:scheme>/computation/",
        weights.scheme_computation,
        name="scheme-computation",
    ),
    path(
        "<int:survey>/weights/<int:scheme>/removal/", weights.scheme_removal, name="scheme-removal"
    ),
    path("import/", import_views.import_upload, name="import-upload"),
    path("import/<int:run>/columns/", import_views.import_columns, name="import-columns"),
    path("import/<int:run>/reading/", reading_views.import_reading, name="import-reading"),
    path("import/<int:run>/check/", run_views.import_check, name="import-check"),
    path("import/<int:run>/errors.csv", run_views.import_errors, name="import-errors"),
    path("import/<int:run>/start/", run_views.import_start, name="import-start"),
    path("import/<int:run>/", run_views.import_run, name="import-run"),
    path("import/<int:run>/stop/", run_views.import_stop, name="import-stop"),
    path("import/<int:run>/removal/", run_views.import_removal, name="import-removal"),
    path("import/<int:run>/mapping/", mapping_views.mapping_save, name="mapping-save"),
    path("import/<int:run>/mapping.toml", mapping_views.import_mapping, name="import-mapping"),
    path("mappings/<int:mapping>.toml", mapping_views.mapping, name="mapping"),
    path("mappings/<int:mapping>/removal/", mapping_views.mapping_removal, name="mapping-removal"),
]
