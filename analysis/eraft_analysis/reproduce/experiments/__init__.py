"""The experiments of the reproduction, one module each."""

from __future__ import annotations

from eraft_analysis.reproduce.experiment import Experiment
from eraft_analysis.reproduce.experiments import (
    e07,
    e08,
    e09,
    e10,
    e11,
    e12,
    e13,
    e15,
    e17,
    e18,
    e19,
    e20,
    e21,
)

EXPERIMENTS: tuple[Experiment, ...] = tuple(
    module.EXPERIMENT for module in (e07, e08, e09, e10, e11, e12, e13, e15, e17, e18, e19, e20, e21)
)
