"""Bringing answers in: file → mapping → validated rows → one transaction."""

from surveys.importing.action import import_responses
from surveys.importing.error_file import ErrorFile
from surveys.importing.result import CellError, ImportRefusedError, ImportStoppedError, Result

__all__ = [
    "CellError",
    "ErrorFile",
    "ImportRefusedError",
    "ImportStoppedError",
    "Result",
    "import_responses",
]
