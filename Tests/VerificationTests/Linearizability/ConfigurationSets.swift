import KeyValue
import Raft
import Workload

@testable import Verification

/// Decides whether a history is linearizable by going through time once and keeping every configuration that the
/// system may be in: which of the operations under way have taken effect, and what the key holds.
///
/// Operations take effect only when one that returns has to (Lowe: Testing for linearizability, 2017, just-in-time
/// linearization). It shares no idea with the checker's search, holds values instead of numbers, and prunes nothing.
enum ConfigurationSets {
  private struct Configuration: Hashable {
    /// Operations that took effect and have not returned, by place, sorted.
    var placed: [Int] = []
    var value: Value?
  }

  static func isLinearizable(_ records: [OperationRecord]) -> Bool {
    let relevant = records.filter(\.matters)
    return Set(relevant.map(\.operation.key)).allSatisfy { key in
      keyIsLinearizable(relevant.filter { $0.operation.key == key })
    }
  }

  private struct Event {
    var time: Int64
    var isReturn: Bool
    var place: Int
  }

  private static func keyIsLinearizable(_ records: [OperationRecord]) -> Bool {
    var events: [Event] = []
    for (place, record) in records.enumerated() {
      events.append(Event(time: record.started.nanoseconds, isReturn: false, place: place))
      guard record.outcome != .unknown else { continue }
      events.append(Event(time: record.ended.nanoseconds, isReturn: true, place: place))
    }
    // Calls come before returns of the same moment: what touches in time counts as concurrent.
    events.sort { ($0.time, $0.isReturn ? 1 : 0, $0.place) < ($1.time, $1.isReturn ? 1 : 0, $1.place) }
    var configurations: Set<Configuration> = [Configuration()]
    var called: [Int] = []
    for event in events {
      if !event.isReturn {
        called.append(event.place)
        continue
      }
      configurations = effects(of: event.place, called: called, records, configurations)
      if configurations.isEmpty { return false }
      called.removeAll { $0 == event.place }
    }
    return true
  }

  /// The configurations after an operation has taken effect, preceded by whatever others may have.
  private static func effects(
    of place: Int, called: [Int], _ records: [OperationRecord], _ before: Set<Configuration>
  ) -> Set<Configuration> {
    var after: Set<Configuration> = []
    var seen = before
    var work = Array(before)
    while let configuration = work.popLast() {
      if configuration.placed.contains(place) {
        var rest = configuration
        rest.placed.removeAll { $0 == place }
        after.insert(rest)
        continue
      }
      for candidate in called where !configuration.placed.contains(candidate) {
        let waits = called.contains { other in
          other != candidate && !configuration.placed.contains(other) && records[other].precedes(records[candidate])
        }
        guard !waits, let value = records[candidate].valueLeft(on: configuration.value) else { continue }
        var next = Configuration(placed: configuration.placed + [candidate], value: value)
        next.placed.sort()
        if seen.insert(next).inserted { work.append(next) }
      }
    }
    return after
  }
}
