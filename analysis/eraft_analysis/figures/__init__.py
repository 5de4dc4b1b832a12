"""The figures by name: one module each, with its `NAME`, its `TITLE` and `draw(run)`."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.figure import Figure

from eraft_analysis.figures import (
    availability,
    elections,
    latency,
    latency_by_site,
    latency_cdf,
    throughput,
    traffic,
)
from eraft_analysis.run import Run

Draw = Callable[[Run], Figure | None]

#: In the order in which they are drawn. A figure that is None has nothing to say about the run and is not written.
FIGURES: dict[str, Draw] = {
    module.NAME: module.draw
    for module in (latency, latency_by_site, latency_cdf, throughput, elections, availability, traffic)
}
