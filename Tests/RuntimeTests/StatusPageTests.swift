import Experiment
import Foundation
import Raft
import Testing

@testable import Runtime

/// The page that a node serves about itself, and the one that it asks about its machine.
@Suite(.serialized) struct StatusPageTests {
  @Test func metricsAndStatusAreServed() async throws {
    let group = try await TestGroup.voters(1)
    _ = try await group.leader()
    let client = try RESPClient(group.clients(of: NodeID(1)))
    #expect(try client.ask("SET", "a", "1") == .status("OK"))
    let page = group.nodes[NodeID(1)]!.status!
    let metrics = try HTTPAnswer.of(page, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(metrics.head.hasPrefix("HTTP/1.1 200"))
    #expect(metrics.body.contains("eraft_is_leader 1\n"))
    #expect(metrics.body.contains("# TYPE eraft_turns_total counter\n"))
    for line in metrics.body.split(separator: "\n") where !line.hasPrefix("#") {
      #expect(line.split(separator: " ").count == 2, "\(line)")
    }
    let status = try HTTPAnswer.of(page, "GET /status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    let json = try JSONSerialization.jsonObject(with: Data(status.body.utf8)) as? [String: Any]
    #expect(json?["part"] as? String == "leader")
    #expect(json?["voters"] as? [Int] == [1])
    let missing = try HTTPAnswer.of(page, "GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(missing.head.hasPrefix("HTTP/1.1 404"))
    let method = try HTTPAnswer.of(page, "DELETE /status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(method.head.hasPrefix("HTTP/1.1 405"))
    await group.stopAll()
  }

  @Test func labelsAreEscaped() {
    var text = MetricsText()
    text.begin("m", .gauge, "Help.")
    text.sample("m", [("a", "x\"y\\z\n")], 3)
    #expect(text.text == "# HELP m Help.\n# TYPE m gauge\nm{a=\"x\\\"y\\\\z\\n\"} 3\n")
  }
}

/// An answer over a real socket.
struct HTTPAnswer {
  var head: String
  var body: String

  static func of(_ address: NetworkAddress, _ request: String) throws -> HTTPAnswer {
    let client = try RESPClient(address)
    try client.send(raw: Array(request.utf8))
    let text = client.readToEnd()
    let parts = text.components(separatedBy: "\r\n\r\n")
    return HTTPAnswer(head: parts[0], body: parts.dropFirst().joined(separator: "\r\n\r\n"))
  }
}
