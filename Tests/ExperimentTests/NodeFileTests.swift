import Raft
import Testing
import Wire

@testable import Experiment

/// The configuration files of nodes.
struct NodeFileTests {
  private let file = """
    cluster: 00112233445566778899aabbccddeeff
    node: 2
    role: voter
    sites: [us-east-1, eu-west-1]
    site: eu-west-1
    listen: 127.0.0.1:7102
    data: n2
    nodes:
      - {node: 1, site: us-east-1, address: "127.0.0.1:7101"}
      - {node: 2, site: eu-west-1, address: "127.0.0.1:7102", clients: "[::1]:6379"}
      - {node: 9, role: observer, site: us-east-1, address: localhost:7109}
    group: {heartbeat: 50ms, election_timeout: [500ms, 1s]}
    """

  private func refusal(_ replacing: String, _ with: String) -> String {
    #expect(file.contains(replacing))
    do throws(SpecRefusal) {
      _ = try NodeFile.parse(file.replacing(replacing, with: with))
      return "nothing was refused"
    } catch {
      return error.description
    }
  }

  @Test func aFileIsReadAndWrittenBack() throws {
    let configuration = try NodeFile.parse(file)
    #expect(configuration.cluster.description == "00112233445566778899aabbccddeeff")
    #expect(configuration.nodes.map(\.node) == [NodeID(1), NodeID(2), NodeID(9)])
    #expect(configuration.nodes[1].clients == NetworkAddress(host: "::1", port: 6_379))
    #expect(configuration.group.raft.heartbeatInterval == .milliseconds(50))
    #expect(configuration.writes == .forward)
    #expect(try NodeFile.parse(NodeFile.yaml(configuration)) == configuration)
  }

  @Test func whatDoesNotFitIsRefusedWithItsPlace() {
    #expect(refusal("data: n2", "").contains("data: found none, expected a directory"))
    #expect(refusal("site: eu-west-1\nlisten", "site: eu-west-2\nlisten").contains("did you mean eu-west-1?"))
    #expect(refusal("role: voter", "role: leader").contains("expected one of voter, learner, secretary, observer"))
    #expect(refusal("role: voter", "role: learner").contains("says that node 2 is a voter"))
    #expect(refusal("node: 9", "node: 1").contains("found 1 twice"))
    #expect(refusal("listen: 127.0.0.1:7102", "listen: 10.0.0.1:7102").contains("without `tls`"))
    #expect(refusal("localhost:7109", "example.org:7109").contains("without `tls`"))
    #expect(refusal("00112233445566778899aabbccddeeff", "0011").contains("expected 32 hexadecimal digits"))
    #expect(refusal("heartbeat: 50ms", "heartbeat: 500ms").contains("expected less than the election timeout"))
    #expect(refusal("node: 2\nrole", "nod: 2\nrole").contains("did you mean node?"))
  }

  @Test func addressesOfAMetadataService() throws {
    func metadata(_ text: String) throws -> NetworkAddress? {
      try NodeFile.parse(file + "\ninterruption: {metadata: \"\(text)\"}").interruption?.metadata
    }
    #expect(try metadata("http://169.254.169.254") == NetworkAddress(host: "169.254.169.254", port: 80))
    #expect(try metadata("http://127.0.0.1:1338/") == NetworkAddress(host: "127.0.0.1", port: 1_338))
    for text in ["https://x", "ftp", "http://169.254.169.254/latest", "http://"] {
      #expect(throws: SpecRefusal.self) { try metadata(text) }
    }
  }

  @Test(arguments: ["127.0.0.1", "127.0.0.1:99999", ":1", "a b:1", "1:2:3", "[::1]"])
  func textsThatAreNoAddress(text: String) {
    #expect(NetworkAddress(text) == nil)
  }

  @Test func addressesThatOnlyThisMachineReaches() {
    for text in ["127.0.0.1:1", "localhost:1", "[::1]:1", "127.8.9.10:1"] {
      #expect(NetworkAddress(text)?.isLoopback == true)
    }
    for text in ["10.0.0.1:1", "127.example.org:1", "0.0.0.0:1"] {
      #expect(NetworkAddress(text)?.isLoopback == false)
    }
  }
}
