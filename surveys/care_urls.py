"""Addresses of looking after people: cases, one person's data, how long answers are kept."""

from django.urls import URLPattern, path

from surveys import case_views, data_views, rules_views

app_name = "care"
urlpatterns: list[URLPattern] = [
    path("cases/", case_views.cases_list, name="cases"),
    path("cases/<int:case>/", case_views.case, name="case"),
    path("cases/<int:case>/changes/", case_views.case_edit, name="case-edit"),
    path("cases/<int:case>/notes/", case_views.case_note, name="case-note"),
    path("surveys/<int:survey>/rules/", rules_views.rules, name="rules"),
    path("surveys/<int:survey>/rules/new/", rules_views.rule_create, name="rule-create"),
    path("surveys/<int:survey>/rules/<int:rule>/", rules_views.rule_edit, name="rule-edit"),
    path(
        "surveys/<int:survey>/rules/<int:rule>/removal/",
        rules_views.rule_removal,
        name="rule-removal",
    ),
    path("people-data/", data_views.people_data_page, name="people-data"),
    path("people-data/file/", data_views.person_file, name="person-file"),
    path("people-data/erasure/", data_views.person_erasure, name="person-erasure"),
    path("people-data/erased/", data_views.erasures, name="erasures"),
    path("retention/", data_views.retention_page, name="retention"),
]
