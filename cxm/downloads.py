"""Answers that a browser keeps as a file."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from cxm.tabular import write_csv


def attachment(content: str | bytes, *, name: str, content_type: str) -> HttpResponse:
    """A text file in UTF-8; ``name`` is made of slugs and needs no quoting."""
    response = HttpResponse(content, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def csv_attachment(
    name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """A table as CSV that Excel opens; all rows are read while the workspace's scope is open."""
    content = "".join(write_csv(header, rows, bom=True))
    return attachment(content, name=name, content_type="text/csv")
