"""Writing on a slide: texts, lines and shapes in points, and speaker notes."""

import io
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from journeys.formats.drawing_svg import Uploads
from journeys.formats.svg_fonts import clean, is_rtl
from journeys.formats.svg_shapes import (
    INK,
    SUNKEN,
    Box,
    Dot,
    Hatch,
    Path,
    Photo,
    Shape,
    Words,
)

TITLE_ONLY = 5
ALIGN = {"left": PP_ALIGN.LEFT, "center": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}


def colour(hex_colour: str) -> RGBColor:
    digits = hex_colour.lstrip("#")
    return RGBColor(*(int(digits[at : at + 2], 16) for at in (0, 2, 4)))  # type: ignore[no-untyped-call]


def written(text: str) -> str:
    """What may stand in a slide: line breaks stay inside of the paragraph."""
    return clean(text).replace("\t", " ")


class Slide:
    """One slide of ``file`` with a title placeholder and free shapes."""

    def __init__(self, file: Any, uploads: Uploads) -> None:
        self.slide: Any = file.slides.add_slide(file.slide_layouts[TITLE_ONLY])
        self.uploads = uploads

    def text(
        self, text: str, x: float, y: float, width: float, height: float, *, size: float = 11,
        fill: str = INK, serif: bool = False, bold: bool = False, align: str = "left",
        is_title: bool = False,
    ) -> None:  # fmt: skip
        """A text box; the title is the slide's own, so that outlines and readers find it."""
        if not text and not is_title:
            return
        if is_title:
            box = self.slide.shapes.title
            box.left, box.top, box.width, box.height = Pt(x), Pt(y), Pt(width), Pt(height)
        else:
            box = self.slide.shapes.add_textbox(Pt(x), Pt(y), Pt(width), Pt(height))
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor = MSO_ANCHOR.TOP
        write(frame, text, size=size, fill=fill, serif=serif, bold=bold, align=align)

    def line(self, x0: float, y0: float, x1: float, y1: float, stroke: RGBColor) -> None:
        found = self.slide.shapes.add_connector(
            MSO_CONNECTOR.STRAIGHT, Pt(x0), Pt(y0), Pt(x1), Pt(y1)
        )
        found.line.color.rgb = stroke
        found.line.width = Pt(0.75)
        _flat(found)

    def shapes(self, shapes: Iterable[Shape]) -> None:
        """The shapes of a picture as shapes of the slide; coordinates are points."""
        for shape in shapes:
            if isinstance(shape, Words):
                self._words(shape)
            elif isinstance(shape, Path):
                self._path(shape)
            elif isinstance(shape, Photo):
                self.picture(shape)
            else:
                self._solid(shape)

    def _words(self, shape: Words) -> None:
        a, b, c, _d = shape.bounds
        room = 20.0
        self.text(shape.text, a - room, b, c - a + 2 * room, shape.size * 1.4, size=shape.size,
                  fill=shape.fill, bold=shape.face.endswith("600"), align="center")  # fmt: skip

    def _path(self, shape: Path) -> None:
        if len(shape.points) == 2:
            (x0, y0), (x1, y1) = shape.points
            found = self.slide.shapes.add_connector(
                MSO_CONNECTOR.STRAIGHT, Pt(x0), Pt(y0), Pt(x1), Pt(y1)
            )
        else:
            (x, y), *rest = shape.points
            builder = self.slide.shapes.build_freeform(Pt(x), Pt(y))
            builder.add_line_segments([(Pt(a), Pt(b)) for a, b in rest], close=bool(shape.fill))
            found = builder.convert_to_shape()
            self._fill(found, shape.fill)
        self._stroke(found, shape)

    def _solid(self, shape: Box | Dot | Hatch) -> None:
        a, b, c, d = shape.bounds
        kind = MSO_SHAPE.OVAL if isinstance(shape, Dot) else MSO_SHAPE.RECTANGLE
        found = self.slide.shapes.add_shape(kind, Pt(a), Pt(b), Pt(c - a), Pt(d - b))
        if isinstance(shape, Hatch):
            found.fill.patterned()
            found.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
            found.fill.fore_color.rgb = colour("#c4ccc7")
            found.fill.back_color.rgb = colour("#ffffff")
            found.line.fill.background()
            found.name = _("never asked")
            _flat(found)
        else:
            self._fill(found, shape.fill)
            self._stroke(found, shape)
        found.shadow.inherit = False

    def _fill(self, found: Any, fill: str) -> None:
        if fill:
            found.fill.solid()
            found.fill.fore_color.rgb = colour(fill)
        else:
            found.fill.background()
        found.shadow.inherit = False

    def _stroke(self, found: Any, shape: Path | Box | Dot) -> None:
        _flat(found)
        if not shape.stroke:
            found.line.fill.background()
            return
        found.line.color.rgb = colour(shape.stroke)
        found.line.width = Pt(shape.line)
        if shape.dash:
            found.line.dash_style = MSO_LINE.DASH

    def picture(self, shape: Photo) -> None:
        """A stored picture; one that cannot be read leaves a grey box."""
        found = self.uploads.get(shape.upload)
        try:
            if found is None:
                raise OSError(shape.name)
            box = (Pt(shape.x), Pt(shape.y), Pt(shape.width), Pt(shape.height))
            picture = self.slide.shapes.add_picture(io.BytesIO(found[1]), *box)
            picture.name = written(shape.name)[:100]
        except (OSError, ValueError):
            self._solid(Box(shape.x, shape.y, shape.width, shape.height, SUNKEN))

    def notes(self, lines: Iterable[str]) -> None:
        self.slide.notes_slide.notes_text_frame.text = "\n".join(map(written, lines))


def _flat(found: Any) -> None:
    """No shadow: the theme gives one to every shape."""
    for effect in found._element.iter(qn("a:effectRef")):
        effect.set("idx", "0")


def write(
    frame: Any, text: str, *, size: float, fill: str = INK, serif: bool = False,
    bold: bool = False, align: str = "left",
) -> None:  # fmt: skip
    """A text into an empty frame: one paragraph per line, each in its own direction."""
    for number, line in enumerate(written(text).split("\n")):
        paragraph = frame.add_paragraph() if number else frame.paragraphs[0]
        run = paragraph.add_run()
        run.text = line
        run.font.size = Pt(size)
        run.font.bold = bold
        run.font.name = "Georgia" if serif else "Arial"  # what every office has
        run.font.color.rgb = colour(fill)
        paragraph.alignment = ALIGN[align]
        if is_rtl(line):
            paragraph._p.get_or_add_pPr().set("rtl", "1")
