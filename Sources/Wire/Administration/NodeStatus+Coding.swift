import Raft
import Server

extension NodeStatus {
  /// The bytes between the introduction and what is there only sometimes: part, term, leader, five indices, three flags.
  private static let numbersSize = 1 + 8 + 4 + 5 * 8 + 3

  var encodedSize: Int {
    node.encodedSize + NodeStatus.numbersSize + (configuration?.encodedSize ?? 0)
      + 4 + Member.encodedSize * members.count + 4 + FleetNode.encodedSize * fleet.count
      + (fault.map { 4 + $0.utf8.count } ?? 0)
  }

  func write(to writer: inout WireWriter) {
    node.write(to: &writer)
    writer.byte(part.code)
    writer.term(term)
    writer.optionalNode(leader)
    for index in [firstIndex, lastIndex, commitIndex, appliedIndex, snapshotIndex] { writer.index(index) }
    writer.flag(isRetiring)
    writer.flag(configuration != nil)
    writer.flag(fault != nil)
    configuration?.write(to: &writer)
    writer.number(UInt32(members.count))
    for member in members { member.write(to: &writer) }
    writer.number(UInt32(fleet.count))
    for node in fleet { node.write(to: &writer) }
    if let fault { writer.text(fault) }
  }

  init(from reader: inout WireReader) throws(WireError) {
    let node = try NodeIntroduction(from: &reader)
    try reader.need(NodeStatus.numbersSize, .fields)
    self.init(node: node, part: try Responder(from: &reader))
    term = reader.term()
    leader = reader.optionalNode()
    firstIndex = reader.index()
    lastIndex = reader.index()
    commitIndex = reader.index()
    appliedIndex = reader.index()
    snapshotIndex = reader.index()
    isRetiring = try reader.flag()
    let hasConfiguration = try reader.flag()
    let hasFault = try reader.flag()
    if hasConfiguration { configuration = try Configuration(from: &reader) }
    let memberCount = try reader.count(.members, limit: reader.limits.listLength, minimumSize: Member.encodedSize)
    members.reserveCapacity(memberCount)
    for _ in 0..<memberCount { members.append(try Member(from: &reader)) }
    let fleetCount = try reader.count(.fleet, limit: reader.limits.listLength, minimumSize: FleetNode.encodedSize)
    fleet.reserveCapacity(fleetCount)
    for _ in 0..<fleetCount { fleet.append(try FleetNode(from: &reader)) }
    if hasFault { fault = try reader.text() }
  }
}

extension NodeStatus.Member {
  fileprivate static let encodedSize = 21

  fileprivate func write(to writer: inout WireWriter) {
    writer.node(node)
    writer.index(match)
    writer.index(next)
    writer.flag(isActive)
  }

  /// Reads a line whose bytes were asked for before.
  fileprivate init(from reader: inout WireReader) throws(WireError) {
    let node = reader.node()
    let match = reader.index()
    let next = reader.index()
    self.init(node: node, match: match, next: next, isActive: try reader.flag())
  }
}

extension NodeStatus.FleetNode {
  fileprivate static let encodedSize = 8

  fileprivate func write(to writer: inout WireWriter) {
    writer.node(node)
    writer.byte(role.rawValue)
    writer.number(serves)
    writer.flag(isRetiring)
  }

  /// Reads a line whose bytes were asked for before.
  fileprivate init(from reader: inout WireReader) throws(WireError) {
    let node = reader.node()
    let role = try NodeRole(from: &reader)
    let serves = reader.number(UInt16.self)
    self.init(node: node, role: role, serves: serves, isRetiring: try reader.flag())
  }
}
