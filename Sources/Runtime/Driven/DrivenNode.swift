import Experiment
import Glibc
import Logging

/// A node that a driver started: it waits for the word to begin, reports what happens to it, and ends with its driver.
///
/// Orders are lines on standard input: `go` begins, `sample` asks for a ``NodeSample``. All else is asked over the node's
/// port, as any administrator does.
public struct DrivenNode: Sendable {
  private let configuration: NodeConfiguration
  private let creates: Bool
  private let reportsApplied: Bool
  private let log: Logger

  /// Makes a node; with `reportsApplied` it reports every command that it applies.
  public init(_ configuration: NodeConfiguration, creates: Bool, reportsApplied: Bool, log: Logger) {
    self.configuration = configuration
    self.creates = creates
    self.reportsApplied = reportsApplied
    self.log = log
  }

  /// Runs the node until it is told to stop or fails; what goes wrong is reported.
  public func run() async {
    let pipe = DriverPipe()
    let birth: NodeBirth
    do throws(NodeRefusal) {
      // What takes long comes before the word to begin, so that all nodes begin together.
      birth = try NodeBirth(configuration, creates: creates, reports: ReportWriter(reportsApplied: reportsApplied))
    } catch {
      return DriverPipe.say(NodeReport.failed("\(error)"))
    }
    DriverPipe.say(NodeReport.up)
    var node: RunningNode?
    for await order in pipe.orders {
      switch order {
      case "go" where node == nil:
        do throws(NodeRefusal) {
          let started = try await RunningNode.start(birth, log: log)
          node = started
          started.report(.ready(at: MonotonicClock.now))
          Task.detached { await Self.end(started) }
        } catch {
          return DriverPipe.say(NodeReport.failed("\(error)"))
        }
      case "sample": node?.reportSample()
      default: log.warning("found the order \(order), expected go or sample")
      }
    }
  }

  /// Ends the process with the node.
  private static func end(_ node: RunningNode) async {
    if case .failed(let reason) = await node.waitForEnd() { node.report(.failed(reason)) }
    await node.stop()
    exit(0)
  }
}
