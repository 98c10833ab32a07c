"""Mailings of a survey: the list, the letter, sending, and how far it is."""

from typing import Any

from django.contrib import messages
from django.core.mail import get_connection
from django.core.paginator import Paginator
from django.db.models import Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cxm.access import WorkspaceRequest, workspace_view
from cxm.tabular import TableError
from surveys import tasks
from surveys.addresses import origin_of
from surveys.link_views import survey_of
from surveys.mailing import figures, letters, lists, people, sending
from surveys.mailing.defaults import first_texts
from surveys.mailing_forms import LetterForm, ListForm, SendForm
from surveys.models import Invitee, Mailing, Survey
from surveys.results_words import language

_M = Mailing.State


def mailing_of(survey: int, mailing: int) -> Mailing:
    rows = Mailing.objects.select_related("survey__workspace", "link", "created_by")
    asked = rows.exclude(survey__state=Survey.State.IMPORTED)
    return get_object_or_404(asked, pk=mailing, survey_id=survey)


@workspace_view("edit")
@require_http_methods(["GET", "POST"])
def mailing_create(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """First the list is looked at; only the second POST stores it, wholly or not at all."""
    asked = survey_of(survey)
    is_sent = request.method == "POST"
    form = ListForm(request.POST, request.FILES) if is_sent else ListForm()
    if is_sent and form.is_valid():
        by_name, by_id = lists.segments_of()
        try:
            seen = lists.outlook(_roll(form, asked, by_name), survey=asked)
        except TableError as error:
            form.add_error("file" if form.cleaned_data["file"] else "people", error.message)
        else:
            if "confirm" in request.POST and seen.keep:
                return _created(request, asked, form.cleaned_data["name"], seen)
            context = {
                "survey": asked,
                "name": form.cleaned_data["name"],
                "seen": seen,
                "days": request.workspace.contact_days,
                "people": people.as_text(seen.keep, by_id),
                "first": seen.keep[:5],
            }
            return render(request, "surveys/mailing_check.html", context)
    context = {"survey": asked, "form": form}
    return render(request, "surveys/mailing_create.html", context, status=422 if is_sent else 200)


def _roll(form: ListForm, survey: Survey, segments: people.Segments) -> people.Roll:
    languages, data = survey.all_languages, form.cleaned_data
    if file := data["file"]:
        return people.uploaded(file.file, name=file.name, languages=languages, segments=segments)
    return people.pasted(data["people"], languages=languages, segments=segments)


def _created(
    request: WorkspaceRequest, survey: Survey, name: str, seen: lists.Outlook
) -> HttpResponse:
    made = lists.create(survey=survey, name=name, people=seen.keep, by=request.user)
    made.subjects, made.bodies = first_texts(survey)
    made.save(update_fields=["subjects", "bodies"])
    n = len(seen.keep)
    words = ngettext("%(n)d person is on the list.", "%(n)d people are on the list.", n) % {"n": n}
    messages.success(request, words)
    return _to("mailing-letter", request, made)


@workspace_view("edit")
@require_http_methods(["GET", "POST"])
def mailing_letter(request: WorkspaceRequest, survey: int, mailing: int) -> HttpResponse:
    found = mailing_of(survey, mailing)
    form = LetterForm(request.POST if request.method == "POST" else None, mailing=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The letter is saved."))
        return _to("mailing", request, found)
    context = {"survey": found.survey, "mailing": found, "form": form, "parts": form.by_language()}
    status = 422 if form.is_bound else 200
    return render(request, "surveys/mailing_letter.html", context, status=status)


@workspace_view("read")
@require_GET
def mailing(request: WorkspaceRequest, survey: int, mailing: int) -> HttpResponse:
    found = mailing_of(survey, mailing)
    context = _context(request, found)
    if request.htmx:
        return render(request, "surveys/mailing.html#state", context)
    return render(request, "surveys/mailing.html", context | _details(request, found))


def _context(request: WorkspaceRequest, found: Mailing) -> dict[str, Any]:
    progress = figures.of_mailing(found)
    waiting = Invitee.objects.filter(mailing=found, state=Invitee.State.WAITING)
    troubled = waiting.exclude(error="").aggregate(at=Min("next_at"))["at"]
    return {
        "survey": found.survey,
        "languages": [(code, language(code)) for code in found.survey.all_languages],
        "mailing": found,
        "progress": progress,
        "is_moving": found.state in (_M.PLANNED, _M.SENDING) or progress.sending > 0,
        "can_be_answered": sending.can_be_answered(found.survey),
        "next_try": troubled,
        "trouble": waiting.exclude(error="").values_list("error", flat=True).first(),
        "reminders_to_come": _reminders_to_come(found),
    }


def _reminders_to_come(found: Mailing) -> Any:
    rows = Invitee.objects.filter(
        mailing=found, state=Invitee.State.SENT, reminders_sent__lt=found.reminders
    )
    return rows.aggregate(at=Min("next_at"))["at"]


def _said(state: str, found: Mailing) -> str:
    """Who answered anonymously stays unsaid: of few answers it would tell whose they are."""
    hides = found.survey.is_anonymous and state == Invitee.State.ANSWERED
    return Invitee.State.SENT if hides else state


def _meant(state: str, found: Mailing) -> list[str]:
    return [value for value in Invitee.State.values if _said(value, found) == state]


def _details(request: WorkspaceRequest, found: Mailing) -> dict[str, Any]:
    """Addresses are for those who may write to them."""
    if "edit" not in request.member.capabilities:
        return {}
    state = request.GET.get("state", "")
    rows = Invitee.objects.filter(mailing=found)
    if state in Invitee.State.values:
        rows = rows.filter(state__in=_meant(state, found))
    people = Paginator(rows.order_by("id"), 50).get_page(request.GET.get("page"))
    for person in people:
        person.state = _said(person.state, found)
    return {
        "problems": letters.ready(found),
        "send_form": SendForm(),
        "chosen": state,
        "states": _states(found),
        "page": people,
        "preview": _preview(found, origin_of(request)),
    }


def _states(found: Mailing) -> list[tuple[str, Any]]:
    """The states that somebody is in."""
    states = Invitee.objects.filter(mailing=found).values_list("state", flat=True).distinct()
    there = {_said(state, found) for state in states}
    short = dict(Invitee.State.choices) | {str(Invitee.State.SPARED): _("Spared")}
    return [(value, short[value]) for value in Invitee.State.values if value in there]


def _preview(found: Mailing, origin: str) -> dict[str, str]:
    person = Invitee.objects.filter(mailing=found).first()
    code = (person and person.language) or found.survey.language
    if letters.ready(found):
        return {}
    to = letters.To(
        email="a@example.org", name=person.name if person else "", language=code,
        link=f"{origin}/m/i/…", refusal=f"{origin}/u/…", mark="",
    )  # fmt: skip
    made = letters.letter(found, to)
    return {"subject": str(made.subject), "body": str(made.body), "language": code}


@workspace_view("edit")
@require_POST
def mailing_test(request: WorkspaceRequest, survey: int, mailing: int) -> HttpResponse:
    """To oneself, in the language chosen; its link leads to the survey, and belongs to nobody."""
    found = mailing_of(survey, mailing)
    if letters.ready(found):
        messages.error(request, _("Write the letter first."))
        return _to("mailing-letter", request, found)
    origin = origin_of(request)
    start = reverse("answer:start", kwargs={"code": found.link.code})
    to = letters.To(
        email=request.user.email,
        name=request.user.name,
        language=request.POST.get("language", "")[:12],
        link=origin + start,
        refusal=origin + reverse("mailing:refusal", kwargs={"token": "test"}),
        mark="test",
    )
    made = letters.letter(found, to)
    made.subject = _("Test: %(subject)s") % {"subject": made.subject}
    try:
        get_connection().send_messages([made])
    except OSError as error:  # what smtplib raises is one as well
        words = _("The mail server did not take the letter: %(why)s")
        messages.error(request, words % {"why": str(error)[:200]})
    else:
        said = _("A test letter is on its way to %(email)s.") % {"email": request.user.email}
        messages.success(request, said)
    return _to("mailing", request, found)


@workspace_view("edit")
@require_POST
def mailing_sending(request: WorkspaceRequest, survey: int, mailing: int) -> HttpResponse:
    """Begin. A second click finds that it has begun, and changes nothing."""
    found = mailing_of(survey, mailing)
    form = SendForm(request.POST)
    problems = letters.ready(found)
    if not form.is_valid() or problems:
        context = _context(request, found) | _details(request, found)
        context |= {"send_form": form, "problems": problems}
        return render(request, "surveys/mailing.html", context, status=422)
    send_at = form.cleaned_data["send_at"]
    try:
        found = lists.start(mailing=found, origin=origin_of(request), send_at=send_at)
    except lists.NotDraftError:
        messages.info(request, _("It has begun already."))
    else:
        tasks.enqueue_mailing(found.pk)
        messages.success(request, _("The letters are queued."))
    return _to("mailing", request, found)


@workspace_view("edit")
@require_POST
def mailing_state(request: WorkspaceRequest, survey: int, mailing: int) -> HttpResponse:
    """Stop, go on, or try what failed once more."""
    found = mailing_of(survey, mailing)
    what = request.POST.get("do", "")
    if what == "stop" and lists.stop(mailing=found):
        messages.success(request, _("Stopped. At most the letter under way still goes out."))
    elif what == "go" and lists.go_on(mailing=found):
        tasks.enqueue_mailing(found.pk)
        messages.success(request, _("It goes on."))
    elif what == "retry" and lists.try_failed_again(mailing=found):
        tasks.enqueue_mailing(found.pk)
        messages.success(request, _("Failed letters are tried again."))
    return _to("mailing", request, found)


@workspace_view("edit")
@require_POST
def mailing_unsure(request: WorkspaceRequest, survey: int, mailing: int) -> HttpResponse:
    """Letters of which nobody knows whether they went out: a person decides."""
    found = mailing_of(survey, mailing)
    again = request.POST.get("do") == "again"
    n = sending.settle(mailing=found, send_again=again)
    if again and n:
        tasks.enqueue_mailing(found.pk)
    words = ngettext("%(n)d letter settled.", "%(n)d letters settled.", n) % {"n": n}
    messages.success(request, words)
    return _to("mailing", request, found)


@workspace_view("edit")
@require_POST
def mailing_removal(request: WorkspaceRequest, survey: int, mailing: int) -> HttpResponse:
    found = mailing_of(survey, mailing)
    if not lists.remove(mailing=found):
        messages.error(request, _("Only a draft can be thrown away."))
        return _to("mailing", request, found)
    messages.success(request, _("The draft and its list are gone."))
    return redirect("surveys:invite", request.workspace.slug, survey)


def _to(name: str, request: WorkspaceRequest, found: Mailing) -> HttpResponse:
    return redirect(f"surveys:{name}", request.workspace.slug, found.survey_id, found.pk)
