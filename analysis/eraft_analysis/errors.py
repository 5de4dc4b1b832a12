"""What can be wrong with the files of a run, said in one line."""

from __future__ import annotations

from pathlib import Path


class AnalysisError(Exception):
    """Input that cannot be used; its text is the whole message for the user."""


class TraceError(AnalysisError):
    """A file of a run that does not read as its schema says."""

    def __init__(self, path: Path, reason: str, line: int | None = None, column: str | None = None) -> None:
        """Keep the place beside the reason: line counts from 1, column is a name from the header."""
        self.path = path
        self.line = line
        self.column = column
        self.reason = reason
        place = str(path)
        if line is not None:
            place += f": line {line}"
        if column is not None:
            place += f", column {column}" if line is not None else f": column {column}"
        super().__init__(f"{place}: {reason}")
