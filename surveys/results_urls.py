"""Addresses of what a survey gave: figures, comments and their tags."""

from django.urls import URLPattern, path

from surveys import comment_views, export_views, results_views

urlpatterns: list[URLPattern] = [
    path("<int:survey>/results/", results_views.results, name="results"),
    path("<int:survey>/results/news/", results_views.results_news, name="results-news"),
    path("<int:survey>/results/wording/", results_views.results_wording, name="results-wording"),
    path("<int:survey>/results.csv", results_views.results_csv, name="results-csv"),
    path("<int:survey>/comments/", comment_views.comments, name="comments"),
    path("<int:survey>/answers.csv", export_views.export_answers, name="export-answers"),
    path("<int:survey>/responses.csv", export_views.export_responses, name="export-responses"),
    path("<int:survey>/responses.xlsx", export_views.export_xlsx, name="export-xlsx"),
    path("<int:survey>/responses.sav", export_views.export_sav, name="export-sav"),
    path("<int:survey>/responses.toml", export_views.export_mapping, name="export-mapping"),
    path(
        "<int:survey>/comments/<uuid:answer>/tagging/",
        comment_views.tagging_create,
        name="tagging-create",
    ),
    path("tags/", comment_views.tags, name="tags"),
    path("tags/new/", comment_views.tag_create, name="tag-create"),
    path("tags/<int:tag>/", comment_views.tag_edit, name="tag-edit"),
    path("tags/<int:tag>/removal/", comment_views.tag_removal, name="tag-removal"),
]
