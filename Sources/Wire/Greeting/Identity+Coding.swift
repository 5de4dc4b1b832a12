import Raft

extension ClusterID {
  static let encodedSize = 16

  /// The lower half first, as in any little-endian number.
  func write(to writer: inout WireWriter) {
    writer.number(low)
    writer.number(high)
  }

  /// Reads a name whose bytes were asked for before.
  init(from reader: inout WireReader) {
    let low = reader.number(UInt64.self)
    self.init(high: reader.number(UInt64.self), low: low)
  }
}

extension ClosedRange<ProtocolVersion> {
  /// The oldest and the newest.
  func write(to writer: inout WireWriter) {
    writer.number(lowerBound.rawValue)
    writer.number(upperBound.rawValue)
  }

  /// Reads a range whose bytes were asked for before.
  init(from reader: inout WireReader) throws(WireError) {
    let oldest = ProtocolVersion(reader.number(UInt16.self))
    let newest = ProtocolVersion(reader.number(UInt16.self))
    guard oldest <= newest else {
      throw reader.error(
        .tooLarge(.versions, found: UInt64(oldest.rawValue), limit: UInt64(newest.rawValue)), back: 4)
    }
    self = oldest...newest
  }
}

extension NodeRole {
  /// Reads a byte that was asked for before.
  init(from reader: inout WireReader) throws(WireError) {
    let code = reader.byte()
    guard let role = NodeRole(rawValue: code) else {
      throw reader.error(.unknownValue(.role, found: UInt64(code)), back: 1)
    }
    self = role
  }
}

/// Node, incarnation, role, locality, and the site's name.
extension NodeIntroduction {
  var encodedSize: Int { 19 + site.utf8.count }

  func write(to writer: inout WireWriter) {
    writer.node(node)
    writer.number(incarnation)
    writer.byte(role.rawValue)
    writer.number(locality.rawValue)
    writer.text(site)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(15, .fields)
    let node = reader.node()
    let incarnation = reader.number(UInt64.self)
    let role = try NodeRole(from: &reader)
    let locality = Locality(reader.number(UInt16.self))
    self.init(node: node, incarnation: incarnation, role: role, locality: locality, site: try reader.text())
  }
}
