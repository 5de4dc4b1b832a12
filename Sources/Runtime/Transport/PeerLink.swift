import Experiment
import NIOCore
import Raft
import Wire

/// The way to one other node: at most one connection in use, whichever side opened it, and what is to go over it.
///
/// A link without a connection loses what is sent, as a network does; the core repeats what matters. Who has an address
/// opens a connection when there is something to say, again and again after growing, random pauses. When both sides
/// opened one at the same time, both use the one that the node with the lower number opened. Confined to the host's loop.
final class PeerLink: @unchecked Sendable {
  /// The node at the other end.
  let node: NodeID
  /// Where to reach it; nil for a node that is known only because it called.
  var address: NetworkAddress?
  /// Where its clients are served, for redirects.
  var clients: NetworkAddress?
  /// What the node said of itself.
  var introduction: NodeIntroduction?
  /// The connection in use.
  private(set) var connection: FrameConnection?
  /// Whether a connection is being opened.
  var isDialling = false
  /// No connection is opened before this.
  var pause = Backoff()
  /// The frames of this turn.
  var outgoing: ByteBuffer
  /// Whether `outgoing` is to be flushed at the end of the turn.
  var isTouched = false
  /// What went over the link.
  var counters = LinkMeters()

  init(_ node: NodeID, allocator: ByteBufferAllocator) {
    self.node = node
    outgoing = allocator.buffer(capacity: 0)
  }

  /// Whether frames can be sent now.
  var isUp: Bool { connection != nil }

  /// Takes a connection that was greeted into use; answers the one that is to be closed, if there is one.
  func attach(_ new: FrameConnection, own: NodeID) -> FrameConnection? {
    guard let old = connection else {
      connection = new
      return nil
    }
    // A second connection that the same side opened replaces the first: the opener has given that up.
    let favoured = min(own, node)
    let oldIsFavoured = (old.wasOpenedHere ? own : node) == favoured
    let newIsFavoured = (new.wasOpenedHere ? own : node) == favoured
    if oldIsFavoured && !newIsFavoured { return new }
    connection = new
    return old
  }

  /// Forgets a connection that ended.
  func detach(_ ended: FrameConnection) {
    if connection === ended { connection = nil }
  }
}

/// What went over a link since the node started.
struct LinkMeters {
  /// Frames and bytes that were sent.
  var framesOut: UInt64 = 0
  var bytesOut: UInt64 = 0
  /// Frames and bytes that came.
  var framesIn: UInt64 = 0
  var bytesIn: UInt64 = 0
  /// Frames that were lost because there was no connection, or because it was choked.
  var dropped: UInt64 = 0
  /// How often a connection came into use.
  var connections: UInt64 = 0
  /// The last round trip of a ping.
  var roundTrip: TimeSpan?
}
