"""The channels of a map as tracks: a dot where a step uses one, a line where it changes."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from journeys.board import Board
from journeys.grid import Layout

TOP, TRACK = 34, 20
"""Where the first track lies below the lane's name, and the height of one, px."""


def channels_of(board: Board) -> list[str]:
    """The channels that a map's touchpoints use, in the order in which customers meet them."""
    names = (chip.channel for step in board.steps for chip in step.touchpoints if chip.channel)
    return list(dict.fromkeys(names))


def drawing(layout: Layout, channels: Sequence[str]) -> SafeString:
    """Tracks, dots and the line from each step's first channel to that of the next one."""
    place = {name: TOP + TRACK * number for number, name in enumerate(channels)}
    dots: list[tuple[str, float, int]] = []
    line: list[str] = []
    for column, step in layout.steps:
        used = list(dict.fromkeys(c.channel for c in step.touchpoints if c.channel))
        dots += [("dot first" if n == 0 else "dot", column.centre, place[name])
                 for n, name in enumerate(used)]  # fmt: skip
        if used:
            line.append(f"{column.centre:g} {place[used[0]]}")
    height = TOP + TRACK * len(channels) - 4
    tracks = format_html_join(
        "", '<path class="gl" d="M0 {}H{}"/>', [(y, layout.width) for y in place.values()]
    )
    return format_html(
        '<svg class="tracks" width="{}" height="{}" aria-hidden="true">{}{}{}</svg>',
        layout.width, height, tracks,
        format_html('<path class="ln thin" d="M{}"/>', "L".join(line)) if line else "",
        format_html_join("", '<circle class="{}" cx="{}" cy="{}" r="5"/>', dots),
    )  # fmt: skip
