"""What is said of a claim: `reproduced`, `not reproduced: why` or `not comparable: why`."""

from __future__ import annotations

from dataclasses import dataclass

from eraft_analysis.reproduce.statistics import Interval

REPRODUCED = "reproduced"


class NotComparableError(Exception):
    """Our runs cannot be held against the claim; the message says why, and `ours` is what they came to, if anything."""

    def __init__(self, why: str, ours: Interval | None = None) -> None:
        """Say why."""
        super().__init__(why)
        self.ours = ours


@dataclass(frozen=True)
class Finding:
    """What our runs say of a claim; `why` is None when they bear it out."""

    ours: Interval
    why: str | None = None

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        return REPRODUCED if self.why is None else f"not reproduced: {self.why}"


def within(ours: Interval, low: float, high: float, what: str) -> Finding:
    """Accept a mean that lies within bounds, both included."""
    if ours.mean < low:
        return Finding(ours, f"{what} is {number(ours.mean)}, below {number(low)}")
    if ours.mean > high:
        return Finding(ours, f"{what} is {number(ours.mean)}, above {number(high)}")
    return Finding(ours)


def at_least(ours: Interval, low: float, what: str) -> Finding:
    """Accept a mean that is no smaller than a bound."""
    return within(ours, low, float("inf"), what)


def at_most(ours: Interval, high: float, what: str) -> Finding:
    """Accept a mean that is no larger than a bound."""
    return within(ours, float("-inf"), high, what)


def number(value: float | None) -> str:
    """A number with four significant digits and no exponent; nothing for None."""
    if value is None:
        return ""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    digits = f"{value:.3e}"
    exponent = int(digits.split("e")[1])
    text = f"{float(digits):.{max(3 - exponent, 0)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
