"""Quantiles and tail areas of the normal and the t distribution.

scipy.special is imported at the first call: scipy.stats would cost half a second at every start.
"""

import math
from functools import lru_cache


@lru_cache(maxsize=4096)
def t_quantile(share: float, df: float) -> float:
    """The quantile of Student's t with `df` degrees of freedom; df = inf is the normal one."""
    if math.isinf(df):
        return normal_quantile(share)
    from scipy.special import stdtrit

    return float(stdtrit(df, share))


@lru_cache(maxsize=256)
def normal_quantile(share: float) -> float:
    """The quantile of the standard normal distribution, share in (0, 1)."""
    from scipy.special import ndtri

    return float(ndtri(share))


def two_sided_p(statistic: float, df: float = math.inf) -> float:
    """P(|T| ≥ |statistic|) under t with `df` degrees of freedom, or under the normal (df = inf)."""
    if math.isinf(df):
        return math.erfc(abs(statistic) / math.sqrt(2))
    from scipy.special import stdtr

    return float(2 * stdtr(df, -abs(statistic)))
