import Glibc
import NIOCore
import Raft

/// What a node has done, and the processor time that its loop took for it.
struct NodeWork: Sendable {
  /// The processor time of the loop's thread.
  var cpu: TimeSpan
  /// Frames that came and that were sent, of nodes and of clients.
  var messages: UInt64
  /// Their bytes.
  var bytes: UInt64
  /// Operations of clients that were executed.
  var operations: UInt64

  static func - (left: NodeWork, right: NodeWork) -> NodeWork {
    NodeWork(
      cpu: left.cpu - right.cpu, messages: left.messages - right.messages, bytes: left.bytes - right.bytes,
      operations: left.operations - right.operations)
  }
}

extension NodeHost {
  /// What the node has done so far; to be asked on the loop, whose thread's time it is.
  var work: NodeWork {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    var work = NodeWork(
      cpu: TimeSpan(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)),
      messages: meters.clientFrames, bytes: meters.clientBytes, operations: meters.operations)
    for link in peers.links {
      work.messages += link.counters.framesIn + link.counters.framesOut
      work.bytes += link.counters.bytesIn + link.counters.bytesOut
    }
    return work
  }
}

extension RunningNode {
  /// What the node has done so far.
  func work() async throws -> NodeWork { try await host.loop.submit { self.host.work }.get() }
}
