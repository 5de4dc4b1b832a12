"""The columns of every trace that is read here, with their types.

A column that a trace has and this file has not is ignored, so that traces of a later version can still be drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

NUMBER = pl.Float64
COUNT = pl.UInt64
TEXT = pl.String


@dataclass(frozen=True)
class Column:
    """One column: its name, its type, whether a field may be empty, and its closed set of values if it has one."""

    name: str
    type: type[pl.DataType]
    optional: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schema:
    """The columns of one trace, in the order of its header."""

    name: str
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        """The file's name in a run directory."""
        return f"{self.name}.csv"

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    def select(self, names: list[str] | None) -> tuple[Column, ...]:
        """The columns with these names, or all of them."""
        if names is None:
            return self.columns
        wanted = set(names)
        unknown = wanted.difference(self.names)
        if unknown:
            raise KeyError(f"{self.file} has no column {', '.join(sorted(unknown))}")
        return tuple(column for column in self.columns if column.name in wanted)


def _schema(name: str, text: str, values: Mapping[str, tuple[str, ...]] | None = None) -> Schema:
    """Write a schema shortly: `#` after a name is a count, `$` a text, else a number; `?` says it may be empty."""
    columns = []
    for word in text.split():
        optional = word.endswith("?")
        word = word.removesuffix("?")
        kind = {"#": COUNT, "$": TEXT}.get(word[-1], NUMBER)
        word = word.rstrip("#$")
        columns.append(Column(word, kind, optional, (values or {}).get(word, ())))
    return Schema(name, tuple(columns))


LATENCY = _schema(
    "latency",
    "intended_s started_s site$ client# operation$ consistency$? group$ server$? role$? latency_ms attempts# outcome$",
    {"outcome": ("ok", "failed", "unknown")},
)
LATENCY_WINDOWS = _schema(
    "latency_windows",
    "start_s end_s site$ operation$ count# p50_ms? p90_ms? p95_ms? p99_ms? p999_ms? max_ms? goodput_per_s",
)
ELECTIONS = _schema(
    "elections",
    "group$ term# trigger$ old_leader$? old_site$? new_leader$ new_site$ lost_s started_s won_s rounds# leaderless_ms",
)
AVAILABILITY = _schema(
    "availability",
    "start_s end_s site$ operation$ offered# ok# failed# unknown# success_ratio? within_slo_ratio?",
)
OUTAGES = _schema("outages", "group$ kind$ start_s end_s duration_s cause$?")
FAULTS = _schema(
    "faults",
    "at_s until_s? fault$ target$ resolved$? outcome$ detail$?",
    {"outcome": ("injected", "skipped", "failed")},
)
TRAFFIC = _schema(
    "traffic",
    "start_s end_s node$ site$ role$ messages_out# bytes_out# messages_in# bytes_in# wan_bytes_out# local_bytes_out#"
    " cpu_busy_ratio? nic_busy_ratio? disk_busy_ratio? last_index# commit_index# applied_index#",
)
MEMBERSHIP = _schema(
    "membership",
    "at_s group$ change$ node$ role$ site$ market$? decided_by$ reason$? voters# learners# secretaries# observers#",
)
REVOCATIONS = _schema(
    "revocations",
    "at_s noticed_s? market$ node$ role$ site$ cause$ price_per_hour_usd age_s activity$",
)
EPOCHS = _schema(
    "epochs",
    "epoch# start_s end_s sampled_from_s sampled_to_s offered# ok# good# read_p50_ms? read_p95_ms? write_p50_ms?"
    " write_p95_ms? voters# learners# secretaries# observers# revocations# cost_usd actions_done#"
    " actions_skipped# note$?",
)

SCHEMAS: dict[str, Schema] = {
    schema.name: schema
    for schema in (
        LATENCY,
        LATENCY_WINDOWS,
        ELECTIONS,
        AVAILABILITY,
        OUTAGES,
        FAULTS,
        TRAFFIC,
        MEMBERSHIP,
        REVOCATIONS,
        EPOCHS,
    )
}
