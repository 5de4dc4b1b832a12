import Emulation

/// The policies that can be chosen by name: those that come with eraft, and those that a program adds.
///
/// A program gives the names that it adds to `SpecLoader`, so that specs may use them, and the registry to
/// `ExperimentRun`, which makes the policy.
public struct PolicyRegistry: Sendable {
  /// A policy with a name.
  public struct Entry: Sendable {
    /// The name that specs use.
    public var name: String
    /// What it does, in one line.
    public var summary: String
    /// Makes a fresh one.
    public var make: @Sendable () -> any MembershipPolicy

    /// Makes an entry.
    public init(name: String, summary: String, make: @escaping @Sendable () -> any MembershipPolicy) {
      self.name = name
      self.summary = summary
      self.make = make
    }
  }

  /// Why the registry cannot do what it is asked.
  public enum Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is a policy of this name already.
    case nameTaken(String)
    /// There is no policy of this name; the nearest name, and all of them.
    case unknown(String, nearest: String?, expected: [String])

    /// What was found and what was expected.
    public var description: String {
      switch self {
      case .nameTaken(let name): return "there is already a policy named \(name)"
      case .unknown(let name, let nearest, let expected):
        let hint = nearest.map { "; did you mean \($0)?" } ?? ""
        return "there is no policy named \(name), expected one of \(expected.joined(separator: ", "))\(hint)"
      }
    }
  }

  /// The policies, in the order in which they are listed.
  public private(set) var entries: [Entry]

  /// The names that came to those of eraft.
  public var addedNames: [String] { entries.dropFirst(ShippedPolicy.all.count).map(\.name) }

  /// Makes a registry of the shipped policies with their default settings.
  public init() {
    entries = ShippedPolicy.all.map { policy in
      Entry(name: policy.name, summary: policy.summary) { policy.makePolicy() }
    }
  }

  /// Adds a policy. Throws when its name is taken.
  public mutating func register(_ entry: Entry) throws(Problem) {
    if entries.contains(where: { $0.name == entry.name }) { throw .nameTaken(entry.name) }
    entries.append(entry)
  }

  /// A fresh policy of that name. Throws when there is none.
  public func makePolicy(named name: String) throws(Problem) -> any MembershipPolicy {
    if let entry = entries.first(where: { $0.name == name }) { return entry.make() }
    let names = entries.map(\.name)
    throw .unknown(name, nearest: NearestName.of(name, among: names), expected: names)
  }
}
