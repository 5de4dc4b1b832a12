import Experiment
import Logging
import ServiceLifecycle
import UnixSignals

/// A node as a service: it runs until it is told to stop, an administrator stops it, or it fails.
///
/// SIGTERM and SIGINT stop it in good order; SIGUSR1 is the notice that its machine is about to be taken away.
public struct NodeService: Service {
  private let configuration: NodeConfiguration
  private let creates: Bool
  private let log: Logger
  private let started: @Sendable (RunningNode) -> Void

  /// Makes a service; `started` is called when the node listens. A first start of a member `creates` its directory.
  public init(
    _ configuration: NodeConfiguration, creates: Bool, log: Logger, started: @escaping @Sendable (RunningNode) -> Void
  ) {
    self.configuration = configuration
    self.creates = creates
    self.log = log
    self.started = started
  }

  /// Runs the service; throws ``NodeRefusal`` when the node cannot start, and ``NodeFailure`` when it stopped by itself.
  public func run() async throws {
    // Trapped before the node listens: a notice may come while the log is still being read.
    let notices = await UnixSignalsSequence(trapping: .sigusr1)
    let node = try await RunningNode.start(configuration, creates: creates, log: log)
    started(node)
    let end = await withGracefulShutdownHandler {
      await withTaskGroup(of: RunningNode.NodeEnd?.self) { tasks in
        tasks.addTask { await node.waitForEnd() }
        tasks.addTask {
          for await _ in notices { node.interrupt() }
          return nil
        }
        var end = RunningNode.NodeEnd.asked
        for await result in tasks {
          guard let result else { continue }
          end = result
          tasks.cancelAll()
          break
        }
        return end
      }
    } onGracefulShutdown: {
      node.askToStop()
    }
    await node.stop()
    if case .failed(let reason) = end { throw NodeFailure(reason: reason) }
  }
}

/// A node that stopped rather than risk what was committed, or whose disk failed.
public struct NodeFailure: Error, Sendable, CustomStringConvertible {
  /// Why it stopped.
  public var reason: String

  /// The value as a sentence.
  public var description: String { "the node stopped: \(reason)" }
}
