import Experiment
import Raft
import Runtime
import Synchronization
import Wire

/// Sends orders to nodes while the run goes on; their answers are taken when the run looks for them.
final class OrderDesk: Sendable {
  /// What came of an order.
  typealias Answer = Result<AdminAnswer, AdministrationError>

  private let administrator: Administrator
  private let answers = Mutex<[(order: Int, answer: Answer)]>([])

  init(cluster: ClusterID) throws(SecurityRefusal) { administrator = try Administrator(of: cluster, tls: nil) }

  /// Sends an order; its answer will bear the number.
  func send(_ order: AdminOrder, to address: NetworkAddress, number: Int) {
    Task.detached { [self] in
      let answer: Answer
      do throws(AdministrationError) {
        answer = .success(try await administrator.ask(order, of: address))
      } catch {
        answer = .failure(error)
      }
      answers.withLock { $0.append((number, answer)) }
    }
  }

  /// The answers that have come by now.
  func take() -> [(order: Int, answer: Answer)] {
    answers.withLock { answers in
      defer { answers.removeAll() }
      return answers
    }
  }
}
