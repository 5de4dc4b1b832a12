"""What an experiment is: claims, each with its rule, and a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from eraft_analysis.reproduce.results import Results
from eraft_analysis.reproduce.verdicts import Finding, NotComparableError

#: All systems have the same durability, consistency and network.
FAIR = "fair"
#: The systems differ as the published prototypes did.
PAPER = "paper"


@dataclass(frozen=True)
class Claim:
    """One thing that was published or is implied, and how our runs are held against it."""

    text: str
    #: The published value, or the rule where only a shape was published.
    published: str
    #: Holds the runs of the experiment against the claim; raises NotComparableError when they cannot be.
    judge: Callable[[Results], Finding]
    mode: str = FAIR


@dataclass(frozen=True)
class Experiment:
    """An experiment of the reproduction."""

    id: str
    title: str
    claims: tuple[Claim, ...]
    #: Draws the figure from sound results; raises NotComparableError when they lack what it needs.
    draw: Callable[[Results], Figure]
    #: The experiment whose sweep holds the results, when it is another one.
    shares: str | None = None

    @property
    def source(self) -> str:
        """The name of the directory that holds the results."""
        return self.shares or self.id


@dataclass(frozen=True)
class Row:
    """A row of the table of verdicts."""

    id: str
    claim: Claim
    finding: Finding | None
    verdict: str


def rows(experiment: Experiment, results: Results | None) -> list[Row]:
    """Judge every claim of an experiment; without results none can be."""
    return [_row(experiment, claim, results) for claim in experiment.claims]


def _row(experiment: Experiment, claim: Claim, results: Results | None) -> Row:
    if results is None:
        return Row(experiment.id, claim, None, "not comparable: not run")
    try:
        finding = claim.judge(results)
    except NotComparableError as reason:
        finding = None if reason.ours is None else Finding(reason.ours)
        return Row(experiment.id, claim, finding, f"not comparable: {reason}")
    return Row(experiment.id, claim, finding, finding.verdict)
