"""A run in a screenful of text, from its traces alone."""

from __future__ import annotations

import polars as pl

from eraft_analysis.figures.windows import of
from eraft_analysis.run import ALL, Run

_HEADER = ("operation", "site", "offered", "ok", "failed", "unknown", "goodput/s", "p50 ms", "p95 ms", "p99 ms")
_NOTHING = "-"


def summarise(run: Run) -> str:
    """Give the table of operations and one line each on elections, outages, faults and the verdict."""
    lines = [f"run        {run.manifest.label}", f"duration   {run.duration:,.3f} s"]
    if run.manifest.warmup_s:
        lines[-1] += f", of which {run.manifest.warmup_s:g} s warm-up, left out of the table"
    lines += ["", *_table(_rows(run)), ""]
    lines.append(_elections(run))
    lines.append(_outages(run))
    lines.append(_faults(run))
    if run.manifest.verdict is not None:
        lines.append(f"verdict    {run.manifest.verdict}")
    return "\n".join(lines)


def _rows(run: Run) -> list[tuple[str, ...]]:
    latency = _percentiles(run)
    counts = run.trace("availability").filter(pl.col("start_s") >= run.manifest.warmup_s)
    measured = max(run.duration - run.manifest.warmup_s, 1e-9)
    rows = []
    for operation in [*run.operations, ALL]:
        for site in [*run.sites, ALL]:
            part = of(counts, site, operation)
            if part.is_empty():
                continue
            within = (part["within_slo_ratio"] * part["offered"]).sum() / measured
            numbers = [f"{part[name].sum():,}" for name in ("offered", "ok", "failed", "unknown")]
            rows.append((operation, site, *numbers, f"{within:,.1f}", *latency.get((operation, site), [_NOTHING] * 3)))
    return rows


def _percentiles(run: Run) -> dict[tuple[str, str], list[str]]:
    """The median, 95th and 99th percentile in ms of the successful operations, by operation and site."""
    rows = run.trace("latency", ["intended_s", "site", "operation", "latency_ms", "outcome"])
    rows = rows.filter((pl.col("outcome") == "ok") & (pl.col("intended_s") >= run.manifest.warmup_s))
    found = {}
    for keys in (["operation", "site"], ["operation"], ["site"], []):
        shares = [
            pl.col("latency_ms").quantile(share, interpolation="lower").alias(str(share)) for share in (0.5, 0.95, 0.99)
        ]
        grouped = rows.group_by(keys).agg(shares) if keys else rows.select(shares)
        for row in grouped.iter_rows(named=True):
            if row["0.5"] is not None:
                place = (row.get("operation", ALL), row.get("site", ALL))
                found[place] = [f"{row[str(share)]:,.1f}" for share in (0.5, 0.95, 0.99)]
    return found


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    """Align the columns: texts to the left, numbers to the right."""
    if not rows:
        return ["no operations"]
    widths = [max(len(row[column]) for row in [_HEADER, *rows]) for column in range(len(_HEADER))]
    return [
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [_HEADER, *rows]
    ]


def _elections(run: Run) -> str:
    count = len(run.elections)
    total = sum(election.leaderless_ms for election in run.elections)
    longest = max((election.leaderless_ms for election in run.elections), default=0.0)
    return f"elections  {count} won, {total:,.1f} ms without a leader, longest {longest:,.1f} ms"


def _outages(run: Run) -> str:
    rows = run.trace("outages")
    if rows.is_empty():
        return "outages    none"
    by_kind = rows.group_by("kind", maintain_order=True).agg(pl.len().alias("n"), pl.col("duration_s").sum())
    parts = [f"{row['kind']} {row['n']} ({row['duration_s']:,.3f} s)" for row in by_kind.iter_rows(named=True)]
    return f"outages    {', '.join(parts)}"


def _faults(run: Run) -> str:
    rows = run.trace("faults")
    if rows.is_empty():
        return "faults     none"
    counts = [f"{(rows['outcome'] == name).sum()} {name}" for name in ("injected", "skipped", "failed")]
    return f"faults     {', '.join(counts)}"
