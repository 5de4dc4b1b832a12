"""The experiments of the reproduction, one module each."""

from __future__ import annotations

from eraft_analysis.reproduce.experiment import Experiment
from eraft_analysis.reproduce.experiments import e15, e17, e18, e19, e20, e21

EXPERIMENTS: tuple[Experiment, ...] = tuple(module.EXPERIMENT for module in (e15, e17, e18, e19, e20, e21))
