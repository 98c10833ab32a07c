"""Small groups stay hidden: the rules live below, where surveys need them as well."""

from cxm.statistics.suppression import TOTAL, Cell, Key, hidden_cells, hidden_row, hidden_steps

__all__ = ["TOTAL", "Cell", "Key", "hidden_cells", "hidden_row", "hidden_steps"]
