"""A run directory as figures see it: its manifest, its traces, its events, and what is common to all of them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from eraft_analysis.errors import AnalysisError
from eraft_analysis.load import Warn, read_trace
from eraft_analysis.manifest import Manifest, read_manifest
from eraft_analysis.schema import SCHEMAS

#: The site and the operation that stand for all of them in window rows.
ALL = "all"

#: Operations that change nothing; all others are writes.
READS = ("read", "scan")


@dataclass(frozen=True)
class Fault:
    """A fault that was injected; an instant when it has no end."""

    kind: str
    label: str
    start: float
    end: float | None


@dataclass(frozen=True)
class Election:
    """A won election of one group, with the time that the group was without a leader before it."""

    group: str
    term: int
    trigger: str
    old_leader: str | None
    leader: str
    site: str
    lost: float
    won: float
    rounds: int
    leaderless_ms: float


class Run:
    """One run directory. Traces are read when first asked for; what is odd about them is told to `warn`."""

    def __init__(self, path: Path, warn: Warn | None = None) -> None:
        """Open a run directory; raises AnalysisError when it is none."""
        self.path = path
        self.warn = warn or _warn
        self._frames: dict[tuple[str, tuple[str, ...] | None], pl.DataFrame] = {}
        if not path.is_dir():
            raise AnalysisError(f"{path}: there is no such run directory")
        manifest = read_manifest(path / "manifest.json")
        if manifest is None:
            if not any((path / schema.file).exists() for schema in SCHEMAS.values()):
                raise AnalysisError(f"{path}: not a run directory: it has neither a manifest.json nor a trace")
            self.warn("manifest.json is missing: the run is named after its directory")
            manifest = Manifest(name=path.resolve().name)
        self.manifest = manifest

    def trace(self, name: str, columns: list[str] | None = None) -> pl.DataFrame:
        """Give a trace's rows, without any when the run has no such file."""
        key = (name, None if columns is None else tuple(columns))
        if key not in self._frames:
            schema = SCHEMAS[name]
            self._frames[key] = read_trace(self.path / schema.file, schema, self.warn, columns)
        return self._frames[key]

    def why_empty(self, name: str) -> str:
        """Say why a trace has no rows."""
        file = SCHEMAS[name].file
        return f"{file} has no rows" if (self.path / file).exists() else f"the run has no {file}"

    @cached_property
    def duration(self) -> float:
        """The run's length in seconds: as the manifest says, or longer if a window or an event ends later."""
        faults = self.trace("faults").filter(pl.col("outcome") == "injected")
        ends = [
            self.trace("latency_windows")["end_s"].max(),
            self.trace("availability")["end_s"].max(),
            self.trace("traffic")["end_s"].max(),
            self.trace("outages")["end_s"].max(),
            self.trace("elections")["won_s"].max(),
            faults["at_s"].max(),
            self.manifest.duration_s,
        ]
        return max((float(end) for end in ends if isinstance(end, int | float)), default=0.0) or 1.0

    @cached_property
    def sites(self) -> list[str]:
        """The sites with clients or nodes, in the order in which the traces name them."""
        return self._names("site")

    @cached_property
    def operations(self) -> list[str]:
        """The operations that the clients did; reads first."""
        names = self._names("operation")
        return sorted(names, key=lambda name: (name not in READS, names.index(name)))

    def _names(self, column: str) -> list[str]:
        found: list[str] = []
        sources = ["latency_windows", "availability"] + (["traffic"] if column == "site" else [])
        for name in sources:
            found += self.trace(name)[column].unique(maintain_order=True).to_list()
        return [name for name in dict.fromkeys(found) if name != ALL]

    @cached_property
    def faults(self) -> list[Fault]:
        """The faults that were injected, by time."""
        rows = self.trace("faults").filter(pl.col("outcome") == "injected").sort("at_s", maintain_order=True)
        return [
            Fault(
                kind=row["fault"],
                label=" ".join(part for part in (row["fault"], row["resolved"] or row["target"]) if part),
                start=row["at_s"],
                end=row["until_s"] if row["until_s"] is not None and row["until_s"] > row["at_s"] else None,
            )
            for row in rows.iter_rows(named=True)
        ]

    @cached_property
    def elections(self) -> list[Election]:
        """The elections that somebody won, by time."""
        rows = self.trace("elections")
        return [
            Election(
                group=row["group"],
                term=row["term"],
                trigger=row["trigger"],
                old_leader=row["old_leader"],
                leader=row["new_leader"],
                site=row["new_site"],
                lost=row["lost_s"],
                won=row["won_s"],
                rounds=row["rounds"],
                leaderless_ms=row["leaderless_ms"],
            )
            for row in rows.sort("won_s", maintain_order=True).iter_rows(named=True)
        ]

    def slo_ms(self, operation: str) -> float | None:
        """The latency that an operation must keep to count as goodput, in ms; None when the run sets none."""
        slo = self.manifest.slo_ms
        return slo.get(operation, slo.get("read" if operation in READS else "write"))


def _warn(message: str) -> None:
    print(f"warning: {message}", file=sys.stderr)
