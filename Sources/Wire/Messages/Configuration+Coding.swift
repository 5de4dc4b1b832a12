import Raft

/// Whether a joint configuration is left automatically, and four lists of nodes: voters, outgoing voters, learners, and
/// those that become learners.
extension Configuration {
  var encodedSize: Int { 17 + 4 * (voters.count + outgoing.count + learners.count + learnersNext.count) }

  func write(to writer: inout WireWriter) {
    writer.flag(leavesAutomatically)
    Configuration.write(voters, to: &writer)
    Configuration.write(outgoing, to: &writer)
    Configuration.write(learners, to: &writer)
    Configuration.write(learnersNext, to: &writer)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(1, .configuration)
    let leavesAutomatically = try reader.flag()
    let voters = try Configuration.readNodes(from: &reader)
    let outgoing = try Configuration.readNodes(from: &reader)
    let learners = try Configuration.readNodes(from: &reader)
    self.init(
      voters: voters, outgoing: outgoing, learners: learners,
      learnersNext: try Configuration.readNodes(from: &reader), leavesAutomatically: leavesAutomatically)
  }

  private static func write(_ nodes: [NodeID], to writer: inout WireWriter) {
    writer.number(UInt32(nodes.count))
    for node in nodes { writer.node(node) }
  }

  private static func readNodes(from reader: inout WireReader) throws(WireError) -> [NodeID] {
    let count = try reader.count(.configuration, limit: reader.limits.listLength, minimumSize: 4)
    var nodes: [NodeID] = []
    nodes.reserveCapacity(count)
    for _ in 0..<count { nodes.append(reader.node()) }
    return nodes
  }
}

extension SnapshotDescription {
  /// The last entry covered, and the configuration there.
  var encodedSize: Int { 16 + configuration.encodedSize }

  func write(to writer: inout WireWriter) {
    writer.position(last)
    configuration.write(to: &writer)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(16, .fields)
    let last = reader.position()
    self.init(last: last, configuration: try Configuration(from: &reader))
  }
}
