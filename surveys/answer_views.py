"""Answering a survey. GET never changes anything; each POST stores one thing, twice as once."""

import time
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core import signing
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_scopes import scope, scopes_disabled

from surveys import collecting
from surveys.answer_doors import Visit, answering, page, private, sorry, unknown
from surveys.answer_pages import (
    SeeOther,
    address,
    first_question,
    overview_page,
    pages_ahead,
    question_page,
    start_page,
    texts,
    thanks_page,
)
from surveys.answering import suspicion
from surveys.answering.earlier import earlier_answers
from surveys.answering.languages import choose, spoken
from surveys.answering.letters import invitee_id_of
from surveys.answering.limits import Limit, caller
from surveys.answering.resume import Way
from surveys.answering.words import word_of
from surveys.collecting import Progress, Shut, doors, fillings
from surveys.models import Filling, Invitee, Source
from surveys.questionnaire import Item, Reply, ReplyError, read

STARTS = Limit(times=600, seconds=600)
CROWD = 200
TRIES = Limit(times=10, seconds=600)  # of code words
_DAY = 86_400
_MINE = "surveys.mine"
ENDED = (Filling.State.FINISHED, Filling.State.HELD, Filling.State.FULL, Filling.State.WITHDRAWN)


# -- the door -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def start(visit: Visit) -> HttpResponseBase:
    """What a code leads to. GET shows the first question; POST begins, with its answer."""
    if visit.request.method == "POST":
        return _begin(visit, None)
    if visit.request.path != visit.home:  # in small letters
        return HttpResponseRedirect(visit.home)
    if begun := _begun_before(visit):
        return begun
    shut = collecting.shut_for(visit.door, None)
    return _shut(visit, shut) if shut else start_page(visit)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, letter: str) -> HttpResponseBase:
    """The address in a letter. Whoever fetches it before its reader has changed nothing."""
    invitee_id = invitee_id_of(letter)
    with scopes_disabled():
        invitee = (
            Invitee.objects.select_related("mailing__link").filter(pk=invitee_id).first()
            if invitee_id
            else None
        )
    if invitee is None:
        return private(unknown(request))
    response: HttpResponseBase = _invited(request, code=invitee.mailing.link.code, invitee=invitee)
    return response


@answering
def _invited(visit: Visit, invitee: Invitee) -> HttpResponseBase:
    if invitee.language and not visit.asked:
        visit = visit.speaking(invitee.language)
    if not visit.door.questionnaire.is_anonymous:
        token = collecting.personal_token(invitee.pk)
        if at := fillings.find(door=visit.door, token=token):
            return SeeOther(address(visit, "overview", token, at.filling.language))
    if visit.request.method == "POST":
        return _begin(visit, invitee)
    shut = collecting.shut_for(visit.door, invitee)
    return _shut(visit, shut) if shut else start_page(visit, invitee=invitee)


def _begun_before(visit: Visit) -> HttpResponseBase | None:
    """Who scans the code again on the same phone is asked whether to go on."""
    token = visit.request.COOKIES.get(_cookie(visit), "")
    if not token or "new" in visit.request.GET:
        return None
    at = fillings.find(door=visit.door, token=token)
    if at is None or at.filling.state == Filling.State.WITHDRAWN:
        return None
    visit = visit.speaking(at.filling.language)
    context = {
        "is_finished": at.filling.state in ENDED,
        "go_on": address(visit, "overview", token, at.filling.language),
        "again": visit.request.path + "?new=1",
    }
    if at.is_open and not visit.door.shut and (item := Way(at.pages, at.replies).open):
        context["go_on"] = address(visit, "question", token, at.filling.language, item.id)
    return page(visit, "again", context)


def _begin(visit: Visit, invitee: Invitee | None) -> HttpResponseBase:
    door, form = visit.door, visit.request.POST
    name = caller(visit.request.META.get("REMOTE_ADDR", "")) + door.link.code
    count = STARTS.count(name)
    if count > STARTS.times:
        return sorry(visit, "too-often")
    try:
        token = collecting.stamped(door.link.code, form.get("stamp", ""))
    except collecting.StampError:
        words = _("This page was open for too long. Please send it once more.")
        return start_page(visit, invitee=invitee, posted=visit.posted, error=words, status=422)
    if shut := collecting.shut_for(door, invitee):
        return _shut(visit, shut)
    first, reply = first_question(visit), None
    if first is not None and form.get("question") == str(first.id):
        try:
            reply = read(first, visit.posted)
        except ReplyError as error:
            return start_page(
                visit, invitee=invitee, posted=visit.posted, error=str(error), status=422
            )
    if invitee is not None and not door.questionnaire.is_anonymous:
        token = collecting.personal_token(invitee.pk)
    at = collecting.begin(
        door=door,
        token=token,
        language=visit.language.code,
        invitee=invitee,
        suspicions=_reasons(visit, count),
    )
    if reply is not None and first is not None:
        at = collecting.answer(at=at, item=first, reply=reply)
        response = _forward(visit, token, at, first)
    else:
        response = _forward(visit, token, at, None)
    if door.link.source not in (Source.KIOSK, Source.PAPER):
        _remember(visit, response, token)
    return response


def _reasons(visit: Visit, count: int) -> list[str]:
    form = visit.request.POST
    made = form.get("stamp", "").rsplit(":", 2)[-2]
    return suspicion.at_start(
        trap=form.get("website", ""),
        seconds=time.time() - signing.b62_decode(made),
        agent=visit.request.headers.get("User-Agent", ""),
        crowded=count > CROWD,
    )


def _cookie(visit: Visit) -> str:
    return f"cxm-{visit.door.link.code}"


def _remember(visit: Visit, response: HttpResponseBase, token: str) -> None:
    """So that scanning again goes on: only from a POST, for a day, for this survey alone."""
    response.set_cookie(
        _cookie(visit),
        token,
        max_age=_DAY,
        path=visit.home,
        httponly=True,
        samesite="Lax",
        secure=visit.request.is_secure(),
    )


def _shut(visit: Visit, shut: Shut) -> HttpResponse:
    opens = visit.survey.opens_at
    return sorry(visit, str(shut), closed=texts(visit, "closed"), opens_at=opens)


def find(visit: Visit, token: str) -> Progress | None:
    """The filling of a token, or of what a code word gave for an hour."""
    if ":" not in token:
        return fillings.progress(visit.filling) if visit.filling else None
    try:
        found = uuid.UUID(signing.loads(token, salt=_MINE, max_age=3600))
    except (signing.BadSignature, ValueError):
        return None
    filling = Filling.objects.filter(id=found, survey_id=visit.survey.pk).first()
    return fillings.progress(filling) if filling else None


def begun(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Find what began under the token of the address, for a view ``(visit, token, at, …)``; the
    page then speaks the language that the person began in."""

    @wraps(view)
    def wrapper(visit: Visit, token: str, **kwargs: Any) -> HttpResponseBase:
        at = find(visit, token)
        if at is None:
            return sorry(visit, "lost")
        return view(visit.speaking(at.filling.language), token, at, **kwargs)

    return wrapper


# -- one question after the other ---------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@answering
@begun
def question(visit: Visit, token: str, at: Progress, question: int) -> HttpResponseBase:
    """One page. POST stores its answer and leads to the next one; at the end it finishes."""
    if at.filling.state in ENDED:
        return _to(visit, "thanks", token, at)
    if visit.door.shut:
        return _shut(visit, visit.door.shut)
    way = Way(at.pages, at.replies)
    item = way.item(question)
    if visit.request.method != "POST":
        if item is None or not at.is_open:
            return _to(visit, "overview", token, at)
        return question_page(visit, token, at, item)
    if item is None:
        return sorry(
            visit, "not-asked", go_on=address(visit, "overview", token, at.filling.language)
        )
    return _answer(visit, token, at, item)


def _answer(visit: Visit, token: str, at: Progress, item: Item) -> HttpResponseBase:
    try:
        reply: Reply = read(item, visit.posted)
    except ReplyError as error:
        return question_page(
            visit, token, at, item, posted=visit.posted, error=str(error), status=422
        )
    if at.filling.state == Filling.State.LEFT:
        at = fillings.progress(collecting.reopen(filling=at.filling))
    at = collecting.answer(at=at, item=item, reply=reply)
    return _forward(visit, token, at, item)


def _forward(visit: Visit, token: str, at: Progress, item: Item | None) -> HttpResponseBase:
    """To the next page; after the last one the filling ends at once."""
    if not at.is_open:
        return _to(visit, "thanks", token, at)
    way = Way(at.pages, at.replies)
    if way.open is None and collecting.was_finished(at.filling):
        return _to(visit, "overview", token, at)  # changed something, and may change more
    following = way.after(item) if item is not None else way.open
    if following is None:
        return _finish(visit, token, at)
    if visit.is_fragment:
        return question_page(visit, token, at, following)
    return SeeOther(address(visit, "question", token, at.filling.language, following.id))


def _finish(visit: Visit, token: str, at: Progress) -> HttpResponseBase:
    began = at.filling.started_at or timezone.now()
    seconds = (timezone.now() - began).total_seconds()
    found = suspicion.at_end(shown=at.pages, replies=at.replies, seconds=seconds)
    filling = collecting.finish(
        filling=at.filling,
        word="" if ":" in token else word_of(token),
        hold=suspicion.is_enough({*at.filling.suspicions, *found}),
        suspicions=found,
    )
    return _to(visit, "thanks", token, fillings.progress(filling))


def _to(visit: Visit, name: str, token: str, at: Progress) -> HttpResponseBase:
    """Lead to a page; whoever asked by script gets it at once."""
    if visit.is_fragment and name == "thanks":
        return _thanks(visit, token, at)
    if visit.is_fragment and name == "overview":
        return overview_page(visit, token, at)
    return SeeOther(address(visit, name, token, at.filling.language))


@require_safe
@answering
def ahead(visit: Visit, token: str) -> HttpResponseBase:
    """The pages that follow, as JSON: a phone goes on with them without a connection."""
    at = find(visit, token)
    if at is None or not at.is_open or visit.door.shut:
        return JsonResponse({"pages": []})
    visit = visit.speaking(at.filling.language)
    return JsonResponse({"pages": pages_ahead(visit, token, at)})


# -- the end, and afterwards --------------------------------------------------------------------


@require_safe
@answering
@begun
def overview(visit: Visit, token: str, at: Progress) -> HttpResponseBase:
    """One's own answers; where one was left, how to go on."""
    if at.filling.state == Filling.State.WITHDRAWN:
        return _to(visit, "thanks", token, at)
    return overview_page(visit, token, at)


@require_POST
@answering
@begun
def end(visit: Visit, token: str, at: Progress) -> HttpResponseBase:
    """Finish, if every page was answered."""
    if not at.is_open:
        return _to(visit, "thanks", token, at)
    if following := Way(at.pages, at.replies).open:
        return SeeOther(address(visit, "question", token, at.filling.language, following.id))
    return _finish(visit, token, at)


@require_safe
@answering
@begun
def thanks(visit: Visit, token: str, at: Progress) -> HttpResponseBase:
    """The page after the end."""
    if at.filling.state not in ENDED:
        return _to(visit, "overview", token, at)
    return _thanks(visit, token, at)


def _thanks(visit: Visit, token: str, at: Progress) -> HttpResponse:
    earlier = None
    if at.filling.state in (Filling.State.FINISHED, Filling.State.HELD):
        earlier = earlier_answers(survey=visit.survey, at=at, language=visit.language.code)
    return thanks_page(visit, token, at, earlier=earlier)


@require_POST
@answering
@begun
def change(visit: Visit, token: str, at: Progress) -> HttpResponseBase:
    """Open the answers again, to change something or to go on."""
    if visit.door.shut:
        return _shut(visit, visit.door.shut)
    at = fillings.progress(collecting.reopen(filling=at.filling))
    if not at.is_open:
        return _to(visit, "thanks", token, at)
    following = Way(at.pages, at.replies).open
    if following is None:
        return _to(visit, "overview", token, at)
    return SeeOther(address(visit, "question", token, at.filling.language, following.id))


@require_POST
@answering
@begun
def withdrawal(visit: Visit, token: str, at: Progress) -> HttpResponseBase:
    """Take everything back; also when the survey is closed."""
    filling = collecting.withdraw(filling=at.filling)
    response = _to(visit, "thanks", token, fillings.progress(filling))
    response.delete_cookie(_cookie(visit), path=visit.home)
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponseBase:
    """The word from the thanks page and the code of the survey lead back to one's answers."""
    data = request.POST if request.method == "POST" else request.GET
    accepted = request.headers.get("Accept-Language", "")
    language = choose(spoken(), asked=data.get("lang", "")[:12], accepted=accepted)
    with translation.override(language.words):
        if request.method != "POST":
            return private(_mine_page(request, language))
        if not TRIES.allows(caller(request.META.get("REMOTE_ADDR", ""))):
            words = _("Too many tries. Please wait ten minutes.")
            return private(_mine_page(request, language, words, 429))
        if found := _by_word(data.get("code", ""), data.get("word", "")):
            return private(SeeOther(found))
        words = _("There are no answers with this word. Is each letter right?")
        return private(_mine_page(request, language, words, 422))


def _mine_page(
    request: HttpRequest, language: object, error: str = "", status: int = 200
) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    context = {
        "language": language,
        "languages": [],
        "code": data.get("code", "")[:12],
        "word": data.get("word", "")[:80],
        "error": error,
    }
    return HttpResponse(get_template("answer/mine.html").render(context), status=status)


def _by_word(code: str, word: str) -> str:
    """The address of the answers; empty where none or, by the rarest chance, several have it."""
    code = code.strip().rsplit("/m/", 1)[-1].strip("/")
    door = doors.find(code) if code.isascii() and code.isalnum() else None
    if door is None or not word.strip():
        return ""
    with scope(workspace=door.survey.workspace):
        found = list(
            Filling.objects.filter(
                word_hash=collecting.hash_word(word[:80]), survey_id=door.survey.pk
            )[:2]
        )
    if len(found) != 1:
        return ""
    key = signing.dumps(str(found[0].id), salt=_MINE)
    return reverse("answer:overview", kwargs={"code": door.link.code, "token": key})
