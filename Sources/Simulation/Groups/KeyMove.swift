import Emulation
import KeyValue
import Raft
import Workload

/// Keys on their way between groups, and who carries them.
struct KeyMove: Sendable {
  var mover: KeyMover
  let change: Regrouping.Change
  let began: Instant
  /// Where the mover is on the network.
  let endpoint: EndpointID
  /// For when the mover's timer event is that counts.
  var armed = Instant.distantFuture
}
