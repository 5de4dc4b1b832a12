import Emulation
import Raft
import Runtime
import Traces
import Verification

/// Turns what nodes say of themselves at the ends of windows into rows of traffic.
struct SampleBook {
  /// A node that is looked at.
  struct Subject {
    var node: NodeID
    var site: SiteID
    var role: Traces.NodeRole
  }

  /// What a node's process said; the next process of the node counts from nothing.
  private struct Look {
    var sample: NodeSample
    var life: UInt64
  }

  private var start = Instant.zero
  private var end = Instant.zero
  private var subjects: [Subject] = []
  private var found: [NodeID: Look] = [:]
  private var before: [NodeID: Look] = [:]
  private var sites: [NodeID: SiteID] = [:]
  private var crossed: [[UInt64]] = []
  private var isOpen = false

  /// What the last look found of replicas' states.
  private(set) var replicas: [ReplicaDigest] = []

  /// Whether all that were looked at have answered.
  var isComplete: Bool { subjects.allSatisfy { found[$0.node] != nil } }

  mutating func begin(_ subjects: [Subject], at now: Instant) {
    self.subjects = subjects
    for subject in subjects { sites[subject.node] = subject.site }
    found = [:]
    (start, end) = (end, now)
    isOpen = true
  }

  mutating func take(_ sample: NodeSample, of node: NodeID, life: UInt64) {
    found[node] = Look(sample: sample, life: life)
  }

  /// Writes the rows of the window whose end the last look was.
  mutating func write(into traces: RunTraces) {
    guard isOpen, end > start else { return }
    isOpen = false
    replicas = []
    for subject in subjects.sorted(by: { $0.node < $1.node }) {
      guard let look = found[subject.node] else { continue }
      let sample = look.sample
      if let digest = sample.digest {
        replicas.append(ReplicaDigest(node: subject.node, applied: sample.applied, digest: digest))
      }
      let last = before[subject.node]
      let change = sample.since(last?.life == look.life ? last?.sample : nil)
      before[subject.node] = look
      traces.recorder.traffic(
        from: start, to: end, node: subject.node,
        role: sample.role.map { subject.role == .learner ? .learner : .init($0) } ?? subject.role,
        counters: counters(change, of: subject.site), cpuBusy: min(change.processor, end - start),
        log: LogGauges(last: sample.last, commit: sample.commit, applied: sample.applied))
    }
  }

  private mutating func counters(_ sample: NodeSample, of site: SiteID) -> TrafficCounters {
    var counters = TrafficCounters()
    for link in sample.links {
      counters.messagesOut += link.framesOut
      counters.bytesOut += link.bytesOut
      counters.messagesIn += link.framesIn
      counters.bytesIn += link.bytesIn
      guard let other = sites[link.node] else { continue }
      if other == site { counters.localBytesOut += link.bytesOut } else { counters.wanBytesOut += link.bytesOut }
      let size = max(site.slot, other.slot) + 1
      while crossed.count < size { crossed.append([]) }
      while crossed[site.slot].count < size { crossed[site.slot].append(0) }
      crossed[site.slot][other.slot] += UInt64(max(0, link.bytesOut))
    }
    return counters
  }

  func bytes(from: SiteID, to: SiteID) -> UInt64 {
    guard from.slot < crossed.count, to.slot < crossed[from.slot].count else { return 0 }
    return crossed[from.slot][to.slot]
  }
}

extension NodeSample {
  /// What was done since another look at the same process.
  func since(_ before: NodeSample?) -> NodeSample {
    guard let before else { return self }
    var change = self
    change.processor = processor - before.processor
    for place in change.links.indices {
      guard let old = before.links.first(where: { $0.node == change.links[place].node }) else { continue }
      change.links[place].framesOut -= old.framesOut
      change.links[place].bytesOut -= old.bytesOut
      change.links[place].framesIn -= old.framesIn
      change.links[place].bytesIn -= old.bytesIn
    }
    return change
  }
}
