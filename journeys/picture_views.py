"""A map as a file to look at: SVG, PNG, PDF, slides; and the choice of paper."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from journeys.formats import pdf, png, pptx_slides
from journeys.formats.drawing_svg import drawn
from journeys.formats.svg_layout import Pictured
from journeys.pictured import load_uploads, read_pictured

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@workspace_view("export")
@require_safe
def map_svg(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """The whole map as one drawing."""
    shown = read_pictured(request, journey)
    return _file(drawn(shown, load_uploads).svg, shown, "svg", "image/svg+xml; charset=utf-8")


@workspace_view("export")
@require_safe
def map_png(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """The same in pixels; a map that is too large for a picture says what to take instead."""
    shown = read_pictured(request, journey)
    try:
        picture = png.raster(drawn(shown, load_uploads, fonts=False))
    except png.TooLargeError as error:
        words = _(
            "This map would make a picture of %(size)s megapixels. Take SVG or PDF: they have no"
            " limit."
        ) % {"size": error.megapixels}
        return _options(request, shown, words, 422)
    return _file(picture.data, shown, "png", "image/png")


@workspace_view("export")
@require_safe
def map_pdf(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """On paper: ``?paper=`` a4, a3 (in tiles that repeat their heads) or one (a single page)."""
    shown = read_pictured(request, journey)
    paper = request.GET.get("paper", "a4")
    if paper not in pdf.PAPERS:
        words = _("There is no paper “%(name)s”.") % {"name": paper[:20]}
        return _options(request, shown, words, 422)
    return _file(pdf.document(shown, load_uploads, paper), shown, "pdf", "application/pdf")


@workspace_view("export")
@require_safe
def map_pptx(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """Slides: the finding, then phase by phase, with shapes that can be edited."""
    shown = read_pictured(request, journey)
    return _file(pptx_slides.deck(shown, load_uploads), shown, "pptx", PPTX)


@workspace_view("export")
@require_safe
def print_options(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """Which paper, and how many sheets it takes."""
    return _options(request, read_pictured(request, journey))


def _options(
    request: WorkspaceRequest, shown: Pictured, problem: str = "", status: int = 200
) -> HttpResponse:
    kept = [(key, value) for key in request.GET for value in request.GET.getlist(key)]
    kept = [(key, value) for key, value in kept if key != "paper"]
    context = {
        "shown": shown,
        "papers": pdf.choices(shown),
        "kept": kept,
        "query": urlencode(kept),
        "problem": problem,
    }
    return render(request, "journeys/print_options.html", context, status=status)


def _file(content: str | bytes, shown: Pictured, ending: str, kind: str) -> HttpResponse:
    name = shown.board.slug + (f"-{shown.board.seq}" if shown.reading.selection.until else "")
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
