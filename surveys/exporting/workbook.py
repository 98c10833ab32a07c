"""Answers as a workbook: one row per response, and a sheet that says what the columns mean."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

import xlsxwriter
from django.utils.translation import gettext as _

from surveys.exporting.book import Book, Column
from surveys.exporting.rows import wide_header, wide_rows

MOST: Final = 1_048_575  # lines of a sheet below its heading
LONGEST: Final = 32_767  # characters of a cell
_NUMBER: Final = re.compile(r"0|[1-9]\d{0,4}|-[1-9]\d{0,3}", re.ASCII)


def write_workbook(target: BinaryIO, book: Book) -> None:
    """Text stays text and scores are numbers; memory stays flat. ``MOST`` responses at most."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as file:
        bold = file.add_format({"bold": True})
        answers = file.add_worksheet(_("Answers")[:31])
        for at, name in enumerate(wide_header(book)):
            answers.write_string(0, at, name[:LONGEST], bold)
        for line, row in enumerate(wide_rows(book), 1):
            for at, value in enumerate(row):
                _write(answers, line, at, value)
        answers.freeze_panes(1, 1)
        codes = file.add_worksheet(_("Codebook")[:31])
        for line, words in enumerate(codebook(book)):
            for at, text in enumerate(words):
                codes.write_string(line, at, text[:LONGEST], bold if line == 0 else None)
        codes.freeze_panes(1, 0)


def _write(sheet: "xlsxwriter.worksheet.Worksheet", line: int, at: int, value: object) -> None:
    if value == "":
        return
    if isinstance(value, str):
        # A score as it is written by itself; "007" and texts stay what they are.
        if _NUMBER.fullmatch(value):
            sheet.write_number(line, at, int(value))
        else:
            sheet.write_string(line, at, value[:LONGEST])
    elif isinstance(value, int | float):
        sheet.write_number(line, at, value)


def codebook(book: Book) -> Iterator[list[str]]:
    """What each column means: heading first, then what stands before the answers, then those."""
    yield [_("Column"), _("Question"), _("Kind"), _("Scale"), _("Touchpoint"), _("Codes")]
    notes = {
        "response": _("number of the response"),
        "answered_on": _("day; of anonymous surveys the Monday of its week"),
        "source": _("where the answer came from"),
        "place": _("the link or place it came through"),
        "language": _("language it was answered in"),
        "version": _("version of the questionnaire"),
        "complete": _("1 finished, 0 left before the end"),
        "weight": _("weight of the response"),
        "cluster": _("interview run, table: answers of one resemble each other"),
    }
    for name, column in book.meta.items():
        yield [column, notes.get(name, _("segment")), "", "", "", ""]
    for found in book.answered:
        yield _described(found)


def _described(column: Column) -> list[str]:
    question = column.question
    scale = f"{question.scale_min}–{question.scale_max}" if question.has_scale else ""
    if question.is_reversed:
        scale += " " + _("(low is good)")
    codes = [f"{code} = {words}" for code, words in column.labels]
    codes += ["never = " + _("Never used"), "unknown = " + _("Don’t know")]
    codes += ["skipped = " + _("seen, not answered"), _("empty = not asked")]
    return [
        column.key,
        column.title,
        str(question.get_kind_display()),
        scale,
        question.touchpoint.name if question.touchpoint else "",
        "; ".join(codes),
    ]
