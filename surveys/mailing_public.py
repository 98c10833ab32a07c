"""The page of a letter's last line: no more of these. GET changes nothing; POST does, once."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from surveys.answering.languages import choose
from surveys.mailing import refusing


# Mail programs send the POST of RFC 8058 by themselves, without a cookie; the signed address is
# what lets them.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def refusal(request: HttpRequest, token: str) -> HttpResponse:
    row = refusing.invitation(token)
    accepted = request.headers.get("Accept-Language", "")
    asked = row.language if row else ""
    spoken = choose(["en", "de"], asked=asked, accepted=accepted)
    is_done = False
    if row and request.method == "POST":
        refusing.unsubscribe(row)
        is_done = True
    elif row:
        is_done = refusing.has_refused(row)
    with translation.override(spoken.words):
        context = {"invitee": row, "is_done": is_done, "language": spoken}
        body = get_template("mail/refusal.html").render(context)
    response = HttpResponse(body, status=200 if row else 404)
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
