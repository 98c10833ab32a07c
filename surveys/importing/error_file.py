"""Every cell that was not stored, as a CSV file."""

from collections.abc import Sequence
from typing import IO

from django.utils.translation import gettext as _

from cxm.tabular import write_csv
from surveys.importing.result import CellError


class ErrorFile:
    """A sink for ``import_responses(on_error=…)`` that writes each error as it comes.

    ``file`` is open for text with ``newline=""``; its heading is written at once.
    """

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self._write([_("Line"), _("Column"), _("Value"), _("Problem")])

    def __call__(self, error: CellError) -> None:
        self._write([error.line, error.column, error.value, error.problem])

    def _write(self, row: Sequence[object]) -> None:
        self.file.writelines(list(write_csv([], [row]))[1:])
