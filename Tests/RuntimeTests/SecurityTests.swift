import Experiment
import Foundation
import Logging
import NIOCore
import NIOPosix
import Raft
import Server
import Testing
import Wire

@testable import Runtime

/// Who may speak with a node.
@Suite(.serialized) struct SecurityTests {
  @Test func aGroupWithMutualTLSServesAndRefusesWhoHasNoCertificate() async throws {
    let workshop = try CertificateWorkshop(days: 1)
    let folder = try CertificateFolder(workshop, names: ["node-1", "node-2", "node-3", "admin", "client"])
    let group = try await TestGroup.voters(3) { $0.tls = folder.files("node-\($0.node.rawValue)") }
    try await eventually("nobody leads") {
      let admin = try Administrator(of: group.cluster, tls: folder.files("admin"))
      for node in group.nodes.values {
        if case .status(let status) = try await admin.ask(.status, of: node.address), status.part == .leader {
          return true
        }
      }
      return false
    }
    let address = group.nodes[NodeID(1)]!.address
    // Without a certificate, with a client's, and with one of another authority.
    let stranger = try CertificateFolder(CertificateWorkshop(days: 1), names: ["admin"])
    for tls in [nil, folder.files("client"), stranger.files("admin")] {
      await #expect(throws: AdministrationError.self) {
        _ = try await Administrator(of: group.cluster, tls: tls).ask(.status, of: address)
      }
    }
    await group.stopAll()
  }

  @Test func aCertificateOfOneNodeIsNoUseToAnother() async throws {
    let folder = try CertificateFolder(CertificateWorkshop(days: 1), names: ["node-1", "node-2", "node-3", "admin"])
    // Node 3 shows the certificate of node 2: the others do not take it in, and go on without it.
    let group = try await TestGroup.voters(3) {
      $0.tls = folder.files($0.node == NodeID(3) ? "node-2" : "node-\($0.node.rawValue)")
    }
    let admin = try Administrator(of: group.cluster, tls: folder.files("admin"))
    try await eventually("nobody leads") {
      for number in [1, 2] {
        guard case .status(let status) = try await admin.ask(.status, of: group.nodes[NodeID(UInt32(number))]!.address)
        else { continue }
        if status.part == .leader { return true }
      }
      return false
    }
    let outsider = try await group.ownStatus(of: NodeID(3))
    #expect(outsider.lastIndex == .zero)
    #expect(outsider.leader == nil)
    await group.stopAll()
  }

  @Test func filesThatAreNoCertificatesAreRefused() throws {
    var files = TLSFiles()
    (files.certificate, files.key, files.authority) = ("/nonexistent/a.pem", "/nonexistent/a.key", "/nonexistent/b.pem")
    #expect(throws: SecurityRefusal.self) { try TransportSecurity(files) }
  }

  @Test func aCallerOfAnotherClusterIsRefused() async throws {
    let group = try await TestGroup.voters(1)
    _ = try await group.leader()
    let stranger = try Administrator(of: ClusterID(high: 1, low: 2), tls: nil)
    await #expect {
      _ = try await stranger.ask(.status, of: group.nodes[NodeID(1)]!.address)
    } throws: { error in
      "\(error)".contains("belongs to cluster \(group.cluster)")
    }
    await group.stopAll()
  }

  @Test func bytesThatAreNoGreetingEndTheConnection() async throws {
    let group = try await TestGroup.voters(1)
    _ = try await group.leader()
    let address = group.nodes[NodeID(1)]!.address
    for bytes in [
      Array("GET / HTTP/1.1\r\n\r\n".utf8), [UInt8](repeating: 0xFF, count: 64), [0, 0, 0, 0x40, 1, 1, 0, 0],
    ] {
      let caller = try RESPClient(address)
      try caller.send(raw: bytes)
      #expect(caller.isClosedByServer())
    }
    #expect(try await group.status(of: NodeID(1)).part == .leader)
    await group.stopAll()
  }
}

/// Certificates in files of a directory that goes when the value does.
final class CertificateFolder: Sendable {
  private let directory: String

  init(_ workshop: CertificateWorkshop, names: [String]) throws {
    directory = NSTemporaryDirectory() + "eraft-certs-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try workshop.authority.write(toFile: "\(directory)/authority.pem", atomically: true, encoding: .utf8)
    for name in names {
      let (certificate, key) = try workshop.make(name)
      try certificate.write(toFile: "\(directory)/\(name).pem", atomically: true, encoding: .utf8)
      try key.write(toFile: "\(directory)/\(name).key", atomically: true, encoding: .utf8)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func files(_ name: String) -> TLSFiles {
    var files = TLSFiles()
    files.certificate = "\(directory)/\(name).pem"
    files.key = "\(directory)/\(name).key"
    files.authority = "\(directory)/authority.pem"
    return files
  }
}
