"""The table of verdicts, as CSV for machines and as Markdown for people."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from eraft_analysis.reproduce.experiment import Row
from eraft_analysis.reproduce.verdicts import REPRODUCED, number

COLUMNS = ("id", "claim", "published", "ours", "low", "high", "mode", "verdict")

METHOD = (
    "`ours` is the mean over seeds, `low` and `high` are the bounds of its 95 % confidence interval (Student's t over "
    "seeds; empty with one value). A rule is judged by the mean. Published numbers are used for order and ratio, never "
    "as absolute targets: the prototypes behind them measured unequal work in unequal units. `fair` means that all "
    "systems have the same durability, consistency and network; `paper` that they differ as the prototypes did."
)


def cells(row: Row) -> tuple[str, ...]:
    """The fields of a row in the order of the columns."""
    ours = row.finding.ours if row.finding else None
    return (
        row.id,
        row.claim.text,
        row.claim.published,
        number(ours.mean) if ours else "",
        number(ours.low) if ours else "",
        number(ours.high) if ours else "",
        row.claim.mode,
        row.verdict,
    )


def as_csv(rows: Sequence[Row]) -> str:
    """The table as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(cells(row) for row in rows)
    return text.getvalue()


def as_markdown(rows: Sequence[Row]) -> str:
    """The table as Markdown, an experiment after the other, with how to read it."""
    lines = ["# Published and ours", "", METHOD, "", counts(rows), ""]
    lines += [
        "| id | claim | published | ours | 95 % | mode | verdict |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        identity, claim, published, ours, low, high, mode, verdict = (cell.replace("|", "\\|") for cell in cells(row))
        span = f"{low} to {high}" if low else ""
        lines.append(f"| {identity} | {claim} | {published} | {ours} | {span} | {mode} | {verdict} |")
    return "\n".join(lines) + "\n"


def as_text(rows: Sequence[Row]) -> str:
    """The table for a terminal: claim, published, ours with its interval, verdict."""
    lines = []
    for row in rows:
        identity, claim, published, ours, low, high, mode, verdict = cells(row)
        span = f" ({low} to {high})" if low else ""
        lines.append(f"{identity:<4} {verdict}")
        lines.append(f"     {claim} [{mode}]: published {published}; ours {ours or '-'}{span}")
    return "\n".join([*lines, "", counts(rows)])


def counts(rows: Sequence[Row]) -> str:
    """How many claims got which verdict."""
    reproduced = sum(row.verdict == REPRODUCED for row in rows)
    incomparable = sum(row.verdict.startswith("not comparable") for row in rows)
    different = len(rows) - reproduced - incomparable
    return f"{len(rows)} claims: {reproduced} reproduced, {different} not reproduced, {incomparable} not comparable."
