/// One thing that is wrong or doubtful in a spec, in one line.
public struct SpecProblem: Hashable, Sendable, CustomStringConvertible {
  /// How bad a problem is.
  public enum Severity: String, Hashable, Sendable {
    /// The spec cannot run.
    case error
    /// The spec runs and may not do what was meant.
    case warning
  }

  /// How bad it is.
  public var severity: Severity
  /// Where it stands.
  public var place: SpecPlace
  /// The key, such as `group.heartbeat` or `faults[2].at`; empty when no key is concerned.
  public var key: String
  /// What was found and what was expected.
  public var message: String

  /// Makes a problem.
  public init(severity: Severity, place: SpecPlace, key: String, message: String) {
    self.severity = severity
    self.place = place
    self.key = key
    self.message = message
  }

  /// The problem in one line, such as `spec.yaml:12:5: group.heartbeat: found -5ms, expected a positive duration`.
  public var description: String {
    let mark = severity == .warning ? "warning: " : ""
    return key.isEmpty ? "\(place): \(mark)\(message)" : "\(place): \(mark)\(key): \(message)"
  }
}

/// A spec that was refused, with everything that was found wrong.
public struct SpecRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The errors in the order of the file, at least one.
  public var problems: [SpecProblem]

  /// Makes a refusal.
  public init(problems: [SpecProblem]) { self.problems = problems }

  /// One line per problem.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
