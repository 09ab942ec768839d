"""How a number is spread over a walk: mean, median and quartiles, in bounded memory."""

import math
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """`count` values: their weighted mean, their median, and their lower and upper quartile."""

    count: int
    mean: float
    median: float
    lower: float
    upper: float


class SpreadFold:
    """Gathers values one by one.

    Median and quartiles come from a histogram, so they are right to half of `resolution`, and
    memory depends on the range of the values, not on their number.

    Parameters
    ----------
    resolution
        Width of a bin, in the unit of the values.
    top
        Values beyond ``±top`` are counted in the outermost bins.
    """

    def __init__(self, resolution: float, top: float) -> None:
        self._resolution, self._top = resolution, top
        self._bins: Counter[int] = Counter()
        self._sum = self._weight = 0.0

    def add(self, value: float | None, weight: float = 1.0) -> None:
        """Take in a value; what is unknown or no finite number is left out."""
        if value is None or not math.isfinite(value) or not weight > 0:
            return
        self._bins[round(min(max(value, -self._top), self._top) / self._resolution)] += 1
        self._sum += value * weight
        self._weight += weight

    def result(self) -> Spread | None:
        """The spread of the values so far, None when there were none."""
        count = self._bins.total()
        if count == 0:
            return None
        lower, median, upper = (self._quantile(part * (count - 1)) for part in (0.25, 0.5, 0.75))
        return Spread(
            count=count, mean=self._sum / self._weight, median=median, lower=lower, upper=upper
        )

    def _quantile(self, rank: float) -> float:
        """The value at a rank counted from 0, between two ranks on a straight line."""
        below, above = self._at(math.floor(rank)), self._at(math.ceil(rank))
        return below + (rank - math.floor(rank)) * (above - below)

    def _at(self, rank: int) -> float:
        seen = 0
        for number, count in sorted(self._bins.items()):
            seen += count
            if seen > rank:
                return number * self._resolution
        raise AssertionError("a rank beyond the number of values")
