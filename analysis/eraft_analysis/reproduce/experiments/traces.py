"""What several experiments read from run directories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from eraft_analysis.manifest import seconds
from eraft_analysis.reproduce.results import Results, RunRow
from eraft_analysis.reproduce.statistics import interval
from eraft_analysis.reproduce.verdicts import Finding, NotComparableError
from eraft_analysis.run import ALL, READS, Run


def failed_checks(results: Results) -> Finding:
    """The share of runs whose checks failed; any is one too many."""
    failed = [row for row in results if row["verdict"] in ("fail", "error")]
    why = f"{len(failed)} runs failed their checks, such as {failed[0]['run']}" if failed else None
    return Finding(interval([float(row in failed) for row in results]), why)


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


def check_fleet(row: RunRow, role: str, path: str) -> None:
    """Make sure that all secretaries or observers of the spec were at work; raises NotComparableError otherwise."""
    wanted = sum(counts(row, "fleet", path).values())
    traffic = row.traces.trace("traffic", ["start_s", "node", "role"])
    after = traffic.filter((pl.col("start_s") >= row.traces.manifest.warmup_s) & (pl.col("role") == role))
    found = after["node"].n_unique()
    if found < wanted:
        raise NotComparableError(f"{row['run']}: {found} of {wanted} {path} were at work after the warm-up")


def duration_ms(row: RunRow, *path: str) -> float:
    """A duration of the spec in ms."""
    value = seconds(setting(row, *path))
    if value is None:
        raise NotComparableError(f"{row['run']}: the spec has no duration {'.'.join(path)}")
    return value * 1000


def kills(row: RunRow) -> list[float]:
    """When instances were taken back, in seconds."""
    moments = row.traces.trace("revocations", ["at_s"])["at_s"].sort().to_list()
    if not moments:
        raise NotComparableError(f"{row['run']}: nothing was revoked")
    return [float(moment) for moment in moments]


def largest_latency_ms(run: Run, kind: str, start: float, end: float) -> float:
    """The largest latency of the operations of a kind, `read` or `write`, that ended in windows within a span."""
    rows = _windows(run, kind).filter((pl.col("start_s") >= start) & (pl.col("end_s") <= end))
    largest = rows["max_ms"].max()
    if largest is None:
        raise NotComparableError(f"no {kind} ended between {start:g} s and {end:g} s")
    return float(largest)


def epoch_medians(row: RunRow, kind: str) -> list[tuple[int, float]]:
    """The median latency of the operations of a kind in each epoch: the epoch's number, and the median in ms."""
    rows = row.traces.trace("epochs", ["epoch", "start_s", f"{kind}_p50_ms"]).drop_nulls()
    # The first election and its aftermath are no response times.
    rows = rows.filter(pl.col("start_s") >= row.traces.manifest.warmup_s).drop("start_s")
    if rows.is_empty():
        raise NotComparableError(f"{row['run']} has no epochs with a {kind}")
    return [(int(number), float(median)) for number, median in rows.iter_rows()]


def site_median_ms(row: RunRow, kind: str, site: str) -> float:
    """The median latency at a site after the warm-up: that of the windows' medians, weighted by their counts."""
    rows = _windows(row.traces, kind, site).filter(
        (pl.col("start_s") >= row.traces.manifest.warmup_s) & (pl.col("count") > 0)
    )
    if rows.is_empty():
        raise NotComparableError(f"{row['run']}: no {kind} at {site}")
    return weighted_median(list(rows.select("p50_ms", "count").iter_rows()))


def weighted_median(values: list[tuple[float, int]]) -> float:
    """The smallest value that at least half of the weight does not exceed; raises ValueError without values."""
    half = sum(weight for _, weight in values) / 2
    passed = 0
    for value, weight in sorted(values):
        passed += weight
        if passed >= half:
            return value
    raise ValueError("there is no value")


def _windows(run: Run, kind: str, site: str = ALL) -> pl.DataFrame:
    is_read = pl.col("operation").is_in(READS)
    wanted = is_read if kind == "read" else ~is_read & (pl.col("operation") != ALL)
    return run.trace("latency_windows").filter((pl.col("site") == site) & wanted)
