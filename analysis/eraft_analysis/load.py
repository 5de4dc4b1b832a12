"""Reads one trace file under its schema.

The quick way is polars' reader. Only when that refuses, or when a value is not what the schema allows, is the file
gone through row by row, to say which line and which column is wrong.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from eraft_analysis.errors import TraceError
from eraft_analysis.schema import COUNT, NUMBER, Column, Schema

Warn = Callable[[str], None]


def read_trace(path: Path, schema: Schema, warn: Warn, columns: list[str] | None = None) -> pl.DataFrame:
    """Read the named columns (all when None) of a trace; no rows when the file is absent or ends before its first row.

    A last line without its line feed was cut off while being written: it is left out, and `warn` is told.
    Raises TraceError when the file cannot be read or a field is not what the schema says.
    """
    wanted = schema.select(columns)
    types = {column.name: column.type for column in wanted}
    source = _complete_lines(path, warn)
    if source is None:
        return pl.DataFrame(schema=types)
    header = _header(path, schema)
    every = {name: types.get(name, pl.String) for name in header}
    try:
        frame = pl.read_csv(source, schema=every, columns=list(types), quote_char='"', encoding="utf8")
    except PolarsError as error:
        raise _locate(path, schema.columns) or TraceError(path, f"does not read as CSV: {error}") from error
    frame = frame.select(list(types))
    if not _acceptable(frame, wanted):
        raise _locate(path, wanted) or TraceError(path, "holds a value that its schema does not allow")
    return frame


def _complete_lines(path: Path, warn: Warn) -> Path | io.BytesIO | None:
    """Give what polars can read: the file itself, or its complete lines; None when there is not even a header."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, io.SEEK_END)
            if size == 0:
                warn(f"{path.name} is empty: it was cut off before its header")
                return None
            file.seek(size - 1)
            if file.read(1) == b"\n":
                return path
            file.seek(0)
            data = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise TraceError(path, f"cannot be read: {error.strerror}") from error
    end = data.rfind(b"\n") + 1
    if end == 0:
        warn(f"{path.name} was cut off in its header")
        return None
    last = data.count(b"\n") + 1
    warn(f"{path.name} was cut off: its last line, {last}, is incomplete and left out")
    return io.BytesIO(data[:end])


def _header(path: Path, schema: Schema) -> list[str]:
    """Read the header and hold it to the schema."""
    with path.open("rb") as file:
        line = file.readline().rstrip(b"\r\n")
    try:
        header = next(csv.reader([line.decode("utf-8-sig")]), [])
    except UnicodeDecodeError as error:
        raise TraceError(path, "the header is not UTF-8", line=1) from error
    for name in schema.names:
        if name not in header:
            raise TraceError(path, "is missing from the header", line=1, column=name)
    for name in header:
        if header.count(name) > 1:
            raise TraceError(path, "stands in the header twice", line=1, column=name)
    return header


def _acceptable(frame: pl.DataFrame, columns: tuple[Column, ...]) -> bool:
    """Tell whether every value is one that the schema allows."""
    checks = []
    for column in columns:
        cell = pl.col(column.name)
        if not column.optional:
            checks.append(cell.is_not_null().all())
        if column.type is NUMBER:
            checks.append(cell.is_finite().all())
        if column.values:
            checks.append(cell.is_in(column.values).all())
    return all(frame.select(check.alias(str(number)) for number, check in enumerate(checks)).row(0))


def _locate(path: Path, columns: tuple[Column, ...]) -> TraceError | None:
    """Find the first field that is wrong, going through the file row by row."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = next(rows)
            places = [(header.index(column.name), column) for column in columns]
            for row in rows:
                if len(row) != len(header):
                    reason = f"{len(row)} fields where the header names {len(header)}"
                    return TraceError(path, reason, line=rows.line_num)
                for place, column in places:
                    reason = _fault(row[place], column)
                    if reason:
                        return TraceError(path, reason, line=rows.line_num, column=column.name)
    except UnicodeDecodeError as error:
        return TraceError(path, f"is not UTF-8 after line {rows.line_num}: {error.reason}")
    except csv.Error as error:
        return TraceError(path, str(error), line=rows.line_num)
    return None


def _fault(field: str, column: Column) -> str | None:
    """Say what is wrong with a field; None when it is as the schema says."""
    if field == "":
        return None if column.optional else "is empty"
    if column.values and field not in column.values:
        return f"{field!r} is none of {', '.join(column.values)}"
    if column.type is NUMBER:
        try:
            finite = math.isfinite(float(field))
        except ValueError:
            finite = False
        return None if finite else f"{field!r} is not a number"
    if column.type is COUNT and not (field.isascii() and field.isdigit()):
        return f"{field!r} is not a count"
    return None
