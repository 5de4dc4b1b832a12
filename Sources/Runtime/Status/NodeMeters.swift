/// What a host counts since it started.
struct NodeMeters {
  /// Turns of the server.
  var turns: UInt64 = 0
  /// Operations of clients that were executed: commands applied and reads served.
  var operations: UInt64 = 0
  /// Writes given to the disk, and how often it reported some of them as durable.
  var writes: UInt64 = 0
  var durableReports: UInt64 = 0
  /// Frames of clients that came and that were sent, and their bytes.
  var clientFrames: UInt64 = 0
  var clientBytes: UInt64 = 0
  /// Messages from, or for, others than the connection's node and this one.
  var misaddressed: UInt64 = 0
  /// Messages for nodes that nothing is known of.
  var unknownReceivers: UInt64 = 0
  /// Answers for connections that had ended.
  var lateReplies: UInt64 = 0
  /// How often the role changed.
  var roleChanges: UInt64 = 0
  /// Interruption notices.
  var notices: UInt64 = 0
  /// Requests passed on to the leader.
  var forwarded: UInt64 = 0
}
