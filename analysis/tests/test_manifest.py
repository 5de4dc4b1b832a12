"""What figures take from a manifest, in whichever shape it says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eraft_analysis.errors import TraceError
from eraft_analysis.manifest import read_manifest, seconds


@pytest.mark.parametrize(
    ("text", "value"),
    [(5, 5.0), ("150ms", 0.15), ("1.5h", 5400.0), ("200us", 0.0002), ("2min", 120.0), ("soon", None), (True, None)],
)
def test_durations(text: Any, value: float | None) -> None:
    assert seconds(text) == (value if value is None else pytest.approx(value))


def test_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    spec = "# why\nname: quickstart\nwarmup: 5s\nslo: {read: 150ms, write: 0.4s}\n"
    content = {"name": "quickstart", "world": "simulated", "seed": 3, "duration_s": 60.0, "spec": spec}
    path.write_text(json.dumps(content | {"verdict": None, "complete": True}))
    manifest = read_manifest(path)
    assert manifest is not None
    assert manifest.label == "quickstart, simulated, seed 3"
    assert (manifest.duration_s, manifest.warmup_s, manifest.verdict) == (60.0, 5.0, None)
    assert manifest.slo_ms == pytest.approx({"read": 150.0, "write": 400.0})


@pytest.mark.parametrize("spec", ["{: not yaml", "just text", None, ["a"]])
def test_a_spec_that_says_nothing(tmp_path: Path, spec: object) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"spec": spec}))
    manifest = read_manifest(path)
    assert manifest is not None
    assert manifest.name == tmp_path.name
    assert manifest.slo_ms == {}


@pytest.mark.parametrize(("text", "message"), [('{"a": \n', "line 2: is not JSON"), ("[]", "is not a JSON object")])
def test_what_is_no_manifest(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text)
    with pytest.raises(TraceError, match=message):
        read_manifest(path)
