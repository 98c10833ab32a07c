"""Intervals and comparisons: pure functions over plain rows, for pages, exports and the API alike.

Every function names the source of its rule. Scores are small numbers, so a histogram (counts, Σw
and Σw² per score) is a sufficient statistic: nothing here needs the single answers, and nothing
stores a mean.
"""

from cxm.statistics.clusters import ClusterRow, Clusters
from cxm.statistics.comparison import (
    Difference,
    against_fixed,
    bonferroni_interval,
    clustered_difference,
    nps_difference,
    two_proportion_z,
    weighted_difference,
    welch,
)
from cxm.statistics.distributions import normal_quantile, t_quantile, two_sided_p
from cxm.statistics.estimates import Estimate, mean_estimate, pooled_sd
from cxm.statistics.histogram import Histogram, merged
from cxm.statistics.many import Trend, holm, holm_adjusted, mann_kendall, with_holm
from cxm.statistics.raking import Margin, Raking, RakingCell, rake
from cxm.statistics.scales import Scale, emotion, score_of_emotion
from cxm.statistics.shares import (
    Nps,
    Share,
    ces,
    csat,
    nps,
    nps_value,
    reach,
    top_box,
    wilson,
)
from cxm.statistics.shrinkage import Group, Shrinkage, Shrunk, shrink

__all__ = [
    "ClusterRow",
    "Clusters",
    "Difference",
    "Estimate",
    "Group",
    "Histogram",
    "Margin",
    "Nps",
    "Raking",
    "RakingCell",
    "Scale",
    "Share",
    "Shrinkage",
    "Shrunk",
    "Trend",
    "against_fixed",
    "bonferroni_interval",
    "ces",
    "clustered_difference",
    "csat",
    "emotion",
    "holm",
    "holm_adjusted",
    "mann_kendall",
    "mean_estimate",
    "merged",
    "normal_quantile",
    "nps",
    "nps_difference",
    "nps_value",
    "pooled_sd",
    "rake",
    "reach",
    "score_of_emotion",
    "shrink",
    "t_quantile",
    "top_box",
    "two_proportion_z",
    "two_sided_p",
    "weighted_difference",
    "welch",
    "wilson",
    "with_holm",
]
