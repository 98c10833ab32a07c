"""The address in a letter by which a person wants no more of them."""

from django.urls import URLPattern, path

from surveys import mailing_public

app_name = "mailing"
urlpatterns: list[URLPattern] = [
    path("<str:token>/", mailing_public.refusal, name="refusal"),
]
