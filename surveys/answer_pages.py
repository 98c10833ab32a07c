"""The pages of one person's way through a survey, as responses."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext as _

from surveys.answer_doors import Posted, Visit, common, page, query
from surveys.answering.earlier import Earlier
from surveys.answering.resume import Way, decides
from surveys.answering.saying import said_words
from surveys.answering.shown import Shown, shown
from surveys.answering.words import word_of
from surveys.collecting import Progress, stamp
from surveys.models import Filling, Invitee
from surveys.questionnaire import Item, answered, in_language, pages, section_of, takes_turns
from surveys.questionnaire.piping import mentions

LONG_INTRO = 120  # letters; a longer one has a page of its own


class SeeOther(HttpResponseRedirect):
    """303: the browser gets the next page, and going back does not send the form again."""

    status_code = 303


def address(visit: Visit, name: str, token: str, language: str, question: int = 0) -> str:
    """Of a page of one person's way."""
    words: dict[str, Any] = {"code": visit.door.link.code, "token": token}
    if question:
        words["question"] = question
    return reverse(f"answer:{name}", kwargs=words) + query(visit, language)


def texts(visit: Visit, name: str) -> str:
    """One of the survey's own texts; the one for closed surveys may be written when it closes."""
    questionnaire = visit.door.questionnaire
    own = visit.survey.texts if name == "closed" else questionnaire.texts
    return in_language(own.get(name, {}), visit.language.code, questionnaire.languages).strip()


@dataclass(frozen=True)
class Step:
    """One segment of the progress bar."""

    state: str  # done, now, open


def bar(number: int, total: int) -> tuple[Step, ...]:
    """Segments, at most twelve of them: on a long way one stands for several pages."""
    shown_segments = min(total, 12)
    at = (number - 1) * shown_segments // total if total else 0
    states = ["done"] * at + ["now"] + ["open"] * shown_segments
    return tuple(Step(state) for state in states[:shown_segments])


def start_page(
    visit: Visit,
    *,
    invitee: Invitee | None = None,
    posted: Posted | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The door: what this is, how it is kept, and the first question unless a text is before it."""
    fresh = stamp(visit.door.link.code)
    # What a letter leads to holds the letter, and "?new" belongs to one address: made each time.
    if invitee is None and not error and visit.request.get_full_path() == visit.request.path:
        key = ("start", visit.door, visit.language.code, visit.is_fragment)
        kept = _keep(key, lambda: _start_page(visit, None, None, "", 200, _ANYBODY))
        return _mine(visit, kept, fresh, visit.request.path)
    return _start_page(visit, invitee, posted, error, status, fresh)


def _start_page(
    visit: Visit,
    invitee: Invitee | None,
    posted: Posted | None,
    error: str,
    status: int,
    fresh: str,
) -> HttpResponse:
    questionnaire = visit.door.questionnaire
    intro = texts(visit, "intro")
    first = first_question(visit)
    context = {
        "stamp": fresh,
        "title": texts(visit, "title"),
        "intro": intro,
        "privacy": privacy(visit, is_invited=invitee is not None),
        "error": error,
        "is_start": True,
        "address": visit.request.get_full_path(),
        "action": visit.request.path,
    }
    if first is not None:
        section = section_of(questionnaire, first)
        context |= {
            "item": first,
            "shown": shown(first, questionnaire, visit.language.code, {}, posted),
            "section": section_words(visit, section),
            "number": 1,
            "total": len(_first_pages(visit)),
            "bar": bar(1, len(_first_pages(visit))),
        }
    return page(visit, "page", context, status)


def first_question(visit: Visit) -> Item | None:
    """The question that stands on the start page itself; None where a long text comes first, or
    where it is decided only at the beginning who is asked what."""
    pages = _first_pages(visit)
    first = pages[0] if pages else None
    if first is None or takes_turns(first) or len(texts(visit, "intro")) > LONG_INTRO:
        return None
    return first


def _first_pages(visit: Visit) -> tuple[Item, ...]:
    return pages(visit.door.questionnaire, {}, ())


def section_words(visit: Visit, section: Item | None) -> str:
    if section is None:
        return ""
    return in_language(
        section.texts, visit.language.code, visit.door.questionnaire.languages
    ).strip()


def question_page(
    visit: Visit,
    token: str,
    at: Progress,
    item: Item,
    *,
    posted: Posted | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """One question; ``posted`` and ``error`` where it was refused."""
    if (
        posted is None
        and item.id not in at.replies
        and not (mentions(item.texts) | mentions(item.help_texts))
    ):
        return _fresh_page(visit, token, at, item)
    context = question_context(visit, token, at, item, posted) | {"error": error}
    return page(visit, "page", context, status)


# Stands for the token in pages that are kept; long enough for an address, impossible as a token.
_ANYBODY = "~~~~~~~~~~~~~~~~~~~~~~"
_ANY_WORD = "~~~~word~~~~"
_pages: dict[tuple[Any, ...], HttpResponse] = {}


def _keep(key: tuple[Any, ...], make: Callable[[], HttpResponse]) -> HttpResponse:
    kept = _pages.get(key)
    if kept is None:
        if len(_pages) > 2000:
            _pages.clear()
        kept = _pages[key] = make()
    return kept


def _mine(
    visit: Visit, kept: HttpResponse, secret: str, where: str, word: str = ""
) -> HttpResponse:
    """A kept page with this person's own token or stamp in it."""
    body = kept.content.replace(_ANYBODY.encode(), secret.encode())
    response = HttpResponse(body.replace(_ANY_WORD.encode(), word.encode()) if word else body)
    response["Content-Language"] = visit.language.code
    if visit.is_fragment:
        response["X-Address"] = where
    return response


def _fresh_page(visit: Visit, token: str, at: Progress, item: Item) -> HttpResponse:
    """A question that nobody answered yet looks the same for everybody but for their token."""
    way = Way(at.pages, at.replies)
    before = way.before(item)
    key = (
        *(visit.door, at.filling.version_id, item.id, visit.language.code, at.filling.language),
        *(way.number(item), len(way.pages), before.id if before else 0),
        *(at.filling.invitee_id is not None, visit.is_fragment),
    )
    kept = _keep(key, lambda: page(visit, "page", question_context(visit, _ANYBODY, at, item)))
    where = address(visit, "question", token, at.filling.language, item.id)
    return _mine(visit, kept, token, where)


def question_context(
    visit: Visit, token: str, at: Progress, item: Item, posted: Posted | None = None
) -> dict[str, Any]:
    """What the page of a question shows."""
    way = Way(at.pages, at.replies)
    number, total = way.number(item), len(way.pages)
    before = way.before(item)
    language = at.filling.language
    section = section_of(at.questionnaire, item)
    return {
        "questionnaire": at.questionnaire,
        "item": item,
        "shown": shown(item, at.questionnaire, visit.language.code, at.replies, posted),
        "section": section_words(visit, section),
        "privacy": privacy(visit, is_invited=at.filling.invitee_id is not None),
        "number": number,
        "total": total,
        "bar": bar(number, total),
        "back": address(visit, "question", token, language, before.id) if before else "",
        "action": address(visit, "question", token, language, item.id),
        "address": address(visit, "question", token, language, item.id),
        "ahead": address(visit, "ahead", token, language),
    }


AHEAD = 30  # pages that a phone keeps for a lost connection


def pages_ahead(visit: Visit, token: str, at: Progress) -> list[dict[str, Any]]:
    """The first open page and those that follow as it looks now, for phones that lose the
    connection: ``decides`` says that the answer may change what comes next."""
    way = Way(at.pages, at.replies)
    following = way.pages[way.number(way.open) - 1 :][:AHEAD] if way.open else ()
    template = get_template("answer/_page.html")
    found = []
    for item in following:
        context = common(visit) | question_context(visit, token, at, item)
        found.append(
            {
                "address": context["address"],
                "html": template.render(context),
                "required": item.is_required,
                "decides": decides(at.questionnaire.items, item),
                "next": "",
            }
        )
    for page_of, after in itertools.pairwise(found):
        page_of["next"] = after["address"]
    return found


def privacy(visit: Visit, *, is_invited: bool) -> str:
    """How the answers are kept, in one line."""
    if visit.door.questionnaire.is_anonymous:
        return _("Anonymous. Only the team sees single answers.")
    name = {"workspace": visit.survey.workspace.name}
    if is_invited:
        return _("Personal. %(workspace)s sees that these answers are yours.") % name
    return (
        _("Not anonymous. %(workspace)s sees your answers, their day, and what you write.") % name
    )


@dataclass(frozen=True)
class Said:
    """One line of "your answers"."""

    shown: Shown
    words: str
    address: str


def said(visit: Visit, token: str, at: Progress) -> list[Said]:
    """What the person said so far, page by page."""
    code = visit.language.code
    return [
        Said(
            shown(item, at.questionnaire, code, at.replies),
            said_words(item, at.replies[item.id], at.questionnaire, code),
            address(visit, "question", token, at.filling.language, item.id),
        )
        for item in at.pages
        if item.id in at.replies
    ]


def overview_page(visit: Visit, token: str, at: Progress) -> HttpResponse:
    """The person's own answers, to change, to take back, or to go on with."""
    way = Way(at.pages, at.replies)
    going_on = way.open
    language = at.filling.language
    context = {
        "rows": said(visit, token, at),
        "is_open": at.is_open,
        "is_left": at.filling.state == Filling.State.LEFT,
        "can_change": at.filling.state in CHANGEABLE and not visit.door.shut,
        "go_on": address(visit, "question", token, language, going_on.id) if going_on else "",
        "privacy": privacy(visit, is_invited=at.filling.invitee_id is not None),
        "address": address(visit, "overview", token, language),
        **links(visit, token, at),
    }
    return page(visit, "overview", context)


CHANGEABLE = (
    Filling.State.OPEN,
    Filling.State.FINISHED,
    Filling.State.LEFT,
    Filling.State.FULL,
)


def links(visit: Visit, token: str, at: Progress) -> dict[str, str]:
    """Where the forms below an ended filling lead."""
    language = at.filling.language
    return {
        "overview_url": address(visit, "overview", token, language),
        "end_url": address(visit, "end", token, language),
        "change_url": address(visit, "change", token, language),
        "withdrawal_url": address(visit, "withdrawal", token, language),
    }


def thanks_page(
    visit: Visit, token: str, at: Progress, *, earlier: Earlier | None = None
) -> HttpResponse:
    """After the end: thanks, what became of earlier answers, the word to keep."""
    filling = at.filling
    has_word = bool(filling.word_hash) and ":" not in token
    said_so_far = answered(at.pages, at.replies)
    can_change = filling.state in CHANGEABLE and not visit.door.shut
    key = (
        *("thanks", visit.door, visit.language.code, filling.language, visit.is_fragment),
        *(filling.state, has_word, said_so_far, can_change, earlier),
    )

    def make() -> HttpResponse:
        return page(visit, "thanks", _thanks(visit, at, has_word, earlier, said_so_far))

    where = address(visit, "thanks", token, filling.language)
    word = word_of(token) if has_word else ""
    return _mine(visit, _keep(key, make), token, where, word)


def _thanks(
    visit: Visit, at: Progress, has_word: bool, earlier: Earlier | None, answers: int
) -> dict[str, Any]:
    state = at.filling.state
    return {
        "thanks": texts(visit, "thanks"),
        "is_full": state == Filling.State.FULL,
        "is_withdrawn": state == Filling.State.WITHDRAWN,
        "answers": answers,
        "word": _ANY_WORD if has_word else "",
        "can_change": state in CHANGEABLE and not visit.door.shut,
        "earlier": earlier,
        "privacy": privacy(visit, is_invited=False),
        "start_url": visit.home,
        **links(visit, _ANYBODY, at),
    }
