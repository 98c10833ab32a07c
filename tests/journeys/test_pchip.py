"""Smooth lines: through the points, never beyond them, broken at gaps; scipy as the oracle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from journeys import pchip

values = st.lists(st.floats(-2, 2).map(lambda x: round(x, 3)), min_size=2, max_size=12)


@given(values)
def test_as_scipy_draws_it_and_never_beyond_the_points(ys: list[float]) -> None:
    xs, line = pchip.sampled(ys, start=3)
    oracle = PchipInterpolator(np.arange(3, 3 + len(ys)), ys)(xs)
    assert line == pytest.approx(oracle.tolist(), abs=1e-3)
    assert min(line) >= min(ys) - 1e-3
    assert max(line) <= max(ys) + 1e-3
    assert line[::8] == pytest.approx(ys, abs=1e-3)


def test_gaps_break_the_line() -> None:
    assert pchip.pieces([1.0, None, 2.0, 3.0, None]) == [(0, [1.0]), (2, [2.0, 3.0])]
    assert pchip.pieces([]) == []
    assert pchip.sampled([0.5], start=4) == [[4.0], [0.5]]
