"""Cards as PDF: vectors and text, one card per page, four on A4, or stickers in rows."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from fpdf import FPDF

from cxm import fonts
from surveys.cards.design import Card

INK, GREY, LINE = "#14201c", "#43504a", "#c4ccc7"
FACES: Final = ("#86c4ba", "#cde6e1", "#edf0ed", "#f5dcc0", "#e2a468")
A6: Final = (105.0, 148.0)
STICKER: Final = 60.0


class Paper:
    """An FPDF in millimetres with our fonts; other scripts are shaped with what the server has."""

    def __init__(self, size: tuple[float, float], title: str, lang: str) -> None:
        self.file: Any = FPDF(unit="mm", format=size)
        self.file.set_auto_page_break(False)
        self.file.set_margin(0)
        self.file.c_margin = 0
        self.file.set_title(title)
        self.file.set_creator("CXM")
        self.file.set_lang(lang)
        for face in fonts.FACES:
            self.file.add_font(face, "", fonts.path(face))
        names = ["serif"]
        for path in fonts.SYSTEM:
            if path.exists():
                self.file.add_font(path.stem.lower(), "", path)
                names.append(path.stem.lower())
        self.file.set_fallback_fonts(names, exact_match=False)
        self.file.set_text_shaping(True)

    def text(
        self, x: float, y: float, wide: float, text: str, size: float, face: str = "sans",
        fill: str = INK, align: str = "L", lines: int = 1, line: float = 1.25, room: float = 0,
    ) -> float:  # fmt: skip
        """Text from the top left corner, wrapped, at most so many lines; returns where it ends.

        ``room``: as many lines as fit into so many millimetres. What does not fit is set smaller,
        down to 40 %, then cut.
        """
        file, first = self.file, size
        while True:
            file.set_font(face, size=size)
            height = size * 0.3528 * line
            made = file.multi_cell(wide, height, text, dry_run=True, output="LINES", align=align)
            lines = max(1, int(room / height)) if room else lines
            if len(made) <= lines or size < first * 0.4:
                break
            size -= 0.5
        file.set_text_color(fill)
        for row in made[:lines]:
            file.set_xy(x, y)
            file.cell(wide, height, row.strip(), align=align)
            y += height
        return y

    def qr(self, card: Card, x: float, y: float, side: float) -> None:
        """The dark modules as filled rectangles, runs of a row as one."""
        self.file.set_fill_color("#000000")
        step = side / card.code.side
        for row, modules in enumerate(card.code.modules):
            start = None
            for column, dark in enumerate([*modules, False]):
                if dark and start is None:
                    start = column
                elif not dark and start is not None:
                    self._box(x + start * step, y + row * step, (column - start) * step, step)
                    start = None

    def _box(self, x: float, y: float, wide: float, high: float) -> None:
        # A hair more downwards, so that no seam shows between two rows.
        self.file.rect(x, y, wide, high + 0.01, "F")

    def line(self, x: float, y: float, to: float, stroke: str = INK, width: float = 0.35) -> None:
        self.file.set_draw_color(stroke)
        self.file.set_line_width(width)
        self.file.line(x, y, to, y)

    def bytes(self) -> bytes:
        return bytes(self.file.output())


def document(cards: Sequence[Card]) -> bytes:
    """The PDF of cards that have one format. ValueError without any."""
    if not cards:
        raise ValueError("no card")
    first = cards[0]
    paper = Paper(A6 if first.format == "a6" else (210.0, 297.0), first.title, first.language.code)
    {"a6": _single, "four": _four, "sticker": _stickers}[first.format](paper, cards)
    return paper.bytes()


def _single(paper: Paper, cards: Sequence[Card]) -> None:
    for card in cards:
        paper.file.add_page()
        _front(paper, card, 0, 0)
        if card.points:
            paper.file.add_page()
            _back(paper, card, 0, 0)


def _four(paper: Paper, cards: Sequence[Card]) -> None:
    """Four fronts on a sheet; their backs follow mirrored, so that both sides meet when turned."""
    for start in range(0, len(cards), 4):
        sheet = cards[start : start + 4]
        _sheet(paper, sheet, _front, (0.0, A6[0]))
        if sheet[0].points:
            _sheet(paper, sheet, _back, (A6[0], 0.0))


_Draw = Callable[[Paper, Card, float, float], None]


def _sheet(paper: Paper, cards: Sequence[Card], draw: _Draw, columns: Sequence[float]) -> None:
    paper.file.add_page()
    for place, card in enumerate(cards):
        draw(paper, card, columns[place % 2], A6[1] * (place // 2))
    paper.file.set_draw_color(LINE)
    paper.file.set_line_width(0.1)
    paper.file.line(A6[0], 0, A6[0], 297)
    paper.file.line(0, A6[1], 210, A6[1])


def _stickers(paper: Paper, cards: Sequence[Card]) -> None:
    """Twelve on a sheet: 3 × 4 of 60 mm, with lines to cut along."""
    for start in range(0, len(cards), 12):
        paper.file.add_page()
        for place, card in enumerate(cards[start : start + 12]):
            x, y = 15 + (place % 3) * STICKER, 28.5 + (place // 3) * STICKER
            paper.file.set_draw_color(LINE)
            paper.file.set_line_width(0.1)
            paper.file.rect(x, y, STICKER, STICKER)
            _sticker(paper, card, x, y)


def _sticker(paper: Paper, card: Card, x: float, y: float) -> None:
    align = "R" if card.language.direction == "rtl" else "C"
    paper.text(x + 4, y + 3.5, 52, card.title, 11, "serif-600", align=align, lines=1)
    paper.qr(card, x + 13, y + 11.5, card.code_mm)
    paper.text(x + 4, y + 47.5, 52, card.short, 8.5, "sans-600", align="C")
    paper.text(x + 4, y + 53, 52, card.place, 7.5, fill=GREY, align="C")


def _front(paper: Paper, card: Card, x: float, y: float) -> None:
    left, wide = x + 9, 87.0
    side = "R" if card.language.direction == "rtl" else "L"
    paper.text(left, y + 9, wide, card.brand, 12, "sans-600", align=side)
    bottom = paper.text(
        left, y + 20, wide, card.title, 30, "serif-600", align=side, line=1.08, room=27
    )
    paper.text(left, bottom + 2, wide, card.subtitle, 11, fill=GREY, align=side, lines=2)
    top = y + 60
    paper.qr(card, left, top, card.code_mm)
    _faces(paper, x + 78, top)
    before, last = card.short_parts
    paper.file.set_font("sans", size=11)
    shift = paper.file.get_string_width(before)
    if shift < 66:
        paper.text(left, top + 57, wide, before, 11)
        paper.text(left + shift, top + 57, wide - shift, last, 11, "sans-600")
    else:
        paper.text(left, top + 57, wide, card.short, 11, "sans-600")
    paper.line(left, y + 134, left + wide)
    paper.text(left, y + 136.2, 60, card.others, 8, fill=GREY, lines=2, line=1.15)
    paper.text(left + 60, y + 136.2, 27, card.place, 8.5, "sans-600", align="R", lines=2, line=1.15)


def _faces(paper: Paper, x: float, y: float) -> None:
    """Five faces, best first: they say what it is about before anybody reads."""
    file = paper.file
    for place, colour in enumerate(FACES):
        middle_x, middle_y = x + 4.7, y + 4.7 + place * 11.1
        file.set_fill_color(colour)
        file.set_draw_color(INK)
        file.set_line_width(0.35)
        file.ellipse(middle_x - 4.7, middle_y - 4.7, 9.4, 9.4, "F")
        file.ellipse(middle_x - 3.3, middle_y - 3.3, 6.6, 6.6, "D")
        file.set_fill_color(INK)
        for eye in (-1.15, 0.75):
            file.ellipse(middle_x + eye, middle_y - 1.0, 0.5, 0.6, "F")
        bend = (1.5, 0.9, 0.0, -0.8, -1.4)[place]
        start = middle_y + 1.1 - bend / 3
        points = [
            (middle_x + 1.6 * (t / 6 - 1), start + bend * (1 - (t / 6 - 1) ** 2)) for t in range(13)
        ]
        file.polyline(points)


def _back(paper: Paper, card: Card, x: float, y: float) -> None:
    left, wide = x + 9, 87.0
    side = "R" if card.language.direction == "rtl" else "L"
    top = paper.text(left, y + 9, wide, card.back_title, 21, "serif-600", align=side, lines=2)
    top += 6
    for number, (head, words) in enumerate(card.points, 1):
        paper.text(left, top, 8, str(number), 15, "sans-600", fill="#5c6863")
        after = paper.text(left + 9, top, wide - 9, head, 11.5, "sans-600", align=side)
        top = paper.text(left + 9, after, wide - 9, words, 11, align=side, lines=4) + 5
    paper.line(left, y + 134, left + wide)
    paper.text(left, y + 136.2, wide, card.foot, 8, fill=GREY, lines=2, line=1.15)


def sheets(cards: Iterable[Card]) -> int:
    """How many sheets of A4 (or cards of A6) a print takes."""
    found = list(cards)
    per = {"a6": 1, "four": 4, "sticker": 12}[found[0].format] if found else 1
    return -(-len(found) // per)
