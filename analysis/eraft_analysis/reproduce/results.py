"""What a sweep left: its table, and the run directories beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from eraft_analysis.errors import AnalysisError
from eraft_analysis.load import Warn
from eraft_analysis.reproduce.statistics import Interval, interval
from eraft_analysis.reproduce.verdicts import NotComparableError
from eraft_analysis.run import Run

#: The columns that every sweep.csv has; between the first and the others stand the axes of the sweep.
COLUMNS = (
    "run",
    "measured_s",
    "operations",
    "ok",
    "failed",
    "unknown",
    "goodput_per_s",
    "read_p50_ms",
    "read_p95_ms",
    "read_p99_ms",
    "write_p50_ms",
    "write_p95_ms",
    "write_p99_ms",
    "elections",
    "leaderless_ms",
    "outages",
    "unavailable_ms",
    "leader_egress_bytes_per_s",
    "revocations",
    "cost_usd",
    "verdict",
)


@dataclass(frozen=True)
class RunRow:
    """One run of a sweep: its values, what it came to, and where its traces are."""

    directory: Path
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        """The text of a column; raises NotComparableError when the sweep has no such column."""
        if name not in self.cells:
            raise NotComparableError(f"the sweep has no column {name}")
        return self.cells[name]

    def number(self, name: str) -> float:
        """The number in a column; raises NotComparableError when there is none."""
        text = self[name]
        try:
            return float(text)
        except ValueError:
            raise NotComparableError(f"{self['run']} has no {name}") from None

    @cached_property
    def traces(self) -> Run:
        """The run directory."""
        return Run(self.directory / self["run"])

    @property
    def spec(self) -> dict[str, object]:
        """The spec as it was run."""
        return self.traces.manifest.spec


class Results:
    """The runs of one sweep in the order of its table."""

    def __init__(self, directory: Path, rows: Sequence[RunRow]) -> None:
        """Hold rows that were read or chosen."""
        self.directory = directory
        self.rows = list(rows)

    @classmethod
    def read(cls, directory: Path, warn: Warn) -> Results | None:
        """Read a sweep's table; None when there is none, or none of its runs was complete."""
        path = directory / "sweep.csv"
        try:
            with path.open(encoding="utf-8", newline="") as file:
                reader = csv.DictReader(file, strict=True)
                header = reader.fieldnames or []
                for name in COLUMNS:
                    if name not in header:
                        raise AnalysisError(f"{path}: line 1: the column {name} is missing from the header")
                rows = []
                for cells in reader:
                    if None in cells or None in cells.values():
                        raise AnalysisError(f"{path}: line {reader.line_num}: not as many fields as the header names")
                    rows.append(RunRow(directory, cells))
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise AnalysisError(f"{path}: cannot be read: {error}") from error
        if not rows:
            warn(f"{path} has no rows: no run was complete")
        return cls(directory, rows) if rows else None

    def __iter__(self) -> Iterator[RunRow]:
        """Go through the runs."""
        return iter(self.rows)

    def __len__(self) -> int:
        """How many runs there are."""
        return len(self.rows)

    def where(self, **values: str) -> Results:
        """The runs with these values; raises NotComparableError when there are none."""
        rows = [row for row in self.rows if all(row[name] == value for name, value in values.items())]
        if not rows:
            wanted = ", ".join(f"{name}={value}" for name, value in values.items())
            raise NotComparableError(f"no run with {wanted}")
        return Results(self.directory, rows)

    def values(self, name: str) -> list[str]:
        """The values of an axis in their order."""
        return list(dict.fromkeys(row[name] for row in self.rows))

    def mean(self, name: str) -> Interval:
        """The mean of a column over these runs, which differ in their seeds alone."""
        return interval([row.number(name) for row in self.rows])

    def ratio(self, other: Results, name: str) -> Interval:
        """The mean over seeds of this column divided by that of other runs with the same seeds."""
        return interval([row.number(name) / twin.number(name) for row, twin in self.pairs(other)])

    def pairs(self, other: Results) -> list[tuple[RunRow, RunRow]]:
        """These runs, each with the one of the same seed among others; raises NotComparableError without any."""
        twins = {row["seed"]: row for row in other}
        pairs = [(row, twins[row["seed"]]) for row in self.rows if row["seed"] in twins]
        if not pairs:
            raise NotComparableError("no two runs have the same seed")
        return pairs

    def sound(self) -> Results:
        """These runs; raises NotComparableError when one failed or broke a check, so that its numbers say nothing."""
        bad = [row for row in self.rows if row["verdict"] not in ("pass", "unknown")]
        if bad:
            raise NotComparableError(f"{len(bad)} of {len(self)} runs failed or broke a check, such as {bad[0]['run']}")
        return self
