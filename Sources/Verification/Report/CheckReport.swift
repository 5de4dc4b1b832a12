/// What all checks of a run say together.
public enum Verdict: String, Hashable, Sendable, CaseIterable {
  /// Every check that was made found nothing wrong.
  case pass
  /// At least one check found the system at fault.
  case fail
  /// Nothing was found wrong, but at least one check could not finish.
  case unknown

  /// The exit code of a command that ends with this verdict: 0 pass, 1 fail, 2 unknown.
  public var exitCode: Int32 {
    switch self {
    case .pass: 0
    case .fail: 1
    case .unknown: 2
    }
  }
}

/// The checks of one run and what they found, in the order they were added.
public struct CheckReport: Hashable, Sendable {
  /// Names a kind of check.
  public enum Check: String, Hashable, Sendable, CaseIterable {
    /// Raft's invariants held after every observed step.
    case invariants
    /// Replicas that applied the same entries hold the same state.
    case digests
    /// Every acknowledged write took effect once.
    case durability
    /// The history has a sequential explanation.
    case linearizability
  }

  /// One check's end.
  public struct Item: Hashable, Sendable {
    /// Which check it was.
    public var check: Check
    /// What it found.
    public var verdict: Verdict
    /// What was looked at, what was found or why it stopped; a line of text each.
    public var details: [String]

    /// Makes an item.
    public init(check: Check, verdict: Verdict, details: [String]) {
      self.check = check
      self.verdict = verdict
      self.details = details
    }
  }

  /// The checks made.
  public private(set) var items: [Item] = []

  /// A report on no checks.
  public init() {}

  /// Adds a check's end.
  public mutating func add(_ check: Check, _ verdict: Verdict, details: [String] = []) {
    items.append(Item(check: check, verdict: verdict, details: details))
  }

  /// Adds the end of the invariants' checks; nil when none was violated.
  public mutating func add(_ violation: InvariantViolation?) {
    add(.invariants, violation == nil ? .pass : .fail, details: violation.map { [$0.description] } ?? [])
  }

  /// Adds the disagreements between replicas' digests.
  public mutating func add(_ disagreements: [DigestDisagreement]) {
    add(.digests, disagreements.isEmpty ? .pass : .fail, details: disagreements.map(\.description))
  }

  /// Adds the end of the durability audit.
  public mutating func add(_ result: DurabilityAudit.Result) {
    add(.durability, result.verdict, details: result.details)
  }

  /// Adds the end of the linearizability check.
  public mutating func add(_ result: LinearizabilityReport) {
    switch result.verdict {
    case .linearizable: add(.linearizability, .pass, details: [result.counts.description])
    case .violation(let violation):
      add(.linearizability, .fail, details: violation.lines + [result.counts.description])
    case .unknown(let reason):
      add(.linearizability, .unknown, details: [reason.description, result.counts.description])
    }
  }

  /// Fail when any check failed, else unknown when any could not finish, else pass.
  public var verdict: Verdict {
    if items.contains(where: { $0.verdict == .fail }) { return .fail }
    if items.contains(where: { $0.verdict == .unknown }) { return .unknown }
    return .pass
  }
}
