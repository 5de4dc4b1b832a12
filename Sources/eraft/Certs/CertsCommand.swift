import ArgumentParser
import Foundation
import Raft
import Runtime

/// `eraft certs`: makes the certificates of a cluster's nodes.
struct CertsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certs",
    abstract: "Make an authority, and certificates for the nodes of a cluster and their administrator.",
    discussion: """
      Writes authority.pem, and for each node node-<n>.pem and node-<n>.key; admin.pem and admin.key for `eraft admin`, \
      client.pem and client.key for clients. The authority's own key is never written: to add a node later, make all \
      anew. Keys are readable by their owner only. Nothing that is there is overwritten.
      """
  )

  @Argument(help: "The numbers of the nodes.")
  var nodes: [UInt32]

  @Option(help: ArgumentHelp("Where the files go.", valueName: "dir"), completion: .directory)
  var out: String

  @Option(help: "How many days the certificates are valid.")
  var days = 30

  func run() throws { try outcome().deliver() }

  func outcome() -> CommandOutcome {
    guard !nodes.isEmpty, nodes.allSatisfy({ NodeID($0) <= NodeID.largest }), (1...3_650).contains(days) else {
      return CommandOutcome(
        errors: [
          "found nodes \(nodes) and \(days) days, expected numbers up to \(NodeID.largest.rawValue) and 1 to 3650 days"
        ],
        code: .unusable)
    }
    do {
      try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
      let workshop = try CertificateWorkshop(days: days)
      try write(workshop.authority, to: "authority.pem", secret: false)
      for name in nodes.map({ "node-\($0)" }) + ["admin", "client"] {
        let (certificate, key) = try workshop.make(name)
        try write(certificate, to: "\(name).pem", secret: false)
        try write(key, to: "\(name).key", secret: true)
      }
      return CommandOutcome(output: ["\(nodes.count + 2) certificates, valid for \(days) days: \(out)"])
    } catch let error as CertificateProblem {
      return CommandOutcome(errors: [error.text], code: .unusable)
    } catch {
      return CommandOutcome(errors: ["\(out): \(error.localizedDescription)"], code: .unusable)
    }
  }

  private func write(_ text: String, to name: String, secret: Bool) throws {
    let path = out + "/" + name
    // Created with its mode, so that a key is at no time readable by others.
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, secret ? 0o600 : 0o644)
    guard descriptor >= 0 else {
      throw CertificateProblem(text: "\(path): cannot be made: \(String(cString: strerror(errno)).lowercased())")
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try file.write(contentsOf: Data(text.utf8))
    try file.synchronize()
  }
}

/// Why certificates were not made.
struct CertificateProblem: Error {
  /// The reason in a sentence.
  var text: String
}
