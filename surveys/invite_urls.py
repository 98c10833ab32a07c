"""Addresses of handing a survey out: links, cards, paper, letters."""

from django.urls import URLPattern, path

from surveys import card_views, kiosk_views, link_views

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
]
