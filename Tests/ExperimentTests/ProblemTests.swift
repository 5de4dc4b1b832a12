import Testing

@testable import Experiment

/// Each line stands after the minimal spec, on line 6.
@Suite("What is wrong with a spec, to the letter")
struct ProblemTests {
  @Test(
    "one key",
    arguments: [
      ("group.heartbeat=-5ms", "group.heartbeat: found -5ms, expected a positive duration"),
      (
        "group.heartbeat=5",
        "group.heartbeat: found 5, expected a duration such as 150ms (ns, us, ms, s, min, h, d): the unit is missing"
      ),
      (
        "group.heartbeat=",
        "group.heartbeat: found nothing, expected a duration such as 150ms (ns, us, ms, s, min, h, d)"
      ),
      (
        "group.heartbeat=[1s]",
        "group.heartbeat: found a list, expected a duration such as 150ms (ns, us, ms, s, min, h, d)"
      ),
      ("group.pre_vote=yes", "group.pre_vote: found yes, expected one of true, false"),
      ("group.max_inflight=0", "group.max_inflight: found 0, expected a whole number from 1 to 1000000"),
      (
        "group.election_timeout=[2s, 1s]", "group.election_timeout: found [2s, 1s], expected the shorter duration first"
      ),
      ("group.read_confirmation=leas", "group.read_confirmation: found leas, expected round, or {lease: 200ppm}"),
      ("group.voters={us-east-1: 0}", "group.voters: found no voter, expected at least one"),
      ("links.loss=2", "links.loss: found 2, expected a probability between 0 and 1"),
      (
        "links.matrix=aws-2020-07",
        "links.matrix: found aws-2020-07, expected one of aws-2020-06, aws-2022-04, gcp-2020-06, the path of a .csv file; did you mean aws-2020-06?"
      ),
      (
        "links.matrix=none.csv",
        "links.matrix: found none.csv, expected a readable CSV file: this spec was not read from a file"
      ),
      (
        "links.jitter=gama",
        "links.jitter: found gama, expected none, or a mapping such as {model: gamma, shape: 2, scale: 0.5ms}"
      ),
      (
        "links.jitter={model: gama}",
        "links.jitter.model: found gama, expected one of none, normal, lognormal, gamma, pareto; did you mean gamma?"
      ),
      ("links.jitter={model: gamma, shape: 2}", "links.jitter.scale: found nothing, expected the scale of gamma"),
      (
        "links.jitter={model: gamma, shape: 2, scale: 1ms, sigma: 1}",
        "links.jitter.sigma: found a parameter that gamma does not have, expected shape and scale"
      ),
      ("world=netns", "world: found netns, which comes later, expected simulated, local"),
      (
        "system=multiraft",
        "system: found multiraft, expected one of raft, multi-raft, geo-raft, bw-raft; did you mean multi-raft?"
      ),
      ("group.count=2", "group.count: found 2 groups with system: raft, expected multi-raft"),
      (
        "fleet={instance: m4.large}",
        "fleet.instance: found m4.large, expected one of t3.micro, t3.medium, m5.large, c5.large, r5.large; did you mean m5.large?"
      ),
      (
        "policy={name: reactiv}",
        "policy.name: found reactiv, expected one of none, static, reactive, budget, peek, predictive, spot-diversified, follow-load, multi-raft, external; did you mean reactive?"
      ),
      (
        "policy={name: static, high: 0.5}",
        "policy.high: found a key that static does not take, expected one of name, epoch, instances_per_site, instances, groups"
      ),
      ("policy={name: external}", "policy.command: found nothing, expected a command such as [python3, p.py]"),
      (
        "spot={revocation: {model: weibull, shape: 0.6}}",
        "spot.revocation.scale: found nothing, expected the scale of weibull"
      ),
      (
        "spot={revocation: {model: none, mean: 1h}}",
        "spot.revocation.mean: found a parameter that none does not have, expected none"
      ),
      (
        "spot={price: {model: constant}}",
        "spot.price.usd_per_hour: found nothing, expected the usd_per_hour of constant"
      ),
      ("sampling={epoch: 10s, window: 20s}", "sampling.window: found 20s, expected less than the epoch of 10s"),
      ("seed=-1", "seed: found -1, expected a whole number from 0 to 18446744073709551615"),
      (
        "name=a/b",
        "name: found a/b, expected a name of 1 to 64 letters, digits, -, _ and ., starting with a letter or digit"
      ),
      ("warmup=60s", "warmup: found 60s, expected less than the duration of 60s"),
      ("duration=0s", "duration: found 0s, expected a positive duration"),
      (
        "resources=m5.larg",
        "resources: found m5.larg, expected one of ideal, t3.micro, t3.medium, c5.large, m5.large, m5.xlarge, r5.large; did you mean m5.large?"
      ),
      ("record.checks=always", "record.checks: found always, expected one of none, end, every-step"),
      ("record.windows=2min", "record.windows: found 120s, expected at most the duration of 60s"),
      ("clients.backoff=2s", "clients.backoff: found 2s, expected at most max_backoff, which is 500ms"),
      (
        "workload[0].mix={reed: 1}",
        "workload[0].mix.reed: found an unknown kind of operation, expected one of read, update, insert, read-modify-write, scan, delete, compare-and-swap, increment, append; did you mean read?"
      ),
      (
        "workload[0].clients=5",
        "workload[0]: found more than one of rate, trace and clients, expected one of them: rate: 500/s or clients: 10"
      ),
      (
        "workload[0].sites=[us-east-2]",
        "workload[0].sites[0]: found the site us-east-2, expected one of us-east-1, us-west-2; did you mean us-east-1?"
      ),
      ("workload[0].keys.theta=1", "workload[0].keys.theta: found 1, expected a skew between 0 and 1, as in YCSB"),
      ("sites=[us-east-1, us-west-2, us-east-1]", "sites[2]: found us-east-1 a second time, expected each site once"),
      (
        "sites=[us-east-1, leader]",
        "sites[1]: found leader, expected a site's name of 1 to 64 letters, digits, - and _, starting with a letter or digit"
      ),
      (
        "sites=[us-east-1, us-west-2, us-weat-1]",
        "sites[2]: found us-weat-1, expected a site of the latency matrix aws-2020-06; did you mean us-west-1?"
      ),
    ])
  func oneKey(option: String, problem: String) {
    #expect(Samples.problems(Samples.minimal, set: [option]) == ["--set \(SpecNode.quote(option)): \(problem)"])
  }

  @Test(
    "faults",
    arguments: [
      ("{crash: leader}", "faults[0]: found no time, expected at: 30s or every: 30s"),
      (
        "{at: 1s}",
        "faults[0]: found no kind of fault, expected one of crash, restart, pause, partition, heal, link, transfer, add, remove, promote, clock, disk, revoke"
      ),
      (
        "{at: 1s, crash: leader, pause: leader}",
        "faults[0]: found crash and pause, expected one of crash, restart, pause, partition, heal, link, transfer, add, remove, promote, clock, disk, revoke"
      ),
      ("{at: 61s, crash: leader}", "faults[0].at: found 61s, expected a time before the end at 60s"),
      (
        "{at: 1s, crash: us-east-1.7}",
        "faults[0].crash: found the node us-east-1.7, expected one of us-east-1.0, us-east-1.1, us-west-2.0; did you mean us-east-1.0?"
      ),
      (
        "{at: 1s, crash: leadr}",
        "faults[0].crash: found the site leadr, expected one of us-east-1, us-west-2, or leader, follower, learner, any; did you mean leader?"
      ),
      ("{at: 1s, crash: learner}", "faults[0].crash: found learner, expected another target: the group has no learner"),
      (
        "{at: 1s, crash: leader, for: 5s}",
        "faults[0].for: found a key that crash does not take, expected restart_after"
      ),
      ("{at: 1s, pause: leader}", "faults[0].for: found nothing, expected how long the pause lasts"),
      ("{at: 1s, every: 5s, crash: leader}", "faults[0].every: found it together with at, expected one of the two"),
      (
        "{at: 1s, until: 5s, crash: leader}",
        "faults[0].until: found it together with at, expected it with every; a fault lasts by for"
      ),
      ("{every: 5s, add: us-east-1}", "faults[0].every: found a repeated add, expected at: a member changes once"),
      ("{every: 10us, crash: leader}", "faults[0].every: found 10us, expected at most 100000 strikes in 60s"),
      (
        "{at: 1s, partition: [us-east-1, us-west-2]}",
        "faults[0].partition: found a list, expected parts such as [[us-east-1], [us-west-2, eu-central-1]]"
      ),
      (
        "{at: 1s, partition: [[us-east-1], [us-east-1]]}",
        "faults[0].partition[1][0]: found us-east-1 a second time, expected each target in one part"
      ),
      ("{at: 1s, heal: some}", "faults[0].heal: found some, expected all"),
      (
        "{at: 1s, link: {from: us-east-1}}",
        "faults[0].link: found no property of the links, expected one such as delay: 80ms"
      ),
      (
        "{at: 1s, link: {delay: 2min}}",
        "faults[0].link: found values that no link can have: a link's delay must lie in 0s ... 60.0s"
      ),
      (
        "{at: 1s, transfer: leader}",
        "faults[0].transfer: found leader, expected a voter to hand over to: a node, a site or follower"
      ),
      (
        "{at: 1s, restart: leader}",
        "faults[0].restart: found leader, expected a node, a site or any: what is down plays no role"
      ),
      (
        "{at: 1s, clock: leader}",
        "faults[0].error: found nothing, expected how much the clock is wrong, such as 500ppm"
      ),
      (
        "{at: 1s, clock: leader, error: 200%}",
        "faults[0].error: found 200%, expected a fraction between -50% and 100%, not 0"
      ),
      (
        "{at: 1s, disk: leader, problem: slow}",
        "faults[0].slower_by: found nothing, expected how much longer a write takes"
      ),
      (
        "{at: 1s, disk: leader, problem: torn}",
        "faults[0].problem: found torn, expected one of slow, stall, torn-tail, lost-tail, read-error"
      ),
      (
        "{at: 1s, crsh: leader}",
        "faults[0].crsh: found an unknown key, expected one of at, every, from, until, crash, restart_after, restart, pause, clock, error, disk, problem, slower_by, partition, heal, link, for, transfer, add, as, remove, promote, revoke, notice; did you mean crash?"
      ),
    ])
  func faults(item: String, problem: String) {
    let found = Samples.problems(Samples.minimal(with: "faults:\n  - \(item)"))
    #expect(found.count == 1)
    // The place is line 7 and the column of what is wrong.
    #expect(found.first?.hasPrefix("spec.yaml:7:") == true)
    #expect(found.first?.hasSuffix(": \(problem)") == true, "\(found)")
  }

  @Test(
    "lines and columns",
    arguments: [
      (
        "group2: {}",
        "spec.yaml:6:1: group2: found an unknown key, expected one of name, seed, world, system, duration, warmup, sites, links, group, fleet, spot, policy, budget, costs, sampling, resources, workload, clients, faults, slo, record, sweep; did you mean group?"
      ),
      ("name: again", "spec.yaml:1:1: found the key name twice in one mapping, expected it once"),
      (
        "slo: {read: 1s",
        "spec.yaml:7:1: found invalid YAML: did not find expected ',' or '}' (while parsing a flow mapping that began in line 6)"
      ),
      (
        "slo: {read: 5}",
        "spec.yaml:6:13: slo.read: found 5, expected a duration such as 150ms (ns, us, ms, s, min, h, d): the unit is missing"
      ),
      ("slo: [1s]", "spec.yaml:6:6: slo: found a list, expected a mapping with keys among read, write"),
      (
        "slo: &a {read: 1s}\nrecord: *a",
        "spec.yaml:7:9: found the alias *a, expected the value itself: specs have no anchors and aliases"
      ),
      ("? [a]\n: b", "spec.yaml:6:3: found a list or mapping as a key, expected a name"),
      (
        "---\nname: b",
        "spec.yaml:6:1: found invalid YAML: but found another document (expected a single document in the stream that began in line 1)"
      ),
    ])
  func places(lines: String, problem: String) { #expect(Samples.problems(Samples.minimal(with: lines)) == [problem]) }

  @Test("everything that is wrong is told at once, in the order of the file")
  func collected() {
    let text = """
      name: many
      duration: -1s
      sites: [us-east-1]
      group: {voters: {us-east-2: 1}, heartbeat: 3s}
      workload:
        - {mix: ycsb-z, rate: 5}
      colour: red
      """
    #expect(
      Samples.problems(text).map { $0.prefix { $0 != "," } } == [
        "spec.yaml:2:11: duration: found -1s", "spec.yaml:4:29: group.voters.us-east-2: found the site us-east-2",
        "spec.yaml:4:44: group.heartbeat: found a heartbeat of 3s and election timeouts from 1s",
        "spec.yaml:6:11: workload[0].mix: found ycsb-z", "spec.yaml:6:25: workload[0].rate: found 5",
        "spec.yaml:7:1: colour: found an unknown key",
      ])
  }

  @Test("what must be given")
  func required() {
    #expect(
      Samples.problems("seed: 3").map { $0.prefix { $0 != "," } } == [
        "spec.yaml:1:1: name: found nothing", "spec.yaml:1:1: sites: found nothing",
        "spec.yaml:1:1: group: found nothing",
        "spec.yaml:1:1: workload: found nothing",
      ])
    #expect(Samples.problems("") == ["spec.yaml: found no YAML value, expected a mapping that starts with name:"])
    #expect(Samples.problems("- a") == ["spec.yaml:1:1: found a list, expected a mapping that starts with name:"])
  }

  @Test("timeouts near the round trips are doubted, not refused")
  func warnings() throws {
    let loaded = try SpecLoader.parse(
      Samples.minimal, overrides: ["group.election_timeout=[100ms, 200ms]", "group.heartbeat=50ms"])
    #expect(loaded.warnings.count == 1)
    #expect(
      loaded.warnings.first?.description.hasPrefix(
        "--set \"group.election_timeout=[100ms, 200ms]\": warning: group.election_timeout: found timeouts from 100ms, expected at least twice the longest round trip"
      ) == true)
  }
}
