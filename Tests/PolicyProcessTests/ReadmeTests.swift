import Foundation
import Policies
import Raft
import Testing

/// Holds experiments/policies/README.md to the code.
struct ReadmeTests {
  static func keys(of value: Any) -> Set<String> {
    switch value {
    case let object as [String: Any]: object.reduce(into: Set(object.keys)) { $0.formUnion(keys(of: $1.value)) }
    case let list as [Any]: list.reduce(into: []) { $0.formUnion(keys(of: $1)) }
    default: []
    }
  }

  @Test("Every key of an observation and every word of an action stands in the README")
  func words() throws {
    let text = try String(contentsOf: Support.policies.appendingPathComponent("README.md"), encoding: .utf8)
    var observation = Support.observation()
    observation.forecasts = [observation.persistence]
    let json = try JSONSerialization.jsonObject(with: Data(ObservationJSON.encode(observation)))
    let keys = Self.keys(of: json)
    #expect(keys.count > 40)
    for key in keys.sorted() {
      #expect(text.contains("`\(key)`") || text.contains("`\(key)[]`"), "the README does not tell of \(key)")
    }
    let words =
      Action.Kind.allCases.map(\.rawValue) + FleetRole.allCases.map(\.rawValue) + Market.allCases.map(\.rawValue)
      + NodeObservation.Role.allCases.map(\.rawValue) + NodeObservation.State.allCases.map(\.rawValue)
      + SystemKind.allCases.map(\.rawValue)
    for word in words { #expect(text.contains("`\(word)`"), "the README does not tell of \(word)") }
    #expect(text.contains("at most \(ProposedAction.longestReason) bytes"))
  }
}
