"""The figures of a survey as rows of a file."""

from collections.abc import Iterator

from surveys.results import ScaleResult, SurveyResults

COLUMNS = (
    "question", "n", "never_used", "mean", "ci_low", "ci_high", "emotion",
    "weighted_mean", "weighted_se", "n_eff",
)  # fmt: skip


def rows(results: SurveyResults) -> Iterator[list[str]]:
    """The file: one row per scale question in the order of ``COLUMNS``, then one per NPS.

    Means have four decimals on their own scale; a hidden question keeps empty cells.
    """
    for row in results.scales:
        yield [row.question.key, *_figures(row)]
    recommended = [row for row in results.scales if row.nps]
    for row in recommended:
        assert row.nps is not None
        name = "NPS" if len(recommended) == 1 else f"NPS {row.question.key}"
        ends = [f"{value:.2f}" for value in (row.nps.value, row.nps.ci_low, row.nps.ci_high)]
        yield [name, str(row.nps.n), "", *ends, "", "", "", ""]


def _figures(row: ScaleResult) -> list[str]:
    if row.estimate is None or row.emotion is None:
        return [""] * (len(COLUMNS) - 1)
    cells = [f"{x:.4f}" for x in (row.estimate.mean, row.estimate.ci_low, row.estimate.ci_high)]
    # Weights that are all 1 leave the mean as it is.
    other = row.weighted or row.estimate
    return [
        str(row.histogram.n), str(row.histogram.never_used), *cells, f"{row.emotion.mean:+.4f}",
        f"{other.mean:.4f}", f"{other.se:.4f}", f"{other.n_eff:.1f}",
    ]  # fmt: skip
