"""What every page of answering goes through: the survey of the address, its language, headers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django_scopes import scope

from surveys.answering.languages import Language, choose, spoken
from surveys.answering.languages import language as language_of
from surveys.collecting import Door, doors, filling_id
from surveys.models import Filling, Source, Survey

_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; "
)
TOO_MUCH: Final = 512 * 1024  # bytes of a form that no question asks for
Posted = dict[str, list[str]]


@dataclass(frozen=True)
class Visit:
    """One request at the door of a survey."""

    request: HttpRequest
    door: Door
    language: Language
    # What began here under the token of the address.
    filling: Filling | None = None

    @property
    def survey(self) -> Survey:
        return self.door.survey

    @property
    def is_fragment(self) -> bool:
        """The page's script asks for the part that changes."""
        return self.request.headers.get("X-Answer") == "1"

    @property
    def is_kiosk(self) -> bool:
        return self.door.link.source == Source.KIOSK

    @property
    def home(self) -> str:
        """The address of the door in the letters of its code; the cookie lies there."""
        return reverse("answer:start", kwargs={"code": self.door.link.code})

    @property
    def asked(self) -> str:
        """The language that the address or the form names."""
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        return data.get("lang", "")[:12]

    @property
    def posted(self) -> Posted:
        return dict(self.request.POST.lists())

    def speaking(self, code: str) -> "Visit":
        """The same in the language that the person began in, unless they ask for another.

        Within ``answering``, which puts back what was there before.
        """
        chosen = choose(self.door.questionnaire.languages, asked=self.asked or code)
        translation.activate(chosen.words)
        return replace(self, language=chosen)


View = Callable[..., HttpResponseBase]


def answering(view: View) -> Callable[..., HttpResponseBase]:
    """Open the door of ``code`` for a view ``(visit, **kwargs)``; strangers get a page in words.

    There is no sign-in and no session: what is posted carries a token or a signed stamp that only
    this person has. So a forged form of another site has nothing to ride on, and the check for
    one, which needs a cookie, would only shut out people whose browsers keep none.
    """

    @csrf_exempt
    @wraps(view)
    def wrapper(request: HttpRequest, code: str = "", **kwargs: Any) -> HttpResponseBase:
        token = kwargs.get("token", "")
        began = filling_id(token) if token and ":" not in token else None
        door, filling = doors.find_with(code, began)
        if door is None:
            return private(unknown(request))
        languages = door.questionnaire.languages
        data = request.POST if request.method == "POST" and not _is_too_much(request) else None
        asked = (data if data is not None else request.GET).get("lang", "")[:12]
        accepted = request.headers.get("Accept-Language", "")
        visit = Visit(request, door, choose(languages, asked=asked, accepted=accepted), filling)
        with scope(workspace=door.survey.workspace), translation.override(visit.language.words):
            if data is None and request.method == "POST":
                return private(sorry(visit, "too-much", 413), door)
            try:
                response = view(visit, **kwargs)
            except Filling.DoesNotExist:  # the team threw it away in this very moment
                response = sorry(visit, "lost")
        if visit.is_fragment:
            # Three kilobytes with somebody's secret in them: packing takes longer than sending,
            # and what is not packed tells nothing by its length.
            request.META["HTTP_ACCEPT_ENCODING"] = ""
        return private(response, door)

    return wrapper


def _is_too_much(request: HttpRequest) -> bool:
    """Decided before anything is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdecimal() or int(length) > TOO_MUCH


def private(response: HttpResponseBase, door: Door | None = None) -> HttpResponseBase:
    """The address is the person's secret: not for other sites, search engines or caches."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store, private"
    # The server's log does not hold addresses that open somebody's answers.
    response._has_been_logged = True  # type: ignore[attr-defined]
    if door is not None and door.link.source == Source.KIOSK:
        # Our own page for tablets stands around it.
        response["X-Frame-Options"] = "SAMEORIGIN"
        response._csp_replace = {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]
    if door is not None and door.link.source == Source.EMBED:
        # This link was made to stand inside of the firm's own pages, wherever those are.
        response.xframe_options_exempt = True  # type: ignore[attr-defined]
        response["Content-Security-Policy"] = _POLICY + "frame-ancestors *"
    return response


def page(visit: Visit, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page, or only its changing part; without the frame of the application, which asks who
    is signed in."""
    name = f"answer/_{template}.html" if visit.is_fragment else f"answer/{template}.html"
    body = get_template(name).render(common(visit) | context)
    response = HttpResponse(body, status=status)
    response["Content-Language"] = visit.language.code
    if visit.is_fragment:
        response["X-Address"] = context.get("address") or visit.request.get_full_path()
    return response


def common(visit: Visit) -> dict[str, Any]:
    """What every page of answering shows around its own."""
    offered = [language_of(code) for code in visit.door.questionnaire.languages]
    return {
        "visit": visit,
        "workspace": visit.survey.workspace,
        "questionnaire": visit.door.questionnaire,
        "code": visit.door.link.code,
        "language": visit.language,
        "languages": offered,
        "is_kiosk": visit.is_kiosk,
    }


SORRY: Final = {
    "not-yet": 403,
    "over": 410,
    "full": 410,
    "answered": 410,
    "lost": 404,
    "too-much": 413,
    "too-often": 429,
    "not-asked": 409,
    "stopped": 400,
}


def sorry(visit: Visit, why: str, status: int = 0, **context: Any) -> HttpResponse:
    """A page that says in words why it does not go on."""
    return page(visit, "sorry", context | {"why": why}, status or SORRY[why])


def unknown(request: HttpRequest) -> HttpResponse:
    """There is no such survey: nothing of any workspace is said."""
    accepted = request.headers.get("Accept-Language", "")
    language = choose(spoken(), asked=request.GET.get("lang", "")[:12], accepted=accepted)
    with translation.override(language.words):
        context: dict[str, Any] = {
            "why": "unknown",
            "language": language,
            "languages": [],
            "workspace": None,
        }
        return HttpResponse(get_template("answer/sorry.html").render(context), status=404)


def query(visit: Visit, code: str) -> str:
    """``?lang=…`` where the person reads another language than ``code``, the one they began in."""
    if visit.language.code == code:
        return ""
    data = QueryDict(mutable=True)
    data["lang"] = visit.language.code
    return "?" + data.urlencode()
