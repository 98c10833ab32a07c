"""See ``surveys.counted``."""

from surveys.counted import histograms, scales

__all__ = ["histograms", "scales"]
