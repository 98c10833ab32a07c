"""The figures of a comparison as rows of a file, for the page's download and the command line."""

from collections.abc import Iterator

from journeys.insights.comparison import CORRECTED, Ladder, Rung

COLUMNS = (
    "method", "n_a", "n_b", "a", "b", "difference", "ci_low", "ci_high", "p", "proven",
)  # fmt: skip


def of_ladder(ladder: Ladder, *, corrected: bool = False) -> Iterator[list[str]]:
    """One row per step, on the question's own scale (NPS in points); b − a.

    The corrected step depends on what else is looked at, so one question alone has none.
    """
    for rung in ladder.rungs:
        if corrected or rung.method != CORRECTED:
            yield of_rung(rung)


def of_rung(rung: Rung) -> list[str]:
    """The cells of ``COLUMNS``; figures to six decimals, p to six significant digits."""
    found = rung.difference
    figures = (found.a, found.b, found.difference, found.ci_low, found.ci_high)
    return [
        rung.method,
        str(found.n_a),
        str(found.n_b),
        *(f"{figure:.6f}" for figure in figures),
        f"{found.p:.6g}",
        "yes" if found.proven else "no",
    ]
