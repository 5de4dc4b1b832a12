"""Run directories for the tests, and the drawing of figures from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from synthetic import Synthetic

from eraft_analysis import theme
from eraft_analysis.figures import FIGURES
from eraft_analysis.run import Run


@pytest.fixture(scope="session")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ordinary run; tests may not change it."""
    return Synthetic().write(tmp_path_factory.mktemp("runs") / "ordinary")


@pytest.fixture(scope="session")
def figures(ordinary: Path) -> dict[str, Figure]:
    """Every figure of the ordinary run, drawn."""
    with theme.applied():
        drawn = {name: draw(Run(ordinary)) for name, draw in FIGURES.items()}
        for figure in drawn.values():
            FigureCanvasAgg(figure).draw()
    return drawn


@pytest.fixture
def drawn() -> Iterator[Callable[[str, Run], Figure]]:
    """Draws a figure of a run, laid out as it would be written."""

    def draw(name: str, run: Run) -> Figure:
        figure = FIGURES[name](run)
        assert figure is not None
        FigureCanvasAgg(figure).draw()
        return figure

    with theme.applied():
        yield draw


@pytest.fixture
def warnings() -> list[str]:
    """Where a run's warnings go, given as `Run(path, warnings.append)`."""
    return []
