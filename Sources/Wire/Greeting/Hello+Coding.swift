import Raft

/// The beginning, up to the versions, is the same in all versions of the protocol.
extension Hello {
  private static let headSize = 8 + 4 + ClusterID.encodedSize + 4 + 2 + 1

  var encodedSize: Int {
    if case .node(let node) = sender { Hello.headSize + node.encodedSize } else { Hello.headSize }
  }

  func write(to writer: inout WireWriter) {
    writer.number(Hello.magic)
    versions.write(to: &writer)
    cluster.write(to: &writer)
    writer.optionalNode(receiver)
    writer.number(groupCount)
    switch sender {
    case .node(let node):
      writer.byte(1)
      node.write(to: &writer)
    case .client: writer.byte(2)
    case .administrator: writer.byte(3)
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(8, .fields)
    let magic = reader.number(UInt64.self)
    guard magic == Hello.magic else { throw reader.error(.notAPeer(found: magic), back: 8) }
    try reader.need(Hello.headSize - 8, .fields)
    let versions = try ClosedRange<ProtocolVersion>(from: &reader)
    let cluster = ClusterID(from: &reader)
    let receiver = reader.optionalNode()
    let groupCount = reader.number(UInt16.self)
    let tag = reader.byte()
    let sender: Sender
    switch tag {
    case 1: sender = .node(try NodeIntroduction(from: &reader))
    case 2: sender = .client
    case 3: sender = .administrator
    default: throw reader.error(.unknownValue(.sender, found: UInt64(tag)), back: 1)
    }
    self.init(versions: versions, cluster: cluster, receiver: receiver, sender: sender, groupCount: groupCount)
  }
}

/// Zero and a welcome, or the number of a refusal and what it says.
extension HelloReply {
  var encodedSize: Int {
    switch self {
    case .accepted(let welcome): 1 + 4 + welcome.node.encodedSize
    case .refused(.noCommonVersion): 1 + 4
    case .refused(.otherCluster): 1 + ClusterID.encodedSize
    case .refused(.otherNode), .refused(.ownIdentity): 1 + 4
    case .refused(.staleIncarnation): 1 + 8
    case .refused(.unknownSender), .refused(.tooManyConnections), .refused(.stopping): 1
    }
  }

  func write(to writer: inout WireWriter) {
    switch self {
    case .accepted(let welcome):
      writer.byte(0)
      writer.number(welcome.version.rawValue)
      writer.number(welcome.groupCount)
      welcome.node.write(to: &writer)
    case .refused(.noCommonVersion(let versions)):
      writer.byte(1)
      versions.write(to: &writer)
    case .refused(.otherCluster(let cluster)):
      writer.byte(2)
      cluster.write(to: &writer)
    case .refused(.otherNode(let node)):
      writer.byte(3)
      writer.node(node)
    case .refused(.ownIdentity(let node)):
      writer.byte(4)
      writer.node(node)
    case .refused(.staleIncarnation(let known)):
      writer.byte(5)
      writer.number(known)
    case .refused(.unknownSender): writer.byte(6)
    case .refused(.tooManyConnections): writer.byte(7)
    case .refused(.stopping): writer.byte(8)
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(1, .refusal)
    let tag = reader.byte()
    switch tag {
    case 0:
      try reader.need(4, .fields)
      let version = ProtocolVersion(reader.number(UInt16.self))
      let groupCount = reader.number(UInt16.self)
      let node = try NodeIntroduction(from: &reader)
      self = .accepted(Welcome(version: version, node: node, groupCount: groupCount))
    case 1:
      try reader.need(4, .fields)
      self = .refused(.noCommonVersion(try ClosedRange<ProtocolVersion>(from: &reader)))
    case 2:
      try reader.need(ClusterID.encodedSize, .fields)
      self = .refused(.otherCluster(ClusterID(from: &reader)))
    case 3, 4:
      try reader.need(4, .fields)
      let node = reader.node()
      self = .refused(tag == 3 ? .otherNode(node) : .ownIdentity(node))
    case 5:
      try reader.need(8, .fields)
      self = .refused(.staleIncarnation(known: reader.number(UInt64.self)))
    case 6: self = .refused(.unknownSender)
    case 7: self = .refused(.tooManyConnections)
    case 8: self = .refused(.stopping)
    default: throw reader.error(.unknownValue(.refusal, found: UInt64(tag)), back: 1)
    }
  }
}
