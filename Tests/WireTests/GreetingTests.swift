import Raft
import Testing

@testable import Wire

@Suite("Greetings") struct GreetingTests {
  private let cluster = ClusterID(high: 1, low: 2)
  private let listener = NodeIntroduction(
    node: NodeID(4), incarnation: 9, role: .voter, locality: Locality(1), site: "eu-central-1")

  private func hello(_ change: (inout Hello) -> Void = { _ in }) -> HelloReply {
    var hello = Hello(
      versions: ProtocolVersion(1)...ProtocolVersion(3), cluster: cluster, receiver: NodeID(4),
      sender: .node(
        NodeIntroduction(node: NodeID(5), incarnation: 1, role: .voter, locality: Locality(1), site: "us-east-1")),
      groupCount: 2)
    change(&hello)
    return hello.answer(
      by: listener, of: cluster, groupCount: 7, speaking: ProtocolVersion(2)...ProtocolVersion(5))
  }

  @Test("The highest version that both know is spoken")
  func versions() {
    let welcome = Welcome(version: ProtocolVersion(3), node: listener, groupCount: 7)
    #expect(hello() == .accepted(welcome))
    #expect(
      hello { $0.versions = ProtocolVersion(5)...ProtocolVersion(9) }
        == .accepted(
          Welcome(
            version: ProtocolVersion(5), node: listener, groupCount: 7)))
    let refused = HelloReply.refused(.noCommonVersion(ProtocolVersion(2)...ProtocolVersion(5)))
    #expect(hello { $0.versions = ProtocolVersion(1)...ProtocolVersion(1) } == refused)
    #expect(hello { $0.versions = ProtocolVersion(6)...ProtocolVersion(9) } == refused)
  }

  @Test("Another cluster, another node and the node's own identifier are refused")
  func identities() {
    #expect(hello { $0.cluster.low = 3 } == .refused(.otherCluster(cluster)))
    #expect(hello { $0.receiver = NodeID(6) } == .refused(.otherNode(NodeID(4))))
    #expect(hello { $0.sender = .node(listener) } == .refused(.ownIdentity(NodeID(4))))
    for sender in [Hello.Sender.client, .administrator] {
      guard
        case .accepted = hello({
          $0.sender = sender
          $0.receiver = nil
        })
      else {
        Issue.record("\(sender) was refused")
        continue
      }
    }
  }

  @Test("A stranger is told apart by its first bytes")
  func magic() {
    var bytes = FrameEncoder.bytes(
      of: .hello(Hello(cluster: cluster, receiver: nil, sender: .client, groupCount: 0)), group: .first)
    #expect(Array(bytes[8..<16]) == Array("eraft".utf8) + [0, 0, 0])
    bytes[8] = UInt8(ascii: "E")
    let error = #expect(throws: WireError.self) { try decode(bytes) }
    #expect(error == WireError(offset: 8, problem: .notAPeer(found: 0x74_6661_7245)))
    #expect(
      error?.description == "byte 8 of a frame: the greeting begins with 0x7466617245, not with 0x7466617265")
  }

  @Test("A cluster's name is 32 hexadecimal digits")
  func clusterText() {
    let name = ClusterID(high: 0xAB, low: .max)
    #expect(name.description == "00000000000000abffffffffffffffff")
    #expect(ClusterID(name.description) == name)
    #expect(ClusterID("00000000000000ABFFFFFFFFFFFFFFFF") == name)
    for text in [
      "", "ab", "00000000000000abfffffffffffffffg", "+0000000000000abffffffffffffffff", "0x" + name.description,
    ] {
      #expect(ClusterID(text) == nil)
    }
  }
}
