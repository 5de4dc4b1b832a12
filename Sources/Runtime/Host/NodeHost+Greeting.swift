import Experiment
import NIOSSL
import Raft
import Wire

/// Who may speak with this node.
extension NodeHost {
  /// The most connections of callers at once.
  static let mostConnections = 20_000

  /// The greeting for a node.
  func greeting(for node: NodeID) -> Hello {
    Hello(cluster: configuration.cluster, receiver: node, sender: .node(introduction), groupCount: 1)
  }

  /// What a caller is answered.
  func answer(to hello: Hello, certificate: NIOSSLCertificate?) -> HelloReply {
    let answer = hello.answer(by: introduction, of: configuration.cluster, groupCount: 1)
    guard case .accepted = answer else { return answer }
    if isStopping { return .refused(.stopping) }
    if openConnections.count > NodeHost.mostConnections { return .refused(.tooManyConnections) }
    switch hello.sender {
    case .node(let caller):
      guard accepts(certificate, of: caller.node) else { return .refused(.unknownSender) }
      // An earlier life of a stateless node, or other storage under a member's number, is over.
      if let known = peers[caller.node]?.introduction?.incarnation, caller.incarnation < known {
        return .refused(.staleIncarnation(known: known))
      }
    case .client: break
    case .administrator:
      guard security == nil || TransportSecurity.certificate(certificate, names: TransportSecurity.administrator)
      else { return .refused(.unknownSender) }
    }
    return answer
  }

  /// Whether what the other end showed proves that it is the node; without TLS nothing needs to be shown, since only
  /// loopback is listened on.
  func accepts(_ certificate: NIOSSLCertificate?, of node: NodeID) -> Bool {
    security == nil || TransportSecurity.certificate(certificate, names: TransportSecurity.name(of: node))
  }
}
