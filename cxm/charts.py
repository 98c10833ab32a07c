"""Plotly figures in the look of the application, and their way to the browser.

Colours are written as ``var(--ink)``: names of ``tokens.css``. ``static/js/charts.js`` puts in
the value of the theme that is shown, so one figure serves light and dark, and is drawn again when
the theme changes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

INK, INK_2, INK_3 = "var(--ink)", "var(--ink-2)", "var(--ink-3)"
SURFACE, RAISED = "var(--surface)", "var(--raised)"
LINE, LINE_2, EDGE = "var(--line)", "var(--line-2)", "var(--edge)"
TEAM, BAND = "var(--accent)", "var(--band)"
POSITIVE, NEGATIVE = "var(--pos-3)", "var(--neg-3)"
FONT = "Instrument Sans, system-ui, sans-serif"

COLORWAY = [INK, INK_3, POSITIVE, NEGATIVE, "var(--owned)", "var(--paid)"]
EMOTION = [
    f"var(--{name})"
    for name in ("neg-4", "neg-3", "neg-2", "neg-1", "mid", "pos-1", "pos-2", "pos-3", "pos-4")
]
DIVERGING = [[i / 8, colour] for i, colour in enumerate(EMOTION)]

LAYOUT: dict[str, Any] = {
    # Without an own template plotly adds its default one, some 7 kB, to every figure.
    "template": {},
    "font": {"family": FONT, "size": 12, "color": INK_2},
    "paper_bgcolor": SURFACE,
    "plot_bgcolor": SURFACE,
    "colorway": COLORWAY,
    "colorscale": {"diverging": DIVERGING},
    "margin": {"l": 52, "r": 16, "t": 40, "b": 28},
    "showlegend": False,
    "hovermode": "x",
    "dragmode": False,
    "xaxis": {
        "showgrid": False, "showline": False, "zeroline": False, "ticks": "", "fixedrange": True,
        "automargin": True, "tickfont": {"color": INK},
    },
    "yaxis": {
        "gridcolor": LINE, "zerolinecolor": EDGE, "zerolinewidth": 1, "ticks": "",
        "fixedrange": True, "automargin": True,
    },
    "hoverlabel": {
        "bgcolor": RAISED, "bordercolor": LINE_2, "align": "left",
        "font": {"family": FONT, "size": 12, "color": INK},
    },
}  # fmt: skip


def _merged(base: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in extra.items():
        known = result.get(key)
        nested = isinstance(known, Mapping) and isinstance(value, Mapping)
        result[key] = _merged(known, value) if nested else value  # type: ignore[arg-type]
    return result


def figure(
    traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any] | None = None
) -> go.Figure:
    """A figure of plain trace dictionaries in the theme; ``layout`` is merged over it.

    Plotly's check of every property costs more than all the rest of a page, so it is left out
    here; the tests of each figure put it through ``validated``.
    """
    return go.Figure(
        data={"data": [_plain(trace) for trace in traces], "layout": _merged(LAYOUT, layout or {})},
        _validate=False,
    )


def validated(fig: go.Figure) -> go.Figure:
    """The same figure with every property checked against plotly's schema (slow: for tests)."""
    plain = fig.to_plotly_json()
    return go.Figure(data=plain["data"], layout=plain["layout"])


def payload(fig: go.Figure, *, name: str) -> dict[str, Any]:
    """What ``{{ payload|json_script:id }}`` writes; ``name`` is the file name of a download."""
    plain = fig.to_plotly_json()
    return {"name": name, "data": _plain(plain["data"]), "layout": _plain(plain["layout"])}


def plain_payload(
    traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any] | None = None, *, name: str
) -> dict[str, Any]:
    """The same as ``payload(figure(traces, layout), name=name)`` for traces of plain values.

    Plotly's own objects copy a figure several times over; a page that is asked for often need
    not. The tests hold both ways to the same result.
    """
    return {"name": name, "data": list(traces), "layout": _merged(LAYOUT, layout or {})}


def _plain(value: Any) -> Any:
    """JSON types only: numpy arrays and numbers become lists and numbers, NaN becomes null."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and value != value else value


def mean_line(
    x: Sequence[Any], y: Sequence[float | None], *, name: str, **more: Any
) -> dict[str, Any]:
    """Customers: solid ink, filled points with a surface-coloured rim. ``None`` breaks the line."""
    base = {
        "type": "scatter", "mode": "lines+markers", "name": name, "x": list(x), "y": list(y),
        "connectgaps": False, "line": {"color": INK, "width": 2.25},
        "marker": {"color": INK, "size": 9, "line": {"color": SURFACE, "width": 1.5}},
    }  # fmt: skip
    return _merged(base, more)


def comparison_line(
    x: Sequence[Any], y: Sequence[float | None], *, name: str, **more: Any
) -> dict[str, Any]:
    """A second group: grey dashes, hollow squares."""
    base = {
        "line": {"color": INK_3, "width": 1.75, "dash": "7px,4px"},
        "marker": {"color": SURFACE, "symbol": "square", "line": {"color": INK_3, "width": 1.5}},
    }
    return mean_line(x, y, name=name, **_merged(base, more))


def team_line(
    x: Sequence[Any], y: Sequence[float | None], *, name: str, **more: Any
) -> dict[str, Any]:
    """What the team assumed: cobalt dashes, open diamonds."""
    base = {
        "line": {"color": TEAM, "width": 1.75, "dash": "5px,4px"},
        "marker": {"color": TEAM, "symbol": "diamond-open", "line": {"color": TEAM, "width": 1.5}},
    }
    return mean_line(x, y, name=name, **_merged(base, more))


def band(x: Sequence[Any], low: Sequence[float], high: Sequence[float]) -> list[dict[str, Any]]:
    """An interval as a soft area: two traces, one piece without a gap; call once per piece."""
    base: dict[str, Any] = {
        "type": "scatter", "mode": "lines", "x": list(x), "hoverinfo": "skip",
        "line": {"width": 0, "color": BAND},
    }  # fmt: skip
    return [
        {**base, "y": list(high)},
        {**base, "y": list(low), "fill": "tonexty", "fillcolor": BAND},
    ]
