import Experiment
import Glibc
import Raft
import Wire
import Workload

/// The load of one site that a driver started: it waits for the word to begin, reports every operation, and ends with its
/// driver.
///
/// Orders are lines on standard input: `go NANOSECONDS` begins a run that counts from that instant, `node NUMBER SITE
/// ADDRESS` tells where a node is, `servers` and `readers` list those to ask, nearest first, `there` and `back` set the
/// link to a node and from it (a frame with ``AdminOrder/setLink(_:)``), and `abandon` ends the load at once.
public struct DrivenLoad: Sendable {
  private let generator: LoadGenerator
  private let duration: TimeSpan
  private let seed: UInt64

  /// Makes the load of a generator's site.
  public init(_ generator: LoadGenerator, for duration: TimeSpan, seed: UInt64) {
    self.generator = generator
    self.duration = duration
    self.seed = seed
  }

  /// Runs the clients to their end; what goes wrong is reported.
  public func run(_ clients: SiteClients) async {
    let pipe = DriverPipe()
    DriverPipe.say(LoadReport.up)
    var orders = pipe.orders.makeAsyncIterator()
    guard let origin = await DrivenLoad.word(from: &orders) else { return }
    do throws(NodeRefusal) {
      try await generator.run(clients, for: duration, from: origin, seed: seed) { handle in
        Task.detached {
          for await order in pipe.orders { DrivenLoad.carryOut(order, on: handle) }
        }
      } observe: { record in
        DriverPipe.say(LoadReport.operation(record))
      }
    } catch {
      return DriverPipe.say(LoadReport.failed("\(error)"))
    }
    DriverPipe.say(LoadReport.done)
    // The driver reads to the end and then closes our input.
    try? await Task.sleep(for: .seconds(3_600))
  }

  private static func word(from orders: inout AsyncStream<String>.Iterator) async -> Instant? {
    while let order = await orders.next() {
      let words = order.split(separator: " ")
      if words.count == 2, words[0] == "go", let origin = Int64(words[1]) { return Instant(nanoseconds: origin) }
    }
    return nil
  }

  private static func carryOut(_ order: String, on handle: LoadHandle) {
    let words = order.split(separator: " ")
    switch words.first {
    case "abandon": handle.abandon()
    case "servers": handle.setServers(nodes(words.dropFirst()))
    case "readers": handle.setReaders(nodes(words.dropFirst()))
    case "there", "back":
      guard words.count == 2, let bytes = ReportLine.bytes(words[1]),
        case .adminRequest(let request)? = DrivenFrame.decode(bytes), case .setLink(let update) = request.order
      else { return }
      handle.setLink(update, isBack: words[0] == "back")
    case "node":
      guard words.count == 4, let number = UInt32(words[1]), let address = NetworkAddress(String(words[3])) else {
        return
      }
      var known = KnownNode()
      (known.node, known.site, known.address) = (NodeID(number), String(words[2]), address)
      handle.introduce(known)
    default: break
    }
  }

  private static func nodes(_ words: ArraySlice<Substring>) -> [NodeID] {
    words.compactMap { UInt32($0) }.map { NodeID($0) }
  }
}

extension LinkUpdate {
  /// The order that sets a link in a load process: `there` or `back`, and a frame in hexadecimal digits.
  public func order(isBack: Bool) -> String {
    var line = ReportLine()
    line.word(isBack ? "back" : "there")
    line.hexadecimal(FrameEncoder.bytes(of: .adminRequest(AdminRequest(id: 0, order: .setLink(self))), group: .first))
    return String(decoding: line.bytes, as: UTF8.self)
  }
}
