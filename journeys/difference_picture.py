"""Two maps as one small picture: assumed and measured today, assumed for the future."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cxm.templatetags.ui import signed
from journeys import pchip
from journeys.futures import Pair

WIDTH, HEIGHT, TOP, FOOT, LEFT, RIGHT = 960, 250, 14, 34, 58, 16
_LINES = (("b", "assumed_today"), ("team", "assumed_future"), ("", "measured"))


def picture(pairs: Sequence[Pair]) -> SafeString:
    """One column per step of either map, numbered as in the table below it."""
    columns = max(1, len(pairs))
    wide = (WIDTH - LEFT - RIGHT) / columns

    def x(place: float) -> float:
        return round(LEFT + (place + 0.5) * wide, 1)

    parts = [_grid()]
    for css, name in _LINES:
        values: list[float | None] = [getattr(pair, name) for pair in pairs]
        for start, run in pchip.pieces(values):
            xs, ys = pchip.sampled(run, start=start, per_unit=6)
            path = "L".join(f"{x(at)} {_y(value)}" for at, value in zip(xs, ys, strict=True))
            parts.append(format_html('<path class="ln {}" d="M{}"/>', css, path))
        parts.append(_points(css, [(x(n), v) for n, v in enumerate(values) if v is not None]))
    parts.append(_numbers(pairs, [x(number) for number in range(len(pairs))]))
    return format_html(
        '<svg class="both-curves" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH, HEIGHT,
        _("Assumed today, assumed for the future and measured today, step by step."),
        format_html_join("", "{}", [(part,) for part in parts]),
    )  # fmt: skip


def _y(value: float) -> float:
    return round(TOP + (2 - value) / 4 * (HEIGHT - TOP - FOOT), 1)


def _grid() -> SafeString:
    words = {2: _("great"), 1: "", 0: _("neutral"), -1: "", -2: _("annoyed")}
    return format_html_join(
        "",
        '<path class="{}" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>'
        '<text x="0" y="{}">{}</text>',
        [
            (
                "gl0" if value == 0 else "gl", LEFT, _y(value), WIDTH - RIGHT,
                LEFT - 6, _y(value) + 4, signed(value, 0).replace("\u00b1", ""),
                # The word stands under its line's figure, where nothing else is.
                _y(value) + (18 if value > -2 else -10), word,
            )
            for value, word in words.items()
        ],
    )  # fmt: skip


def _points(css: str, points: Sequence[tuple[float, float]]) -> SafeString:
    if css:
        shape = '<path class="dia {}" d="m{} {} 5 5-5 5-5-5Z"/>'
        return format_html_join("", shape, [(css, x, _y(value) - 5) for x, value in points])
    return format_html_join(
        "", '<circle class="f-ink" cx="{}" cy="{}" r="4"/>', [(x, _y(v)) for x, v in points]
    )


def _numbers(pairs: Sequence[Pair], places: Sequence[float]) -> SafeString:
    rows = []
    for number, (pair, x) in enumerate(zip(pairs, places, strict=True), 1):
        sign = "+" if pair.today is None else "\u2212" if pair.future is None else ""
        rows.append((x, HEIGHT - 16, number, x, HEIGHT - 3, sign))
    return format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text>'
        '<text class="t-ink t-b" x="{}" y="{}" text-anchor="middle">{}</text>',
        rows,
    )
