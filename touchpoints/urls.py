from django.urls import URLPattern, path

app_name = "touchpoints"
urlpatterns: list[URLPattern] = []
