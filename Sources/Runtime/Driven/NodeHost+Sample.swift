import Glibc
import KeyValue
import Raft
import Server
import Wire

extension NodeHost {
  /// What the node did so far.
  var sample: NodeSample {
    let status = status
    let digest: UInt64?
    var role: Role?
    switch process {
    case .member(let server):
      digest = server.pointee.store.digest
      role = server.pointee.node.role
    case .observer(let server): digest = server.pointee.store.digest
    case .secretary: digest = nil
    }
    return NodeSample(
      at: MonotonicClock.now,
      links: peers.links.sorted { $0.node < $1.node }.map { link in
        NodeSample.Link(
          node: link.node, framesOut: Int(link.counters.framesOut), bytesOut: Int(link.counters.bytesOut),
          framesIn: Int(link.counters.framesIn), bytesIn: Int(link.counters.bytesIn))
      },
      processor: NodeHost.processorTime, role: role, last: status.lastIndex, commit: status.commitIndex,
      applied: status.appliedIndex, digest: digest)
  }

  /// The processor's time that this process took.
  private static var processorTime: TimeSpan {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return TimeSpan(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  /// Reports what the node did so far.
  func reportSample() {
    reports?.note(.sample(sample))
    reports?.flush()
  }
}
