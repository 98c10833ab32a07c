"""The scale of a question and the emotion value: the linear map of a scale onto −2 … +2."""

from dataclasses import dataclass


def emotion(score: float, low: float, high: float, *, is_reversed: bool = False) -> float:
    """e = 4·(x − min)/(max − min) − 2; on a reversed scale (low is good) its negative."""
    if not high > low:
        raise ValueError("a scale needs a maximum above its minimum")
    value = 4 * (score - low) / (high - low) - 2
    return -value if is_reversed else value


def score_of_emotion(value: float, low: float, high: float, *, is_reversed: bool = False) -> float:
    """The score whose emotion value is `value`: the inverse of `emotion`."""
    if not high > low:
        raise ValueError("a scale needs a maximum above its minimum")
    upright = -value if is_reversed else value
    return low + (upright + 2) * (high - low) / 4


@dataclass(frozen=True, slots=True, order=True)
class Scale:
    """Minimum, maximum and direction of a question's scores; reversed means that low is good."""

    low: float
    high: float
    is_reversed: bool = False

    def __post_init__(self) -> None:
        if not self.high > self.low:
            raise ValueError("a scale needs a maximum above its minimum")

    def emotion(self, score: float) -> float:
        """The emotion value of a score of this scale, rounded so that equal values merge."""
        return round(emotion(score, self.low, self.high, is_reversed=self.is_reversed), 12)

    def score(self, value: float) -> float:
        """The score of this scale whose emotion value is `value`."""
        return score_of_emotion(value, self.low, self.high, is_reversed=self.is_reversed)

    @property
    def slope(self) -> float:
        """Points of this scale per point of emotion, negative on a reversed scale."""
        step = (self.high - self.low) / 4
        return -step if self.is_reversed else step
