"""Addresses of building a survey; part of the surveys' own."""

from django.urls import URLPattern, path

from surveys import building_views as views
from surveys import copying_views as copying
from surveys import create_views, preview_views
from surveys import publishing_views as publishing

urlpatterns: list[URLPattern] = [
    path("create/", create_views.survey_create, name="survey-create"),
    path("<int:survey>/copy/", copying.survey_copy, name="survey-copy"),
    path("<int:survey>/removal/", copying.survey_removal, name="survey-removal"),
    path("<int:survey>/questions/", views.questions, name="questions"),
    path("<int:survey>/questions/new/", views.question_create, name="question-create"),
    path("<int:survey>/questions/<int:question>/", views.question_edit, name="question-edit"),
    path("<int:survey>/questions/<int:question>/copy/", views.question_copy, name="question-copy"),
    path(
        "<int:survey>/questions/<int:question>/place/", views.question_place, name="question-place"
    ),
    path(
        "<int:survey>/questions/<int:question>/removal/",
        views.question_removal,
        name="question-removal",
    ),
    path(
        "<int:survey>/questions/<int:question>/history/",
        views.question_history,
        name="question-history",
    ),
    path("<int:survey>/settings/", publishing.survey_edit, name="survey-edit"),
    path("<int:survey>/publication/", publishing.publication, name="publication"),
    path("<int:survey>/closing/", publishing.closing, name="closing"),
    path("<int:survey>/reopening/", publishing.reopening, name="reopening"),
    path("<int:survey>/versions/<int:number>/", publishing.version, name="version"),
    path("<int:survey>/preview/", preview_views.preview, name="preview"),
    path("<int:survey>/preview/page/", preview_views.preview_page, name="preview-page"),
]
