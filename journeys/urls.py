from django.urls import URLPattern, path

from journeys import (
    change_views,
    compare_views,
    curve_views,
    edit_views,
    heatmap_views,
    history_views,
    live_views,
    measures_views,
    upload_views,
    views,
)

app_name = "journeys"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("insights/", curve_views.insights, name="insights"),
    path("journeys/", views.journeys, name="journeys"),
    path("journeys/new/", edit_views.journey_create, name="journey-create"),
    path("journeys/heatmap/", heatmap_views.heatmap, name="heatmap"),
    path("journeys/heatmap.csv", heatmap_views.heatmap_csv, name="heatmap-csv"),
    path("journeys/import/", edit_views.journey_import, name="journey-import"),
    path(
        "journeys/touchpoints/<int:touchpoint>/measures/",
        measures_views.touchpoint_measures,
        name="touchpoint-measures",
    ),
    path("journeys/compare/", compare_views.compare, name="compare"),
    path("journeys/compare.csv", compare_views.compare_csv, name="compare-csv"),
    path("journeys/uploads/", upload_views.upload_create, name="upload-create"),
    path("journeys/uploads/<int:upload>/", upload_views.upload, name="upload"),
    path("journeys/<slug:journey>/", views.journey, name="journey"),
    path("journeys/<slug:journey>/title/", edit_views.journey_title, name="journey-title"),
    path("journeys/<slug:journey>/removal/", edit_views.journey_removal, name="journey-removal"),
    path("journeys/<slug:journey>/map.toml", edit_views.journey_toml, name="journey-toml"),
    path("journeys/<slug:journey>/changes/", change_views.changes_create, name="changes-create"),
    path("journeys/<slug:journey>/history/", history_views.history_read, name="history-read"),
    path("journeys/<slug:journey>/versions/", history_views.version_create, name="version-create"),
    path("journeys/<slug:journey>/restoration/", history_views.restoration, name="restoration"),
    path("journeys/<slug:journey>/news/", change_views.news_read, name="news-read"),
    path("journeys/<slug:journey>/presence/", live_views.presence, name="presence"),
    path("journeys/<slug:journey>/curve/", curve_views.curve, name="curve"),
    path("journeys/<slug:journey>/curve.csv", curve_views.curve_csv, name="curve-csv"),
]
