import Experiment
import NIOSSL
import Raft
import Wire

/// Who may speak with this node.
extension NodeHost {
  /// The greeting for a node.
  func greeting(for node: NodeID) -> Hello {
    Hello(cluster: configuration.cluster, receiver: node, sender: .node(introduction), groupCount: 1)
  }

  /// What a caller is answered.
  func answer(to hello: Hello, certificate: NIOSSLCertificate?) -> HelloReply {
    let answer = hello.answer(by: introduction, of: configuration.cluster, groupCount: 1)
    guard case .accepted = answer else { return answer }
    if isStopping { return .refused(.stopping) }
    if !hasRoom { return .refused(.tooManyConnections) }
    switch hello.sender {
    case .node(let caller):
      guard accepts(certificate, of: caller.node) else { return .refused(.unknownSender) }
      if let known = peers[caller.node]?.introduction, isOver(caller, known) {
        return .refused(.staleIncarnation(known: known.incarnation))
      }
    case .client: break
    case .administrator:
      guard security == nil || TransportSecurity.certificate(certificate, names: TransportSecurity.administrator)
      else { return .refused(.unknownSender) }
    }
    return answer
  }

  /// Whether a caller is an earlier life of a stateless node that is connected, or a member on other storage.
  private func isOver(_ caller: NodeIntroduction, _ known: NodeIntroduction) -> Bool {
    if caller.role.isMember { return isAnotherStorage(caller) }
    return peers[caller.node]?.isUp == true && caller.incarnation < known.incarnation
  }

  /// Whether a member comes with other storage than before: it has forgotten what it voted for and acknowledged, and must
  /// not count under its old number (trap 15). Known for as long as this node runs.
  func isAnotherStorage(_ caller: NodeIntroduction) -> Bool {
    guard caller.role.isMember, let known = peers[caller.node]?.introduction, known.incarnation != 0 else {
      return false
    }
    return known.incarnation != caller.incarnation
  }

  /// Whether what the other end showed proves that it is the node; without TLS nothing needs to be shown, since only
  /// loopback is listened on.
  func accepts(_ certificate: NIOSSLCertificate?, of node: NodeID) -> Bool {
    security == nil || TransportSecurity.certificate(certificate, names: TransportSecurity.name(of: node))
  }
}
