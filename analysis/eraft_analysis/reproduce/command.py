"""`reproduce`: reads what the sweeps left and writes the verdicts and the figures beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eraft_analysis import theme
from eraft_analysis.errors import AnalysisError
from eraft_analysis.load import Warn
from eraft_analysis.reproduce import report
from eraft_analysis.reproduce.experiment import Row, rows
from eraft_analysis.reproduce.experiments import EXPERIMENTS
from eraft_analysis.reproduce.results import Results
from eraft_analysis.reproduce.verdicts import NotComparableError


def reproduce(directory: Path, formats: Sequence[str], warn: Warn) -> tuple[list[Row], list[Path]]:
    """Judge all experiments by the sweeps below a directory; returns the rows and the files that were written.

    An experiment without results has rows that say so, and no figure.
    """
    if not directory.is_dir():
        raise AnalysisError(f"{directory}: there is no such directory")
    table: list[Row] = []
    written: list[Path] = []
    try:
        with theme.applied():
            for experiment in EXPERIMENTS:
                results = Results.read(directory / experiment.source, warn)
                table += rows(experiment, results)
                if results is None:
                    continue
                try:
                    figure = experiment.draw(results)
                except NotComparableError as reason:
                    warn(f"{experiment.id} has no figure: {reason}")
                    continue
                written += theme.save(figure, directory / experiment.id, formats)
        for name, text in (
            ("verdicts.csv", report.as_csv(table)),
            ("verdicts.md", report.as_markdown(table)),
        ):
            path = directory / name
            path.write_text(text, encoding="utf-8")
            written.append(path)
    except OSError as error:
        raise AnalysisError(f"{error.filename or directory}: cannot be written: {error.strerror}") from error
    return table, written
