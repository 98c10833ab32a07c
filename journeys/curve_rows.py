"""The numbers of a curve as rows of a file, for the page's download and the command line."""

from collections.abc import Iterator

from journeys.curve import CurveReading
from journeys.insights.changes import COLUMNS, rows_of

DIGITS = {
    "mean": 4, "ci_low": 4, "ci_high": 4, "emotion": 4, "reach": 4, "n_eff": 1,
    "compared_mean": 4, "compared_emotion": 4, "change": 4, "change_ci_low": 4,
    "change_ci_high": 4,
}  # fmt: skip
COMPARED = (
    "compared_mean", "compared_emotion", "compared_n", "change", "change_ci_low",
    "change_ci_high", "proven",
)  # fmt: skip


def heads(reading: CurveReading) -> tuple[str, ...]:
    """The columns of the file; those of a comparison stand at the end, when there is one."""
    return (*COLUMNS, *COMPARED) if reading.changes else COLUMNS


def rows(reading: CurveReading) -> Iterator[list[str]]:
    """One row per step, in the order of ``heads``; a hidden figure is empty, with its reason.

    Means and intervals are on the question's own scale, changes in emotion values.
    """
    columns = heads(reading)
    for number, row in enumerate(rows_of(reading.curve)):
        cells = dict(row)
        if reading.changes:
            cells |= _change(reading, number)
        yield [_text(name, cells.get(name)) for name in columns]


def _change(reading: CurveReading, number: int) -> dict[str, str | float | int | None]:
    assert reading.changes is not None
    change = reading.changes.changes[number]
    found, other = change.difference, change.a
    return {
        "compared_mean": other.raw.mean if other.raw else None,
        "compared_emotion": other.estimate.mean if other.estimate else None,
        "compared_n": other.n,
        "change": found.difference if found else None,
        "change_ci_low": found.ci_low if found else None,
        "change_ci_high": found.ci_high if found else None,
        "proven": ("yes" if found.proven else "no") if found else None,
    }


def _text(name: str, value: str | float | int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.{DIGITS.get(name, 4)}f}"
    return str(value)
