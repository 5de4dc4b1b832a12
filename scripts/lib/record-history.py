"""Clients that write and read keys over Redis' protocol, and the history of what they asked and were answered.

    record-history.py DIRECTORY SECONDS SEED CLIENTS PORT...

Writes a run directory that `eraft check` takes: manifest.json and history.jsonl. Keys change every few seconds, so that
each has a bounded number of operations of unknown outcome. Once a file DIRECTORY/settled is there, all keys are read at all
nodes, which goes into the history too, and an audit of its own compares them with what was acknowledged. Figures go to
standard output as JSON; exit codes: 0 nothing is lost; 1 something is, or keys could not be read at the end.
"""

import json
import os
import random
import socket
import sys
import threading
import time
import zlib

KEYS = 32
# How long a set of keys is in use, in seconds.
KEY_SPAN = 4
# The pause between two operations of a client, in seconds.
PAUSE = 0.002
# What a node answers that certainly did nothing.
DID_NOTHING = ("TRYAGAIN", "CLUSTERDOWN", "MOVED", "ASK", "READONLY", "LOADING", "NOREPLICAS", "ERR")


class Connection:
    """One blocking connection to a node."""

    def __init__(self, port, patience):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=1)
        self.socket.settimeout(patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.input = self.socket.makefile("rb")

    def ask(self, *words):
        """Sends a command; the reply is its kind and its text. Raises OSError when the connection ends."""
        parts = [b"*%d\r\n" % len(words)]
        for word in words:
            data = word.encode()
            parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
        self.socket.sendall(b"".join(parts))
        line = self.input.readline()
        if not line.endswith(b"\r\n"):
            raise OSError("the connection ended")
        kind, text = line[:1].decode(), line[1:-2].decode()
        if kind != "$":
            return kind, text
        if int(text) < 0:
            return kind, None
        data = self.input.read(int(text) + 2)
        if len(data) < int(text) + 2:
            raise OSError("the connection ended")
        return kind, data[:-2].decode()

    def close(self):
        self.input.close()
        self.socket.close()


class History:
    """What was asked and answered, in the order in which operations ended."""

    def __init__(self):
        self.entries = []
        self.lock = threading.Lock()
        self.began = time.monotonic_ns()

    def now(self):
        return time.monotonic_ns() - self.began

    def add(self, client, sequence, operation, key, value, invoked, outcome, result):
        entry = {"client": client, "sequence": sequence, "site": "local", "op": operation, "key": key}
        if value is not None:
            entry["value"] = value
        entry |= {"invoked_ns": invoked, "consistency": "linearizable", "outcome": outcome}
        if outcome == "ok":
            entry["result"] = result
        with self.lock:
            # Under the lock: no end in the list is later than this one.
            entry["returned_ns"] = self.now()
            self.entries.append(entry)


class Client:
    """A client that asks one node after the other, one operation at a time."""

    def __init__(self, number, history, ports, seed):
        self.number = number
        self.history = history
        self.ports = ports
        self.random = random.Random(f"{seed}-{number}")
        self.sequence = 0
        self.connection = None

    def drop(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def connect(self, port=None):
        try:
            self.connection = Connection(port or self.random.choice(self.ports), patience=3)
        except OSError:
            self.connection = None
            time.sleep(0.02)
        return self.connection is not None

    def run(self, until):
        while (now := time.monotonic()) < until:
            if self.connection is None and not self.connect():
                continue
            span = int((now - self.history.began / 1e9) / KEY_SPAN)
            key = f"k{span}-{self.random.randrange(KEYS)}"
            outcome = self.write(key) if self.random.random() < 0.5 else self.read(key)
            # Somebody else may know better.
            if outcome != "ok":
                self.drop()
                time.sleep(0.01)
            elif self.random.random() < 0.02:
                self.drop()
            time.sleep(PAUSE)
        self.drop()

    def write(self, key):
        self.sequence += 1
        value = f"{self.number}.{self.sequence}"
        invoked = self.history.now()
        try:
            kind, text = self.connection.ask("SET", key, value)
        except OSError:
            kind, text = "-", "UNKNOWN"
        if kind == "+":
            outcome = "ok"
        else:
            outcome = "failed" if text.startswith(DID_NOTHING) else "unknown"
        self.history.add(self.number, self.sequence, "put", key, value, invoked, outcome, {"stored": True})
        return outcome

    def read(self, key):
        self.sequence += 1
        invoked = self.history.now()
        try:
            kind, text = self.connection.ask("GET", key)
        except OSError:
            kind, text = "-", "UNKNOWN"
        outcome = "ok" if kind == "$" else "failed"
        self.history.add(self.number, self.sequence, "get", key, None, invoked, outcome, {"value": text})
        return outcome

    def read_surely(self, port, key, patience=30):
        """Reads a key at a node; None when that does not succeed in time, else a list of its value."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if self.connection is None and not self.connect(port):
                continue
            if self.read(key) == "ok":
                return [self.history.entries[-1]["result"]["value"]]
            self.drop()
            time.sleep(0.05)
        return None


def audit(entries, finals):
    """Compares the last reads with the writes: what was acknowledged and is neither there nor overwritten is lost."""
    writes, problems = {}, []
    for entry in entries:
        if entry["op"] == "put":
            writes.setdefault(entry["key"], []).append(entry)
    for (key, port), value in finals.items():
        own = writes.get(key, [])
        acknowledged = [write for write in own if write["outcome"] == "ok"]
        source = next((write for write in own if write["value"] == value and write["outcome"] != "failed"), None)
        if value is None:
            if acknowledged:
                problems.append(f"{key} at {port}: nothing is there, {len(acknowledged)} writes were acknowledged")
        elif source is None:
            problems.append(f"{key} at {port}: found {value}, which nobody wrote or which was refused")
        elif source["outcome"] == "ok":
            later = [write for write in acknowledged if write["invoked_ns"] > source["returned_ns"]]
            if later:
                problems.append(f"{key} at {port}: found {value}, lost {later[-1]['value']}, acknowledged later")
    return problems


def save(directory, entries, seed, seconds):
    data = "".join(json.dumps(entry, separators=(",", ":")) + "\n" for entry in entries).encode()
    with open(f"{directory}/history.jsonl", "wb") as file:
        file.write(data)
    listed = {"name": "history.jsonl", "rows": len(entries), "bytes": len(data), "crc32": f"{zlib.crc32(data):08x}"}
    host = {"system": os.uname().sysname, "architecture": os.uname().machine}
    # A duration must have six decimals, which json.dumps does not promise.
    manifest = {
        "format": "1",
        "name": '"kill-audit"',
        "world": '"local"',
        "seed": str(seed),
        "complete": "true",
        "verdict": "null",
        "duration_s": f"{seconds:.6f}",
        "versions": '{"eraft": "0", "swift": "0"}',
        "host": json.dumps(host),
        "files": json.dumps([listed]),
        "spec": '""',
    }
    with open(f"{directory}/manifest.json", "w") as file:
        file.write("{\n" + ",\n".join(f'  "{name}": {value}' for name, value in manifest.items()) + "\n}\n")


def main():
    directory, seconds, seed, clients = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    ports = [int(port) for port in sys.argv[5:]]
    history = History()
    until = time.monotonic() + seconds
    workers = [
        threading.Thread(target=Client(number, history, ports, seed).run, args=(until,), daemon=True)
        for number in range(1, clients + 1)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    give_up = time.monotonic() + 120
    while not os.path.exists(f"{directory}/settled"):
        if time.monotonic() > give_up:
            sys.exit("the nodes were not started again")
        time.sleep(0.05)

    finals, unread = {}, []
    keys = sorted({entry["key"] for entry in history.entries})
    for port in ports:
        reader = Client(clients + 1 + ports.index(port), history, ports, seed)
        for key in keys:
            found = reader.read_surely(port, key)
            if found is None:
                unread.append(f"{key} at {port}")
            else:
                finals[key, port] = found[0]
        reader.drop()
    save(directory, history.entries, seed, seconds)
    problems = audit(history.entries, finals)

    counts = {}
    for entry in history.entries:
        name = ("reads" if entry["op"] == "get" else "writes") + f"_{entry['outcome']}"
        counts[name] = counts.get(name, 0) + 1
    print(json.dumps({**counts, "keys": len(keys), "final_reads": len(finals), "lost": problems, "unread": unread}))
    sys.exit(1 if problems or unread else 0)


if __name__ == "__main__":
    main()
