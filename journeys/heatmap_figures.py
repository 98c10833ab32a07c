"""The heatmap as a plotly figure for PNG and SVG: it draws what ``HeatReading`` says."""

from typing import Any

from cxm import charts
from journeys.curve_marks import wrapped
from journeys.heatmap import HeatReading
from journeys.heatmap_rows import headings
from journeys.heatmap_words import Speaker
from journeys.insights.heatmap import SHADES, Cell

ROW, ABOVE, BELOW = 24, 78, 12
PROVEN = "\u25e5"


def payload(reading: HeatReading, speaker: Speaker, *, everybody: str) -> dict[str, Any]:
    """The figure as ``_chart.html`` takes it; ``everybody`` names the column of all answers."""
    traces, layout = parts(reading, speaker, everybody=everybody)
    return charts.plain_payload(traces, layout, name="heatmap")


def parts(
    reading: HeatReading, speaker: Speaker, *, everybody: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Traces and layout; cells without a figure hold their reason in words."""
    rows = [[row.all, *row.cells] for row in reading.rows]
    heads = [everybody, *(column.name for column in reading.columns)]
    names = [row.row.name for row in reading.rows]
    traces = [_cells(rows, speaker), _reasons(reading, rows, speaker)]
    layout = {
        "height": ABOVE + BELOW + ROW * max(1, len(rows)),
        "hovermode": False,
        "margin": {"l": 150, "r": 16, "t": ABOVE, "b": BELOW},
        "xaxis": _axis([wrapped(head, 10, 3) for head in heads]) | {"side": "top", "tickangle": 0},
        "yaxis": _axis([wrapped(name, 40, 1) for name in names])
        | {"range": [len(names) - 0.5, -0.5], "showgrid": False, "zeroline": False},
        "annotations": _groups(reading),
    }
    return traces, layout


def _axis(names: list[str]) -> dict[str, Any]:
    return {
        "tickmode": "array", "tickvals": list(range(len(names))), "ticktext": names,
        "tickfont": {"size": 11, "color": charts.INK},
    }  # fmt: skip


def _groups(reading: HeatReading) -> list[dict[str, Any]]:
    """The names over groups of columns."""
    notes, start = [], 1
    for heading in headings(reading):
        notes.append(
            {
                "x": start + (heading.width - 1) / 2, "y": 1, "yshift": ABOVE - 18, "xref": "x",
                "yref": "paper", "yanchor": "bottom", "showarrow": False,
                "text": wrapped(heading.name, 14 * heading.width, 1),
                "font": {"size": 11, "color": charts.INK_2},
            }
        )  # fmt: skip
        start += heading.width
    return notes


def _cells(rows: list[list[Cell]], speaker: Speaker) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "z": [[cell.shade if cell.estimate else None for cell in row] for row in rows],
        "text": [[_text(cell, speaker) for cell in row] for row in rows],
        "texttemplate": "%{text}",
        "textfont": {"size": 11},
        "colorscale": charts.DIVERGING,
        "zmin": 0,
        "zmax": SHADES - 1,
        "xgap": 2,
        "ygap": 2,
        "showscale": False,
        "hoverinfo": "skip",
    }


def _text(cell: Cell, speaker: Speaker) -> str:
    if cell.estimate is None:
        return ""
    return speaker.signed(cell.estimate.mean) + (f" {PROVEN}" if cell.proven else "")


def _reasons(reading: HeatReading, rows: list[list[Cell]], speaker: Speaker) -> dict[str, Any]:
    """Words where there is no figure; once per row where nothing asks about the touchpoint."""
    found = [
        (x, y, speaker.reason(reading.reason(cell)))
        for y, row in enumerate(rows)
        for x, cell in enumerate(row)
        if cell.estimate is None and (x == 0 or row[0].estimate is not None)
    ]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x for x, _y, _text in found],
        "y": [y for _x, y, _text in found],
        "text": [_short(text, len(rows[0])) for _x, _y, text in found],
        "textfont": {"size": 10, "color": charts.INK_2},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _short(text: str, columns: int) -> str:
    """Narrow columns take the first word; the table says the whole."""
    return wrapped(text if columns < 6 else text.partition(":")[0], 24, 1)
