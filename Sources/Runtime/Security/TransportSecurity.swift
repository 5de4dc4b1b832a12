import Experiment
import NIOCore
import NIOSSL
import Raft

/// Mutual TLS between the nodes of a cluster: each side shows a certificate that the cluster's authority signed and that
/// names the node.
struct TransportSecurity: Sendable {
  private let client: NIOSSLContext
  private let server: NIOSSLContext

  /// Reads the files.
  ///
  /// Throws ``SecurityRefusal`` when one of them cannot be used.
  init(_ files: TLSFiles) throws(SecurityRefusal) {
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(files.certificate).map { NIOSSLCertificateSource.certificate($0) }
      let key = NIOSSLPrivateKeySource.privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem))
      let roots = NIOSSLTrustRoots.file(files.authority)
      var outgoing = TLSConfiguration.makeClientConfiguration()
      outgoing.certificateChain = chain
      outgoing.privateKey = key
      outgoing.trustRoots = roots
      outgoing.minimumTLSVersion = .tlsv13
      // The name is checked against the node's number, not against where it was reached.
      outgoing.certificateVerification = .noHostnameVerification
      client = try NIOSSLContext(configuration: outgoing)
      var incoming = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: key)
      incoming.trustRoots = roots
      incoming.minimumTLSVersion = .tlsv13
      incoming.certificateVerification = .noHostnameVerification
      server = try NIOSSLContext(configuration: incoming)
    } catch {
      throw SecurityRefusal(files: files, reason: "\(error)")
    }
  }

  /// The handler of a connection that this node opens.
  func clientHandler() throws -> NIOSSLClientHandler { try NIOSSLClientHandler(context: client, serverHostname: nil) }

  /// The handler of a connection that another node opens.
  func serverHandler() -> NIOSSLServerHandler { NIOSSLServerHandler(context: server) }

  /// The name that the certificate of a node carries: `node-3.eraft`.
  static func name(of node: NodeID) -> String { "node-\(node.rawValue).eraft" }

  /// The name that the certificate of an administrator carries.
  static let administrator = "admin.eraft"

  /// Whether a certificate carries a name.
  static func certificate(_ certificate: NIOSSLCertificate?, names name: String) -> Bool {
    guard let names = certificate?._subjectAlternativeNames() else { return false }
    let wanted = Array(name.utf8)
    return names.contains { $0.nameType == .dnsName && Array($0.contents) == wanted }
  }
}

/// Why the files of mutual TLS cannot be used.
public struct SecurityRefusal: Error, Sendable, CustomStringConvertible {
  /// The files that were named.
  public var files: TLSFiles
  /// What is wrong with one of them.
  public var reason: String

  /// The value as a sentence.
  public var description: String {
    "mutual TLS cannot be set up from \(files.certificate), \(files.key) and \(files.authority): \(reason)"
  }
}
