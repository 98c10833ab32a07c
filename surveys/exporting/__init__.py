"""Answers on their way out: CSV, XLSX and SPSS, with the mapping that reads them back."""

from surveys.exporting.book import Book, Column, load_book
from surveys.exporting.mapping import mapping_of
from surveys.exporting.rows import LONG, long_rows, wide_header, wide_rows

__all__ = [
    "LONG",
    "Book",
    "Column",
    "load_book",
    "long_rows",
    "mapping_of",
    "wide_header",
    "wide_rows",
]
