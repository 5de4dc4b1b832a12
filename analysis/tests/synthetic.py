"""Makes a run directory as a real run would leave it, small and seeded.

Three sites, 60 s, open-loop reads and updates: the leader crashes at 20 s and comes back at 35 s, and from 35 s to
45 s the site of the new leader is cut off.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SITES = ("us-east-1", "us-west-2", "eu-central-1")
RTT_MS = {
    ("us-east-1", "us-west-2"): 62.0,
    ("us-east-1", "eu-central-1"): 92.0,
    ("us-west-2", "eu-central-1"): 146.0,
}
OPERATIONS = ("read", "update")
NODES = ("us-east-1.0", "us-east-1.1", "us-west-2.0", "us-west-2.1", "eu-central-1.0")

HEADERS = {
    "latency": "intended_s,started_s,site,client,operation,consistency,group,server,role,latency_ms,attempts,outcome",
    "latency_windows": "start_s,end_s,site,operation,count,p50_ms,p90_ms,p95_ms,p99_ms,p999_ms,max_ms,goodput_per_s",
    "elections": "group,term,trigger,old_leader,old_site,new_leader,new_site,lost_s,started_s,won_s,rounds,"
    "leaderless_ms",
    "availability": "start_s,end_s,site,operation,offered,ok,failed,unknown,success_ratio,within_slo_ratio",
    "outages": "group,kind,start_s,end_s,duration_s,cause",
    "membership": "at_s,group,change,node,role,site,market,decided_by,reason,voters,learners,secretaries,observers",
    "traffic": "start_s,end_s,node,site,role,messages_out,bytes_out,messages_in,bytes_in,wan_bytes_out,local_bytes_out,"
    "cpu_busy_ratio,nic_busy_ratio,disk_busy_ratio,last_index,commit_index,applied_index",
    "faults": "at_s,until_s,fault,target,resolved,outcome,detail",
    "revocations": "at_s,noticed_s,market,node,role,site,cause,price_per_hour_usd,age_s,activity",
    "epochs": "epoch,start_s,end_s,sampled_from_s,sampled_to_s,offered,ok,good,read_p50_ms,read_p95_ms,write_p50_ms,"
    "write_p95_ms,voters,learners,secretaries,observers,revocations,cost_usd,actions_done,actions_skipped,note",
}

#: From when on which node leads.
REIGNS = ((1.312, 20.0, "us-east-1.0"), (21.645, 35.0, "us-west-2.0"), (36.988, 60.0, "us-east-1.1"))
SLO_MS = {"read": 150.0, "update": 400.0}


@dataclass
class Operation:
    """One client operation, as a row of latency.csv holds it."""

    intended: float
    site: str
    kind: str
    server: str
    latency_ms: float
    outcome: str

    @property
    def ended(self) -> float:
        return self.intended + self.latency_ms / 1000

    @property
    def in_time(self) -> bool:
        return self.outcome == "ok" and self.latency_ms <= SLO_MS[self.kind]


@dataclass
class Synthetic:
    """What to make; every field has the value of the ordinary run."""

    name: str = "synthetic"
    duration: float = 60.0
    rate: float = 150.0
    seed: int = 1
    faults: Sequence[tuple[object, ...]] = field(
        default_factory=lambda: [
            (20.0, 35.0, "crash", "leader", "us-east-1.0", "injected", ""),
            (35.0, 45.0, "partition", "us-west-2", "us-west-2 | us-east-1, eu-central-1", "injected", ""),
            (50.0, None, "transfer", "us-east-1.1", "", "skipped", "already the leader"),
        ]
    )

    def write(self, directory: Path, without: Iterable[str] = ()) -> Path:
        """Write the run directory and return it."""
        directory.mkdir(parents=True, exist_ok=True)
        operations = self._operations()
        rows = {
            "latency": [
                (
                    *(_seconds(operation.intended),) * 2,
                    operation.site,
                    number % 50,
                    operation.kind,
                    "linearizable" if operation.kind == "read" else "",
                    "g0",
                    operation.server,
                    "leader" if operation.server else "",
                    f"{operation.latency_ms:.3f}",
                    1,
                    operation.outcome,
                )
                for number, operation in enumerate(operations)
            ],
            "latency_windows": self._latency_windows(operations),
            "availability": self._availability(operations),
            "elections": [
                ("g0", 1, "initial", "", "", *_led(0), _seconds(0), _seconds(1.15), _seconds(1.312), 1, "1312.000"),
                ("g0", 2, "crash", *_led(0), *_led(1), *map(_seconds, (20.0, 21.34, 21.645)), 2, "1645.000"),
                ("g0", 3, "partition", *_led(1), *_led(2), *map(_seconds, (35.0, 36.8, 36.988)), 1, "1988.000"),
            ],
            "outages": [
                ("g0", "read", _seconds(20.01), _seconds(21.69), _seconds(1.68), "crash us-east-1.0"),
                ("g0", "write", _seconds(20.01), _seconds(21.71), _seconds(1.70), "crash us-east-1.0"),
                ("g0", "write", _seconds(35.0), _seconds(37.03), _seconds(2.03), "partition us-west-2"),
            ],
            "membership": [
                (_seconds(0), "g0", "initial", node, "voter", node.split(".")[0], "", "spec", "initial", 5, 0, 0, 0)
                for node in NODES
            ],
            "traffic": self._traffic(),
            "faults": [
                (_seconds(start), "" if end is None else _seconds(end), *rest) for start, end, *rest in self.faults
            ],
        }
        for trace, key in (("elections", 9), ("outages", 3)):
            rows[trace] = [row for row in rows[trace] if float(row[key]) <= self.duration]
        for trace, content in rows.items():
            if trace not in without:
                write_csv(directory / f"{trace}.csv", HEADERS[trace].split(","), content)
        if "manifest" not in without:
            manifest = {
                "name": self.name,
                "world": "simulated",
                "seed": self.seed,
                "duration_s": self.duration,
                "spec": f"name: {self.name}\nwarmup: 5s\nslo: {{read: 150ms, write: 400ms}}\n",
                "verdict": "linearizable",
                "complete": True,
            }
            (directory / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        return directory

    def _operations(self) -> list[Operation]:
        random_ = random.Random(self.seed)
        operations = []
        time = 0.0
        while True:
            time += random_.expovariate(self.rate)
            if time >= self.duration:
                return operations
            site = random_.choice(SITES)
            kind = "read" if random_.random() < 0.8 else "update"
            operations.append(self._operation(random_, time, site, kind))

    def _operation(self, random_: random.Random, time: float, site: str, kind: str) -> Operation:
        cut_off = 35.0 <= time < 45.0 and site == "us-west-2"
        if cut_off:
            return Operation(time, site, kind, "", 2000.0, "failed" if kind == "read" else "unknown")
        begin, _, leader = next((reign for reign in REIGNS if reign[1] > time), REIGNS[-1])
        wait = max(0.0, begin - time) * 1000
        if wait == 0 and time < 20.2 and time > 19.95:
            return Operation(time, site, kind, "", 2000.0, "unknown")
        home = leader.split(".")[0]
        own = 0.7 if home == site else RTT_MS.get((home, site)) or RTT_MS[site, home]
        near = min(value for pair, value in RTT_MS.items() if home in pair)
        base = own + (near if home != "us-east-1" or kind == "update" else 62.0)
        latency = wait + base + random_.gammavariate(2.0, 1.5) + (random_.expovariate(0.02) if kind == "update" else 0)
        return Operation(time, site, kind, leader, latency, "ok")

    def _latency_windows(self, operations: list[Operation]) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = []
        for start in range(int(self.duration)):
            ended = [one for one in operations if one.outcome == "ok" and start <= one.ended < start + 1]
            for site, kind, part in _parts(ended):
                values = sorted(one.latency_ms for one in part)
                ranks = [f"{_rank(values, share):.3f}" if values else "" for share in (0.5, 0.9, 0.95, 0.99, 0.999, 1)]
                good = sum(one.in_time for one in part)
                rows.append((_seconds(start), _seconds(start + 1), site, kind, len(part), *ranks, f"{good:.3f}"))
        return rows

    def _availability(self, operations: list[Operation]) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = []
        for start in range(int(self.duration)):
            for site, kind, part in _parts([one for one in operations if start <= one.intended < start + 1]):
                counts = [sum(one.outcome == name for one in part) for name in ("ok", "failed", "unknown")]
                ratios = [counts[0] / len(part), sum(one.in_time for one in part) / len(part)] if part else []
                shares = [f"{ratio:.6f}" for ratio in ratios] or ["", ""]
                rows.append((_seconds(start), _seconds(start + 1), site, kind, len(part), *counts, *shares))
        return rows

    def _traffic(self) -> list[tuple[object, ...]]:
        random_ = random.Random(self.seed + 1)
        rows: list[tuple[object, ...]] = []
        for start in range(int(self.duration)):
            leader = next((node for begin, end, node in REIGNS if begin <= start < end), None)
            for node in NODES:
                down = node == "us-east-1.0" and 20 <= start < 35
                load = 0 if down else random_.uniform(0.9, 1.1) * (3_000_000 if node == leader else 300_000)
                role = "leader" if node == leader else "follower"
                gauges = (start * 90, start * 90, start * 90)
                sent, busy = int(load), load / 8_000_000
                rows.append(
                    (
                        *(_seconds(start), _seconds(start + 1), node, node.split(".")[0], role),
                        *(sent // 400, sent, sent // 500, sent // 2, sent * 2 // 3, sent // 3),
                        *(f"{busy:.6f}", f"{busy / 3:.6f}", f"{busy / 2:.6f}", *gauges),
                    )
                )
        return rows


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _parts(operations: list[Operation]) -> Iterable[tuple[str, str, list[Operation]]]:
    for site in (*SITES, "all"):
        for kind in (*OPERATIONS, "all"):
            yield site, kind, [one for one in operations if site in (one.site, "all") and kind in (one.kind, "all")]


def _rank(values: list[float], share: float) -> float:
    return values[max(0, -(-int(share * 1000 * len(values)) // 1000) - 1)]


def _led(number: int) -> tuple[str, str]:
    node = REIGNS[number][2]
    return node, node.split(".")[0]


def _seconds(value: object) -> str:
    return f"{value:.6f}"
