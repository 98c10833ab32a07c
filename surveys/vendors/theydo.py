"""The interchange JSON of TheyDo: ``THEYDO_SURVEY_RESPONSES_V1`` and ``…FEEDBACK_RESPONSES_V1``.

Fields are declared once; every response names those it answers. Read as a table of one line per
response. Series of measured figures in that form hold no answers and are not read.
"""

import csv
import io
import json
import tempfile
from typing import Any, BinaryIO, Final

from django.utils.translation import gettext as _

from cxm.tabular import TableError
from surveys.columns.choice import OUT, Choice
from surveys.vendors.look import Heads, Lines, Vendor, unique
from surveys.vendors.stamps import plain_stamp

_FORMATS: Final = {
    "THEYDO_SURVEY_RESPONSES_V1": ("surveyMetadata", "surveyFields", "surveyName"),
    "THEYDO_FEEDBACK_RESPONSES_V1": ("feedbackMetadata", "feedbackFields", "feedbackName"),
}
_LONGEST: Final = 50 * 1024 * 1024
_MOST: Final = 1000  # fields
_LEAVE: Final = ("IGNORE", "PERSONA")


def looks_so(start: bytes) -> bool:
    """Whether the first bytes of a file are an object that names one of these formats."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"THEYDO_' in start


def converted(file: BinaryIO, *, title: str) -> tuple[BinaryIO, dict[str, Any]]:
    """The responses as a CSV file, and what is declared of them. Raises TableError."""
    content = _load(file, title)
    keys = _FORMATS.get(str(content.get("format")))
    if keys is None:
        raise TableError(
            _("%(name)s holds “%(format)s”; only responses can be read.")
            % {"name": title, "format": _text(content.get("format"))[:60]}
        )
    declared = content.get(keys[0])
    fields = _fields(declared.get(keys[1]) if isinstance(declared, dict) else None)
    if not fields or not isinstance(content.get("responses"), list):
        raise TableError(_("%(name)s names no fields or no responses.") % {"name": title})
    names = unique(["responseId", "responseDateTime", *(_text(f["fieldName"]) for f in fields)])
    at = {f["fieldId"]: number for number, f in enumerate(fields, 2)}
    plain = tempfile.TemporaryFile()  # noqa: SIM115 (the reader of the table closes it)
    text = io.TextIOWrapper(plain, "utf-8", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(names)
    for number, response in enumerate(content["responses"], 1):
        writer.writerow(_cells(response, at, number))
    text.flush()
    text.detach()
    plain.seek(0)
    types = [str(f.get("fieldType", "TEXT")) for f in fields]
    about = {"types": dict(zip(names[2:], types, strict=True))}
    return plain, about | {"title": _text(content[keys[0]].get(keys[2]))[:160]}


def _load(file: BinaryIO, title: str) -> dict[str, Any]:
    file.seek(0)
    raw = file.read(_LONGEST + 1)
    if len(raw) > _LONGEST:
        raise TableError(_("%(name)s is larger than a JSON file may be: 50 MB.") % {"name": title})
    try:
        content = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        words = _("%(name)s is no valid JSON: %(reason)s.") % {"name": title, "reason": error}
        raise TableError(words, line=line) from error
    if not isinstance(content, dict):
        raise TableError(_("%(name)s names no fields or no responses.") % {"name": title})
    return content


def _fields(found: object) -> list[dict[str, Any]]:
    """The declared fields; nothing where one of them is odd or stands twice."""
    if not isinstance(found, list) or len(found) > _MOST:
        return []
    fields = [field for field in found if isinstance(field, dict)]
    ids = {field.get("fieldId") for field in fields if isinstance(field.get("fieldId"), str)}
    named = all(isinstance(field.get("fieldName"), str) for field in fields)
    return fields if named and len(ids) == len(found) else []


def _cells(response: Any, at: dict[str, int], number: int) -> list[str]:
    answers = response.get("responseFields") if isinstance(response, dict) else None
    if not isinstance(answers, list):
        raise _odd(number, _("it has no fields"))
    cells = [""] * (len(at) + 2)
    cells[0] = _text(response.get("responseId"))
    cells[1] = _text(response.get("responseDateTime"))
    for answer in answers:
        key = answer.get("fieldId") if isinstance(answer, dict) else None
        place = at.get(key) if isinstance(key, str) else None
        if place is None:
            raise _odd(number, _("a field of it is not declared"))
        cells[place] = _text(answer.get("textValue"))
    return cells


def _text(value: Any) -> str:
    """A value as text that can be stored: without NUL and halves of signs."""
    plain = "" if value is None else str(value).replace("\0", "")
    return plain.encode("utf-8", "replace").decode()


def _odd(number: int, reason: str) -> TableError:
    words = _("Response %(n)d cannot be read: %(reason)s.") % {"n": number, "reason": reason}
    return TableError(words, line=number)


def sure(rows: Lines) -> float:
    """Never by the look of a table: the file names its format itself."""
    return 0


def heads(rows: Lines, scanned: object) -> Heads:
    about = scanned if isinstance(scanned, dict) else {}
    names = list(rows[0])
    types = about.get("types", {})
    meta = {name: Choice(OUT) for name in names if types.get(name) in _LEAVE}
    meta |= {names[0]: Choice("id"), names[1]: Choice("date")}
    return Heads(1, names, meta=meta, cleaners={1: plain_stamp}, title=about.get("title", ""))


VENDOR: Final = Vendor("theydo", "TheyDo", sure, heads)
