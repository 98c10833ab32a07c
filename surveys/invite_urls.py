"""Addresses of handing a survey out: links, cards, paper, letters."""

from django.urls import URLPattern, path

from surveys import card_views, kiosk_views, link_views, paper_views
from surveys import mailing_views as mailings

urlpatterns: list[URLPattern] = [
    path("<int:survey>/invite/", link_views.invite, name="invite"),
    path("<int:survey>/invite/links/new/", link_views.link_create, name="link-create"),
    path("<int:survey>/invite/links/<int:link>/", link_views.link, name="link"),
    path("<int:survey>/invite/links/<int:link>/changes/", link_views.link_edit, name="link-edit"),
    path("<int:survey>/invite/links/<int:link>/state/", link_views.link_state, name="link-state"),
    path(
        "<int:survey>/invite/links/<int:link>/removal/",
        link_views.link_removal,
        name="link-removal",
    ),
    path("<int:survey>/invite/links/<int:link>/code.svg", link_views.link_svg, name="link-svg"),
    path("<int:survey>/invite/links/<int:link>/code.png", link_views.link_png, name="link-png"),
    path("<int:survey>/invite/links/<int:link>/card/", card_views.card_page, name="card"),
    path("<int:survey>/invite/links/<int:link>/card/look/", card_views.card_edit, name="card-edit"),
    path("<int:survey>/invite/links/<int:link>/card.pdf", card_views.card_pdf, name="card-pdf"),
    path("<int:survey>/invite/cards.pdf", card_views.cards_pdf, name="cards-pdf"),
    path(
        "<int:survey>/invite/links/<int:link>/tablet/", kiosk_views.kiosk_begin, name="kiosk-begin"
    ),
    path("<int:survey>/invite/letters/new/", mailings.mailing_create, name="mailing-create"),
    path("<int:survey>/invite/letters/<int:mailing>/", mailings.mailing, name="mailing"),
    path(
        "<int:survey>/invite/letters/<int:mailing>/letter/",
        mailings.mailing_letter,
        name="mailing-letter",
    ),
    path(
        "<int:survey>/invite/letters/<int:mailing>/test/",
        mailings.mailing_test,
        name="mailing-test",
    ),
    path(
        "<int:survey>/invite/letters/<int:mailing>/sending/",
        mailings.mailing_sending,
        name="mailing-sending",
    ),
    path(
        "<int:survey>/invite/letters/<int:mailing>/state/",
        mailings.mailing_state,
        name="mailing-state",
    ),
    path(
        "<int:survey>/invite/letters/<int:mailing>/unsure/",
        mailings.mailing_unsure,
        name="mailing-unsure",
    ),
    path(
        "<int:survey>/invite/letters/<int:mailing>/removal/",
        mailings.mailing_removal,
        name="mailing-removal",
    ),
    path("<int:survey>/invite/links/<int:link>/paper/", paper_views.paper_page, name="paper"),
    path(
        "<int:survey>/invite/links/<int:link>/paper/entry/",
        paper_views.paper_entry,
        name="paper-entry",
    ),
]
