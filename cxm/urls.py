"""Every address of the application; each app names its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("w/<slug:workspace>/touchpoints/", include("touchpoints.urls")),
    path("w/<slug:workspace>/surveys/", include("surveys.urls")),
    path("w/<slug:workspace>/", include("surveys.care_urls")),
    # The home of a workspace shows journeys, so it is a page of theirs, outside of their prefix.
    path("w/<slug:workspace>/", include("journeys.urls")),
    # Read-only maps for people without an account: no workspace in the address.
    path("s/", include("journeys.shared_urls")),
    # Answering a survey, for people without an account either.
    path("m/", include("surveys.answer_urls")),
    # The same on a tablet: the full screen around it.
    path("k/", include("surveys.kiosk_urls")),
    # "No more letters", out of a letter.
    path("u/", include("surveys.mailing_urls")),
    path("", include("cxm.routes")),
]
