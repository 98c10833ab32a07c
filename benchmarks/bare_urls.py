"""The addresses of the product and the bare view beside them: the ceiling of answering."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_row (said) VALUES (%s)", [request.POST["value"]])
    return HttpResponse("stored")


urlpatterns: list[URLPattern | URLResolver] = [
    path("bare/", bare),
    path("", include("cxm.urls")),
]
