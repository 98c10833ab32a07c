from django.urls import URLPattern, path

app_name = "journeys"
urlpatterns: list[URLPattern] = []
