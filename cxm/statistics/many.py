"""Many looks at once, and trends."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cxm.statistics.comparison import Difference
from cxm.statistics.distributions import two_sided_p

TREND_PERIODS = 8


def holm_adjusted(ps: Sequence[float]) -> tuple[float, ...]:
    """p values adjusted for all of `ps` at once, in their order (Holm 1979)."""
    adjusted = [0.0] * len(ps)
    highest = 0.0
    for rank, index in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):
        highest = max(highest, min((len(ps) - rank) * ps[index], 1.0))
        adjusted[index] = highest
    return tuple(adjusted)


def holm(ps: Sequence[float], alpha: float = 0.05) -> tuple[bool, ...]:
    """Which of several looks are proven at `alpha` over all of them (Holm 1979)."""
    return tuple(p <= alpha for p in holm_adjusted(ps))


def with_holm(differences: Sequence[Difference | None]) -> tuple[Difference | None, ...]:
    """The same differences with Holm's verdict over all that are there; gaps (None) stay gaps."""
    verdicts = iter(holm([found.p for found in differences if found is not None]))
    return tuple(None if found is None else _judged(found, next(verdicts)) for found in differences)


def _judged(difference: Difference, proven: bool) -> Difference:
    return difference if difference.proven == proven else replace(difference, proven=proven)


@dataclass(frozen=True, slots=True)
class Trend:
    """A monotone trend over periods: S, Kendall's τ in −1 … +1, p, and proven at 5 %."""

    n: int
    s: int
    tau: float
    z: float
    p: float
    proven: bool


def mann_kendall(series: Sequence[float]) -> Trend | None:
    """Mann–Kendall with ties and continuity (Mann 1945, Kendall 1975); None below 8 periods."""
    n = len(series)
    if n < TREND_PERIODS:
        return None
    s = sum(
        (later > earlier) - (later < earlier)
        for position, earlier in enumerate(series)
        for later in series[position + 1 :]
    )
    ties = sum(t * (t - 1) * (2 * t + 5) for t in Counter(series).values())
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    z = (s - math.copysign(1, s)) / math.sqrt(variance) if s and variance > 0 else 0.0
    p = two_sided_p(z)
    return Trend(n, s, 2 * s / (n * (n - 1)), z, p, p < 0.05)
