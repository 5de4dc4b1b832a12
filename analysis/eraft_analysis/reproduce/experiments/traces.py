"""What several experiments read from run directories."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from eraft_analysis.manifest import seconds
from eraft_analysis.reproduce.results import RunRow
from eraft_analysis.reproduce.verdicts import NotComparableError
from eraft_analysis.run import ALL, READS, Run


def leader_site(row: RunRow) -> str:
    """The site where leaders served longest."""
    run = row.traces
    led = run.trace("traffic", ["start_s", "end_s", "site", "role"]).filter(pl.col("role") == "leader")
    if led.is_empty():
        raise NotComparableError(f"{row['run']} has no leader in traffic.csv")
    times = led.group_by("site").agg(time=(pl.col("end_s") - pl.col("start_s")).sum()).sort(["time", "site"])
    return str(times["site"][-1])


def setting(row: RunRow, *path: str) -> Any:
    """A value of the spec that was run; None when it has none there."""
    value: Any = row.spec
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def counts(row: RunRow, *path: str) -> dict[str, int]:
    """How many nodes each site has, as the spec says."""
    value = setting(row, *path)
    return {str(site): int(count) for site, count in value.items() if int(count) > 0} if value else {}


def duration_ms(row: RunRow, *path: str) -> float:
    """A duration of the spec in ms."""
    value = seconds(setting(row, *path))
    if value is None:
        raise NotComparableError(f"{row['run']}: the spec has no duration {'.'.join(path)}")
    return value * 1000


def largest_latency_ms(run: Run, kind: str, start: float, end: float) -> float:
    """The largest latency of the operations of a kind (`read` or `write`) that ended in windows within a span of time."""
    rows = _windows(run, kind).filter((pl.col("start_s") >= start) & (pl.col("end_s") <= end))
    largest = rows["max_ms"].max()
    if largest is None:
        raise NotComparableError(f"no {kind} ended between {start:g} s and {end:g} s")
    return float(largest)


def epoch_medians(row: RunRow, kind: str) -> list[tuple[float, float]]:
    """The median latency of each sampled epoch: its start in seconds and the median in ms.

    An epoch's median is that of its windows' medians, weighted by their counts.
    """
    epoch = seconds(setting(row, "sampling", "epoch"))
    if epoch is None:
        raise NotComparableError("the runs are not sampled in epochs")
    rows = _windows(row.traces, kind).filter(pl.col("count") > 0).sort("start_s", maintain_order=True)
    grouped: dict[int, list[tuple[float, int]]] = {}
    for start, median, count in rows.select("start_s", "p50_ms", "count").iter_rows():
        grouped.setdefault(math.floor(start / epoch + 1e-9), []).append((median, count))
    return [(number * epoch, weighted_median(values)) for number, values in grouped.items()]


def weighted_median(values: list[tuple[float, int]]) -> float:
    """The smallest value that at least half of the weight does not exceed."""
    half = sum(weight for _, weight in values) / 2
    passed = 0
    for value, weight in sorted(values):
        passed += weight
        if passed >= half:
            return value
    raise ValueError("there is no value")


def _windows(run: Run, kind: str) -> pl.DataFrame:
    is_read = pl.col("operation").is_in(READS)
    wanted = is_read if kind == "read" else ~is_read & (pl.col("operation") != ALL)
    return run.trace("latency_windows").filter((pl.col("site") == ALL) & wanted)
