"""What `manifest.json` says of a run, as far as figures need it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from eraft_analysis.errors import TraceError

_SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(frozen=True)
class Manifest:
    """The parts of a manifest that are shown or that bound an axis; what it does not say is None."""

    name: str
    world: str | None = None
    seed: int | None = None
    duration_s: float | None = None
    warmup_s: float = 0.0
    slo_ms: Mapping[str, float] = field(default_factory=dict)
    verdict: str | None = None
    complete: bool = True
    #: The spec as it was run; empty when the manifest has none that can be read.
    spec: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """How the run is named in a figure, such as `quickstart, simulated, seed 1`."""
        parts = [self.name]
        if self.world is not None:
            parts.append(self.world)
        if self.seed is not None:
            parts.append(f"seed {self.seed}")
        if not self.complete:
            parts.append("incomplete")
        return ", ".join(parts)


def read_manifest(path: Path) -> Manifest | None:
    """Read a manifest; None when the run directory has none. Raises TraceError when it is not a JSON object."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise TraceError(path, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TraceError(path, "is not UTF-8") from error
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise TraceError(path, f"is not JSON: {error.msg} (character {error.colno})", line=error.lineno) from error
    if not isinstance(content, dict):
        raise TraceError(path, "is not a JSON object", line=1)
    return _manifest(content, fallback=path.resolve().parent.name)


def seconds(value: Any) -> float | None:
    """Read a duration: a number of seconds, or a number with a unit such as `150ms`; None when it is neither."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        match = re.fullmatch(r"\s*([0-9.]+(?:e[+-]?[0-9]+)?)\s*([a-z]*)\s*", value)
        if match and match[2] in ("", *_SECONDS):
            return float(match[1]) * _SECONDS.get(match[2], 1.0)
    return None


def _spec(value: Any) -> Mapping[str, Any]:
    """Read the spec, which a manifest holds as the YAML text that was run; empty when it cannot be read."""
    if isinstance(value, str):
        try:
            value = yaml.safe_load(value)
        except yaml.YAMLError:
            return {}
    return value if isinstance(value, dict) else {}


def _manifest(content: Mapping[str, Any], fallback: str) -> Manifest:
    spec = _spec(content.get("spec"))

    def first(*names: str) -> Any:
        """Take the first of several names that the manifest or its spec gives."""
        for name in names:
            for source in (content, spec):
                if source.get(name) is not None:
                    return source[name]
        return None

    seed = first("seed")
    slo = first("slo")
    limits = {key: seconds(limit) for key, limit in slo.items()} if isinstance(slo, dict) else {}
    verdict = content.get("verdict")
    world = first("world")
    return Manifest(
        name=str(first("name") or fallback),
        world=None if world is None else str(world),
        seed=seed if isinstance(seed, int) else None,
        duration_s=seconds(first("duration_s", "duration")),
        warmup_s=seconds(first("warmup_s", "warmup")) or 0.0,
        slo_ms={key: limit * 1000 for key, limit in limits.items() if limit is not None},
        verdict=None if verdict is None else verdict if isinstance(verdict, str) else json.dumps(verdict),
        complete=content.get("complete") is not False,
        spec=spec,
    )
