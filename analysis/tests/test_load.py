"""Reading traces: what is accepted, what is left out with a warning, and what is refused at which place."""

from __future__ import annotations

import re
import time
from pathlib import Path

import polars as pl
import pytest
from synthetic import HEADERS

from eraft_analysis.errors import TraceError
from eraft_analysis.load import read_trace
from eraft_analysis.schema import LATENCY, OUTAGES, SCHEMAS, TEXT, Schema

HEADER = HEADERS["outages"]
GOOD = "g0,read,1.000000,2.500000,1.500000,crash us-east-1.0\n"


def read(path: Path, content: str | bytes, warnings: list[str], schema: Schema = OUTAGES) -> pl.DataFrame:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_trace(path, schema, warnings.append)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "outages.csv"


def test_values_come_with_their_types(file: Path, warnings: list[str]) -> None:
    frame = read(file, f"{HEADER}\n{GOOD}" + 'g0,write,3,4,1,"a, ""b"""\n', warnings)
    assert frame["duration_s"].to_list() == [1.5, 1.0]
    assert frame["cause"].to_list() == ["crash us-east-1.0", 'a, "b"']
    assert warnings == []


def test_columns_go_by_name_and_unknown_ones_are_ignored(file: Path, warnings: list[str]) -> None:
    frame = read(file, "new,cause,kind,group,start_s,end_s,duration_s\n9,x,read,g0,1,2,1\n", warnings)
    assert frame.row(0, named=True)["end_s"] == 2
    assert "new" not in frame.columns


def test_only_the_columns_asked_for(file: Path, warnings: list[str]) -> None:
    file.write_text(f"{HEADER}\n{GOOD}")
    assert read_trace(file, OUTAGES, warnings.append, ["kind", "end_s"]).columns == ["kind", "end_s"]


def test_empty_fields_of_optional_columns_are_none(file: Path, warnings: list[str]) -> None:
    assert read(file, f"{HEADER}\ng0,read,1,2,1,\n", warnings)["cause"].to_list() == [None]


@pytest.mark.parametrize("content", ["", "group,ki"])
def test_a_file_cut_off_before_its_first_row(file: Path, content: str, warnings: list[str]) -> None:
    frame = read(file, content, warnings)
    assert frame.is_empty()
    assert frame.columns == OUTAGES.names
    assert len(warnings) == 1


def test_a_missing_file_is_empty(file: Path, warnings: list[str]) -> None:
    assert read_trace(file, OUTAGES, warnings.append).is_empty()
    assert warnings == []


@pytest.mark.parametrize("rest", ["g0,rea", "g0,read,3.0,4.0,1.0,cra", '"g'])
def test_a_cut_off_last_line_is_left_out(file: Path, rest: str, warnings: list[str]) -> None:
    frame = read(file, f"{HEADER}\n{GOOD}{rest}", warnings)
    assert len(frame) == 1
    assert warnings == ["outages.csv was cut off: its last line, 3, is incomplete and left out"]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("g0,read,soon,2,1,x", "start_s", "'soon' is not a number"),
        ("g0,read,1,nan,1,x", "end_s", "'nan' is not a number"),
        ("g0,read,1,,1,x", "end_s", "is empty"),
        ("g0,read,1,2,x", None, "5 fields where the header names 6"),
        ("g0,read,1,2,1,x,y", None, "7 fields where the header names 6"),
    ],
)
def test_a_bad_field_is_refused_with_its_place(
    file: Path, row: str, column: str | None, reason: str, warnings: list[str]
) -> None:
    with pytest.raises(TraceError) as caught:
        read(file, f"{HEADER}\n{GOOD}{row}\n{GOOD}", warnings)
    assert (caught.value.line, caught.value.column, caught.value.reason) == (3, column, reason)
    assert str(caught.value).startswith(f"{file}: line 3")


@pytest.mark.parametrize(
    ("old", "new", "column", "reason"),
    [
        (",1,ok", ",-1,ok", "attempts", "'-1' is not a count"),
        (",1,ok", ",1.5,ok", "attempts", "'1.5' is not a count"),
        (",1,ok", ",1,maybe", "outcome", "'maybe' is none of ok, failed, unknown"),
    ],
)
def test_counts_and_closed_sets(
    tmp_path: Path, old: str, new: str, column: str, reason: str, warnings: list[str]
) -> None:
    row = "0.1,0.1,us-east-1,1,read,linearizable,g0,us-east-1.0,leader,61.250,1,ok"
    with pytest.raises(TraceError) as caught:
        read(tmp_path / "latency.csv", f"{HEADERS['latency']}\n{row.replace(old, new)}\n", warnings, LATENCY)
    assert (caught.value.line, caught.value.column, caught.value.reason) == (2, column, reason)


def test_a_missing_column_is_named(file: Path, warnings: list[str]) -> None:
    with pytest.raises(TraceError, match=r"line 1, column end_s: is missing from the header"):
        read(file, "group,kind,start_s,duration_s,cause\n", warnings)


def test_a_column_given_twice_is_named(file: Path, warnings: list[str]) -> None:
    with pytest.raises(TraceError, match=r"line 1, column kind: stands in the header twice"):
        read(file, f"{HEADER},kind\n", warnings)


@pytest.mark.parametrize("content", [b"\xff\xfe\n", f"{HEADER}\n".encode() + b"g\xff,read,1,2,1,x\n"])
def test_bytes_that_are_no_text_are_refused(file: Path, content: bytes, warnings: list[str]) -> None:
    with pytest.raises(TraceError, match="UTF-8"):
        read(file, content, warnings)


def test_a_directory_in_the_place_of_a_file_is_refused(file: Path, warnings: list[str]) -> None:
    file.mkdir()
    with pytest.raises(TraceError, match="cannot be read"):
        read_trace(file, OUTAGES, warnings.append)


def test_the_synthetic_run_has_the_headers_of_the_schemas() -> None:
    assert {name: header.split(",") for name, header in HEADERS.items()} == {
        name: schema.names for name, schema in SCHEMAS.items()
    }


ROWS = Path(__file__).parents[2] / "Sources" / "Traces" / "Rows"


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=list(SCHEMAS))
def test_schemas_are_those_of_the_writer(schema: Schema) -> None:
    """The columns that the Swift writer declares are the ones read here, in order, and may be empty alike."""
    sources = [file.read_text() for file in sorted(ROWS.glob("*.swift"))]
    case = re.sub(r"_(\w)", lambda match: match[1].upper(), schema.name)
    (source,) = [text for text in sources if re.search(rf"file: \.{case}\b", text)]
    declared = re.findall(r'Column\(\s*"(\w+)",\s*\.(\w+)(?:\([\w.]+\))?(,\s*optional: true)?', source)
    assert [name for name, _, _ in declared] == schema.names
    for (name, kind, optional), column in zip(declared, schema.columns, strict=True):
        assert bool(optional) <= column.optional, name
        assert (kind in ("text", "word")) == (column.type is TEXT), name


def test_a_million_rows_are_read_quickly(tmp_path: Path, warnings: list[str]) -> None:
    row = "0.100000,0.100000,us-east-1,1,read,linearizable,g0,us-east-1.0,leader,61.250,1,ok\n"
    path = tmp_path / "latency.csv"
    path.write_text(f"{HEADERS['latency']}\n" + row * 1_000_000)
    start = time.monotonic()
    frame = read_trace(path, LATENCY, warnings.append, ["site", "operation", "latency_ms", "outcome"])
    assert len(frame) == 1_000_000
    assert time.monotonic() - start < 10
