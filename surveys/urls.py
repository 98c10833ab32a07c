from django.urls import URLPattern, path

app_name = "surveys"
urlpatterns: list[URLPattern] = []
