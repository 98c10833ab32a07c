"""SPSS: labels of variables and values, and the values that its author declared missing.

A value that is declared missing still says why: "never used" is not "no answer".
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.utils.translation import gettext as _

from cxm.tabular import TableError
from surveys.columns import Column, kinds
from surveys.columns.choice import OUT, Choice, join
from surveys.columns.suggesting import date_formats
from surveys.columns.wording import is_never_used, scale_of_words
from surveys.models import Source
from surveys.vendors import sav_child
from surveys.vendors.look import Group, Heads, Lines, Vendor, unique, words_of
from surveys.vendors.options import parts_of

MAGIC: Final = (b"$FL2", b"$FL3")
_SECONDS: Final = 320
_LABEL: Final = 120
_ID: Final = re.compile(
    r"(\w*_)?(id|nr|no|num|number|case|respnum|respondent\w*|response_?id|uuid)\Z"
)
_WEIGHT: Final = re.compile(r"(\w+_)?(weight|gewicht|wt|wgt)\Z")
_PART: Final = re.compile(r"(.+?)_?(\d+|other)\Z", re.IGNORECASE)
_OWN: Final = {
    "response": "id", "answered_on": "date", "source": "source", "place": OUT,
    "language": "language", "version": OUT, "complete": OUT, "weight": "weight",
    "cluster": "cluster",
}  # fmt: skip
_HALVES: Final = (" – ", " - ", ": ")


def converted(file: BinaryIO, *, title: str) -> tuple[BinaryIO, dict[str, Any]]:
    """The table as a CSV file that deletes itself, and what is known of its columns.

    Raises TableError. The file is read in a process of its own, see ``sav_child``.
    """
    with tempfile.TemporaryDirectory(prefix="cxm-sav-") as folder:
        source, table, labels = (Path(folder) / name for name in ("in.sav", "out.csv", "out.json"))
        file.seek(0)
        with source.open("wb") as target:
            shutil.copyfileobj(file, target)
        command = [sys.executable, "-I", sav_child.__file__, *map(str, (source, table, labels))]
        try:
            done = subprocess.run(
                command,
                check=False,
                capture_output=True,
                timeout=_SECONDS,
                env={"OPENBLAS_NUM_THREADS": "1", "LANG": "C.UTF-8"},
            )
        except subprocess.TimeoutExpired as error:
            raise _damaged(title) from error
        if done.returncode:
            raise _damaged(title)
        known: dict[str, Any] = json.loads(labels.read_text("utf-8"))
        # Open before the folder goes: the file stays as long as somebody reads it.
        plain = tempfile.TemporaryFile()  # noqa: SIM115 (the reader of the table closes it)
        with table.open("rb") as written:
            shutil.copyfileobj(written, plain)
    plain.seek(0)
    return plain, known


def _damaged(title: str) -> TableError:
    return TableError(_("%(name)s is damaged and cannot be read.") % {"name": title})


def sure(rows: Lines) -> float:
    """Never by its look: an SPSS file begins with a mark of its own."""
    return 0


def heads(rows: Lines, scanned: object) -> Heads:
    known = scanned if isinstance(scanned, dict) else {}
    names = unique(rows[0])
    about = {name: known.get(given, {}) for name, given in zip(names, rows[0], strict=True)}
    texts = {name: words_of(found.get("label", "")) or name for name, found in about.items()}
    return Heads(
        rows=1,
        names=names,
        texts=texts,
        groups=_groups(names, texts, rows[1:]),
        hint=partial(_hint, about, texts),
    )


def _groups(names: list[str], texts: dict[str, str], rows: Lines) -> dict[str, Group]:
    sets: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for at, name in enumerate(names):
        if match := _PART.match(name):
            whole, option = _halved(texts[name])
            sets[f"{match[1]}\n{whole}"].append((at, name, option))
    found: dict[str, Group] = {}
    for key, members in sets.items():
        stem, whole = key.split("\n", 1)
        found |= parts_of(members, rows, key=stem, text=whole or stem)
    return found


def _halved(label: str) -> tuple[str, str]:
    """ "What did you use? – Terrace" is a question and an option."""
    for sign in _HALVES:
        whole, found, option = label.rpartition(sign)
        if found:
            return whole, option
    return "", label


def _hint(about: dict[str, Any], texts: dict[str, str], column: Column) -> Choice | None:
    if set(_OWN) <= set(about) and (role := _OWN.get(column.name)):
        return _of_own_export(role)
    known, text = about.get(column.name, {}), texts.get(column.name, column.name)
    labels = {code: label[:_LABEL] for code, label in known.get("values", [])}
    gone = [code for code in {*labels, *column.codes} if _is_missing(code, known)]
    name = column.name.casefold()
    if _ID.match(name) and column.distinct == column.filled and column.filled and not labels:
        return Choice("id")
    if _WEIGHT.match(name) and column.numbers == column.filled and not labels:
        return Choice("weight")
    if not labels and (formats := date_formats(column)):
        return Choice("date", format=formats[0] if len(formats) == 1 else "")
    if not labels and not gone:
        return None
    return _labelled(column, text, labels, sorted(gone), known.get("measure", ""))


def _of_own_export(role: str) -> Choice:
    """What stands before the answers in a file that was exported here."""
    if role == "source":
        return Choice(role, values="\n".join(f"{value} = {value}" for value in Source.values))
    return Choice(role, format="%Y-%m-%d" if role == "date" else "")


def _is_missing(code: str, known: dict[str, Any]) -> bool:
    for low, high in known.get("missing", []):
        if isinstance(low, str) or isinstance(high, str):
            if code == str(low).rstrip():
                return True
            continue
        try:
            number = float(code)
        except ValueError:
            continue
        if (low is None or number >= low) and (high is None or number <= high):
            return True
    return False


def _labelled(
    column: Column, text: str, labels: dict[str, str], gone: list[str], measure: str
) -> Choice | None:
    never = [code for code in gone if is_never_used(labels.get(code) or code.strip("# "))]
    none = [code for code in gone if code not in never]
    kept = {code: label for code, label in labels.items() if code not in gone and label.strip()}
    base = Choice("choice", text=text, never=join(never), none=join(none))
    scale = _scale(column, kept, gone)
    worded = scale_of_words(kept.values()) if kept else None
    lines = "\n".join(f"{code} = {label}" for code, label in kept.items())
    if scale and (worded or measure in ("ordinal", "scale") or not kept):
        said = {"low": str(scale[0]), "high": str(scale[1]), "values": lines}
        rated = kinds.kind_of_scale(text, *scale)
        kind = worded[0] if worded and rated == "rating" else rated
        return Choice(**vars(base) | said | {"becomes": kind})
    if kept:
        return Choice(**vars(base) | {"values": lines})
    # A text whose reasons for being missing stand in its place.
    return Choice(**vars(base) | {"becomes": "text"}) if column.numbers < column.filled else None


def _scale(column: Column, kept: dict[str, str], gone: list[str]) -> tuple[int, int] | None:
    """The whole numbers from the lowest to the highest that is labelled or given: 3 to 11."""
    try:
        codes = {int(code) for code in {*kept, *column.codes} - {*gone}}
    except ValueError:
        return None
    if not codes or column.is_cut:
        return None
    low, high = min(codes), max(codes)
    if not kept:
        low, high = min(low, 1), max(high, 5)
    return (low, high) if 3 <= high - low + 1 <= 11 and low >= -10 else None


VENDOR: Final = Vendor("spss", "SPSS", sure, heads)
