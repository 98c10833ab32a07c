"""Answers on their way out: CSV, XLSX and SPSS, with the mapping that reads them back."""

from surveys.exporting.book import Book, Column, load_book
from surveys.exporting.mapping import mapping_of
from surveys.exporting.rows import long_lines, wide_header, wide_rows

__all__ = [
    "Book",
    "Column",
    "load_book",
    "long_lines",
    "mapping_of",
    "wide_header",
    "wide_rows",
]
