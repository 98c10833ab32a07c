"""Figures: in the theme, valid for plotly, cheap, JSON to the browser."""

import json
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import plotly.offline
import pytest

from cxm import charts

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"


def emotion_curve() -> go.Figure:
    x = ["Arrive", "Screening", "Board"]
    return charts.figure(
        [
            *charts.band(x[:1], [0.8], [1.2]),
            charts.mean_line(x, [1.0, None, 0.4], name="Customers", customdata=[1, 2, 3]),
            charts.comparison_line(x, [0.9, 0.8, 0.7], name="Domestic"),
            charts.team_line(x, [1.5, 1.5, 1.0], name="Team"),
        ],
        {"yaxis": {"range": [-2, 2]}},
    )


def test_the_figure_holds_to_plotlys_schema() -> None:
    checked = charts.validated(emotion_curve())
    assert checked.data[2].line.color == "var(--ink)"
    assert checked.data[4].marker.symbol == "diamond-open"


def test_a_wrong_property_is_found_by_validation() -> None:
    with pytest.raises(ValueError, match="mood"):
        charts.validated(charts.figure([{"type": "scatter", "mood": "lines"}]))


def test_a_layout_is_merged_over_the_theme_and_leaves_the_theme_alone() -> None:
    layout = charts.payload(emotion_curve(), name="curve")["layout"]
    assert layout["yaxis"]["range"] == [-2, 2]
    assert layout["yaxis"]["gridcolor"] == "var(--line)"
    assert "range" not in charts.LAYOUT["yaxis"]


def test_colours_are_names_so_that_one_figure_serves_both_themes() -> None:
    assert "#" not in json.dumps(charts.payload(emotion_curve(), name="curve"))


def test_every_colour_name_is_a_token() -> None:
    tokens = (VENDOR.parent / "css" / "tokens.css").read_text()
    names = {*charts.COLORWAY, *charts.EMOTION, charts.TEAM, charts.BAND, charts.RAISED}
    for name in names | {charts.LINE_2, charts.EDGE, charts.INK_2, charts.SURFACE}:
        assert f"{name[4:-1]}:" in tokens


def test_the_payload_is_plain_json_and_small() -> None:
    fig = charts.figure([{"type": "bar", "x": np.array([1.5, np.nan]), "y": np.array(["a", "b"])}])
    payload = charts.payload(fig, name="bars")
    assert payload["name"] == "bars"
    assert payload["data"] == [{"type": "bar", "x": [1.5, None], "y": ["a", "b"]}]
    # Plotly's own default template would add several kilobytes to each chart.
    assert len(json.dumps(payload)) < 2000


def test_the_vendored_plotly_is_the_one_python_speaks_to() -> None:
    version = plotly.offline.get_plotlyjs_version()
    assert f"v{version}" in (VENDOR / "plotly-cartesian.min.js").read_text()[:200]
    assert version in (VENDOR / "plotly.css").read_text()[:100]
    assert f"dist-min {version}" in (VENDOR / "README.md").read_text()
