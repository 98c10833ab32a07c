"""Time stamps of other tools."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.vendors.stamps import ISO, plain_stamp, with_order


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        ("2026/01/15 10:30:00 AM GMT+1", "2026-01-15 10:30:00"),
        ("2026/01/15 12:05:00 AM GMT+1", "2026-01-15 00:05:00"),
        ("2026/01/15 12:05:00 PM MEZ", "2026-01-15 12:05:00"),
        ("2026/01/15 3:05:00 nachm. OEZ", "2026/01/15 3:05:00 nachm. OEZ"),
        ("2026-01-15T10:30:00Z", "2026-01-15 10:30:00"),
        ("2026-01-15T10:30:00.123+02:00", "2026-01-15 10:30:00"),
        ("2026-01-15", "2026-01-15 00:00:00"),
        ("15.01.2026 10:30:00", "2026-01-15 10:30:00"),
        ("1.2.26", "2026-02-01 00:00:00"),
        ("8/20/25 12:51:45", "8/20/2025 12:51:45"),
        ("1/2/2026 1:05 PM", "1/2/2026 13:05:00"),
        ("January 5, 2026", "2026-01-05 00:00:00"),
        ("5. März 2026", "2026-03-05 00:00:00"),
        ("Mon, 5 Jan 2026 08:00:01", "2026-01-05 08:00:01"),
        ("Mon Sep 08 2025 13:58:23", "2025-09-08 13:58:23"),
        ("Mon Sep 08 2025 13:58:23 GMT-0500 (Central Daylight Time)", "2025-09-08 13:58:23"),
        ("2026-02-30", "2026-02-30"),
        ("2026-01-15 25:00", "2026-01-15 25:00"),
        ("soon", "soon"),
        ("", ""),
    ],
)
def test_a_stamp_is_plain_where_it_can_be_read_one_way(cell: str, plain: str) -> None:
    assert plain_stamp(cell) == plain


def test_the_order_of_a_known_tool_decides() -> None:
    assert with_order("3/4/2026 1:05 PM", month_first=True) == "2026-03-04 13:05:00"
    assert with_order("3/4/2026 1:05 PM", month_first=False) == "2026-04-03 13:05:00"
    assert with_order("13/4/2026", month_first=True) == "13/4/2026"


@given(st.text())
def test_any_text_comes_back(cell: str) -> None:
    assert isinstance(plain_stamp(cell), str)
    assert isinstance(with_order(cell, month_first=True), str)


@given(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2199, 12, 31)))
def test_every_moment_is_read_back(moment: dt.datetime) -> None:
    moment = moment.replace(microsecond=0)
    for format in ("%Y/%m/%d %I:%M:%S %p GMT+2", "%d.%m.%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"):
        text = moment.strftime(format)
        assert dt.datetime.strptime(plain_stamp(text), ISO) == moment
