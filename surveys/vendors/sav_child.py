"""Reads one SPSS file in a process of its own and writes it as CSV, its labels as JSON.

``python sav_child.py SOURCE TABLE LABELS``. The library that reads SPSS files is written in C: a
damaged or hostile file can at worst end this process. Imports nothing of the application, so that
it begins quickly. Exit 0: done; 3: the reason stands on stdout.
"""

import csv
import datetime as dt
import json
import math
import resource
import sys
from typing import Any, Final

_CELLS: Final = 1_000_000  # at once; each time the file is walked from its beginning
_LARGEST: Final = 2 * 1024**3  # bytes of the table
_SECONDS: Final = 300
_MEMORY: Final = 3 * 1024**3
_MOST: Final = 2000  # columns


def main(source: str, table: str, labels: str) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST, _LARGEST))
    import pyreadstat

    try:
        _rows, meta = pyreadstat.read_sav(
            source, metadataonly=True, user_missing=True, output_format="dict"
        )
        names = list(meta.column_names)
        if not names or len(names) > _MOST:
            print("columns")
            return 3
        with open(labels, "w", encoding="utf-8") as file:
            json.dump(_described(meta), file)
        _write(pyreadstat, source, table, names)
    except Exception as error:  # the library fails in many ways
        print(type(error).__name__)
        return 3
    return 0


def _described(meta: Any) -> dict[str, Any]:
    """Per column: label, value labels, ranges of missing values, how it is measured."""
    return {
        name: {
            "label": _storable(meta.column_names_to_labels.get(name) or ""),
            "values": [
                [_text(value), _storable(label)]
                for value, label in meta.variable_value_labels.get(name, {}).items()
            ],
            "missing": [
                [_bound(part["lo"]), _bound(part["hi"])]
                for part in meta.missing_ranges.get(name, [])
            ],
            "measure": meta.variable_measure.get(name, "unknown"),
        }
        for name in meta.column_names
    }


def _bound(value: Any) -> Any:
    """A bound of a range: text, a number, or None for one without end."""
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) and abs(value) < 1e300 else None
    return _storable(value)


def _write(pyreadstat: Any, source: str, table: str, names: list[str]) -> None:
    with open(table, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(names)
        offset, chunk = 0, max(_CELLS // len(names), 1000)
        while True:
            found, _meta = pyreadstat.read_sav(
                source,
                row_offset=offset,
                row_limit=chunk,
                user_missing=True,
                output_format="dict",
            )
            columns = [[_text(value) for value in found[name]] for name in names]
            rows = len(columns[0])
            writer.writerows(zip(*columns, strict=True))
            offset += rows
            if rows < chunk:
                return


def _text(value: Any) -> str:
    """A cell as CSV has it: whole numbers without point, days and moments as ISO."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
    if isinstance(value, str):
        return _storable(value).rstrip()
    try:
        number = float(value)
    except (TypeError, ValueError):
        return _storable(value)
    if math.isnan(number):
        return ""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _storable(value: Any) -> str:
    """Without NUL and halves of signs, which no text of the database may hold."""
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
