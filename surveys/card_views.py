"""Table cards: how they look, as a page, as PDF."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cxm.access import WorkspaceRequest, workspace_view
from surveys import publishing
from surveys.addresses import address_of, is_example, origin_of, short_of
from surveys.answering.languages import language
from surveys.cards import codes, pdf
from surveys.cards.checks import checks
from surveys.cards.design import FORMATS, LONGEST, Card, card, chosen
from surveys.link_views import link_of, survey_of
from surveys.models import Link, Source, Survey
from surveys.questionnaire import Questionnaire

ON_CARDS = (Source.QR, Source.LINK)


@workspace_view("read")
@require_GET
def card_page(request: WorkspaceRequest, survey: int, link: int) -> HttpResponse:
    found = link_of(survey, link)
    asked = questionnaire_of(found.survey)
    look = chosen(found.card, {"language": request.GET.get("language", "")}, [*asked.languages])
    shown = _card(request, found, asked, look)
    others = list(Link.objects.filter(survey_id=survey, source__in=ON_CARDS, is_active=True))
    cards = [shown] * len(others)
    context = {
        "survey": found.survey,
        "link": found,
        "look": look,
        "card": shown,
        "change": look["change"].get(look["language"], ""),
        "qr": {"path": codes.path(shown.code), "side": shown.code.side},
        "faces": pdf.FACES,
        "formats": _formats(),
        "longest": LONGEST,
        "languages": [language(code) for code in asked.languages],
        "places": others,
        "sheets": pdf.sheets(cards),
        "checks": checks(
            shown,
            found.survey,
            is_example=is_example(request),
            is_active=found.is_active,
        ),
    }
    return render(request, "surveys/card.html", context)


def _formats() -> list[tuple[str, str]]:
    return list(zip(FORMATS, (_("A6"), _("4 on A4"), _("Sticker 60 mm")), strict=True))


def questionnaire_of(survey: Survey) -> Questionnaire:
    """What people answer now, else the draft: a card may be printed before the opening."""
    return publishing.published(survey) or publishing.definition_of(survey)


def _card(
    request: WorkspaceRequest, link: Link, asked: Questionnaire, look: dict[str, Any]
) -> Card:
    origin = origin_of(request)
    return card(link, asked, look, address_of(link, origin), short_of(link, origin))


@workspace_view("edit")
@require_POST
def card_edit(request: WorkspaceRequest, survey: int, link: int) -> HttpResponse:
    """One look for all cards of a survey: they lie beside each other."""
    found = link_of(survey, link)
    data = request.POST.dict() | {"back": request.POST.get("back", "0")}
    look = chosen(found.card, data, found.survey.all_languages)
    Link.objects.filter(survey_id=survey).update(card=look)
    messages.success(request, _("Saved for all cards of this survey"))
    return redirect("surveys:card", request.workspace.slug, survey, link)


@workspace_view("read")
@require_GET
def card_pdf(request: WorkspaceRequest, survey: int, link: int) -> HttpResponseBase:
    found = link_of(survey, link)
    asked = questionnaire_of(found.survey)
    look = chosen(found.card, request.GET.dict(), [*asked.languages])
    content = pdf.document([_card(request, found, asked, look)])
    return _attachment(content, f"{slugify(found.name) or 'card'}-{found.code}")


@workspace_view("read")
@require_GET
def cards_pdf(request: WorkspaceRequest, survey: int) -> HttpResponseBase:
    """Every card of a survey that is on: its codes, or its public link where it has none."""
    asked_of = survey_of(survey)
    rows = Link.objects.filter(survey=asked_of, is_active=True).select_related("survey__workspace")
    found = [*rows.filter(source=Source.QR)] or [*rows.filter(source=Source.LINK)]
    if not found:
        messages.error(request, _("There is no code yet."))
        return redirect("surveys:invite", request.workspace.slug, survey)
    asked = questionnaire_of(asked_of)
    look = chosen(found[0].card, request.GET.dict(), [*asked.languages])
    content = pdf.document([_card(request, one, asked, look) for one in found])
    return _attachment(content, f"{slugify(asked_of.name) or 'survey'}-cards")


def _attachment(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
