"""Means over seeds with their confidence intervals.

One run gives one value; the runs of one setting differ in their seeds alone and are independent. The interval of their
mean is Student's t at 95 %, two-sided. One run gives no interval. Ratios are taken seed by seed, then averaged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: The 97.5 % quantile of Student's t for 1, 2, ... degrees of freedom; beyond the table the normal distribution's.
_T = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
_NORMAL = 1.960


@dataclass(frozen=True)
class Interval:
    """A mean, and the bounds of its 95 % confidence interval; None when one value alone gives none."""

    mean: float
    low: float | None = None
    high: float | None = None
    count: int = 1

    @property
    def half(self) -> float:
        """Half the interval's width; 0 when there is none."""
        return 0.0 if self.high is None else self.high - self.mean


def interval(values: Sequence[float]) -> Interval:
    """Average values of independent runs; raises ValueError when there is none."""
    count = len(values)
    if count == 0:
        raise ValueError("there is no value to average")
    mean = math.fsum(values) / count
    if count == 1:
        return Interval(mean)
    variance = math.fsum((value - mean) ** 2 for value in values) / (count - 1)
    freedom = count - 1
    half = (_T[freedom - 1] if freedom <= len(_T) else _NORMAL) * math.sqrt(variance / count)
    return Interval(mean, mean - half, mean + half, count)


@dataclass(frozen=True)
class Line:
    """A least-squares line, and the share of the variance that it explains."""

    slope: float
    intercept: float
    r_squared: float

    def at(self, x: float) -> float:
        """The line's height."""
        return self.intercept + self.slope * x


def fit(xs: Sequence[float], ys: Sequence[float]) -> Line:
    """Fit a line; raises ValueError when fewer than two places differ."""
    if len(set(xs)) < 2:
        raise ValueError("a line needs two places that differ")
    mean_x, mean_y = math.fsum(xs) / len(xs), math.fsum(ys) / len(ys)
    spread = math.fsum((x - mean_x) ** 2 for x in xs)
    slope = math.fsum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread
    intercept = mean_y - slope * mean_x
    total = math.fsum((y - mean_y) ** 2 for y in ys)
    rest = math.fsum((y - intercept - slope * x) ** 2 for x, y in zip(xs, ys, strict=True))
    return Line(slope, intercept, 1.0 if total == 0 else 1 - rest / total)
