#!/usr/bin/env python3
"""A reactive membership policy for `eraft`, with nothing but the standard library.

Reads one observation a line as JSON from standard input and answers each with one line: a JSON list of actions.
A busy leader gets a secretary, a site whose servers of reads are busy gets an observer; what has been idle for three
epochs in a row goes. Two arguments, such as 0.45 0.15, take the place of the busy ratios above which and below which
something is done. README.md beside this file describes the observation and the actions.
"""

import json
import sys

HIGH, LOW = map(float, sys.argv[1:3] or (0.7, 0.3))
PATIENCE = 3


def busy(node):
    """The busier of a node's CPU and network card."""
    return max(node["cpu_busy_ratio"], node["egress_busy_ratio"])


def cheapest_spot(seen, site):
    """The cheapest spot capacity on offer at a site, or None."""
    offers = [o for o in seen["offers"] if o["site"] == site and o["market"] == "spot"]
    return min(offers, key=lambda o: (o["microusd_per_hour"], o["instance"]), default=None)


def hire(role, offer, reason):
    """The action that books an instance for a node of the fleet."""
    return {"action": "hire", "role": role, "site": offer["site"], "instance": offer["instance"],
            "market": offer["market"], "reason": reason}


class Reactive:
    """Remembers for how many epochs the leader, or a site, has been idle."""

    def __init__(self):
        self.idle = {}

    def is_long_idle(self, what, ratio):
        self.idle[what] = self.idle.get(what, 0) + 1 if ratio < LOW else 0
        return self.idle[what] >= PATIENCE

    def decide(self, seen):
        staying = [n for n in seen["nodes"] if n["revoked_at_seconds"] is None]
        roles = seen["limits"]["fleet_roles"]
        actions = []
        if "secretary" in roles:
            actions += self.relieve_leader(seen, staying)
        if "observer" in roles:
            for site in seen["sites"]:
                actions += self.serve_reads(seen, site["name"], staying)
        return actions

    def relieve_leader(self, seen, staying):
        leader = next((n for n in staying if n["leader"]), None)
        if leader is None:
            return []
        secretaries = [n for n in staying if n["role"] == "secretary"]
        long_idle = self.is_long_idle("leader", busy(leader))
        if busy(leader) > HIGH:
            helped = {n["site"] for n in secretaries}
            followers = {}
            for node in staying:
                if node["role"] in ("voter", "learner") and not node["leader"] and node["site"] not in helped:
                    followers[node["site"]] = followers.get(node["site"], 0) + 1
            site = max(sorted(followers), key=followers.get, default=None)
            offer = cheapest_spot(seen, site) if site and followers[site] >= 2 else None
            return [hire("secretary", offer, f"leader busy {busy(leader):.0%}")] if offer else []
        working = [n for n in secretaries if n["state"] == "running"]
        if long_idle and working:
            self.idle["leader"] = 0
            return [{"action": "dismiss", "node": working[-1]["id"], "reason": "leader idle for three epochs"}]
        return []

    def serve_reads(self, seen, site, staying):
        servers = [n for n in staying if n["site"] == site and n["role"] in ("voter", "observer")
                   and n["state"] != "down"]
        running = [n for n in servers if n["state"] == "running"]
        if not running:
            return []
        ratio = sum(busy(n) for n in running) / len(servers)
        long_idle = self.is_long_idle(site, ratio)
        if ratio > HIGH:
            offer = cheapest_spot(seen, site)
            return [hire("observer", offer, f"servers of reads busy {ratio:.0%}")] if offer else []
        observers = [n for n in running if n["role"] == "observer"]
        if long_idle and observers and len(servers) > 1:
            self.idle[site] = 0
            return [{"action": "dismiss", "node": observers[-1]["id"], "reason": "idle for three epochs"}]
        return []


def main():
    policy = Reactive()
    for line in sys.stdin:
        # The answer must leave at once: eraft waits for it.
        print(json.dumps(policy.decide(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
