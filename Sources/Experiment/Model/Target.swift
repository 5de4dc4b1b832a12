/// Whom a fault concerns: a node or site by name, or whoever plays a role when the fault strikes.
public enum Target: Hashable, Sendable, CustomStringConvertible {
  /// One node: the `number`-th of a site, from 0, as in `us-east-1.0`.
  case node(site: String, number: Int)
  /// All nodes of a site.
  case site(String)
  /// The leader of the moment.
  case leader
  /// One voter, drawn at random, that does not lead; at the site when one is given.
  case follower(at: String?)
  /// One learner, drawn at random; at the site when one is given.
  case learner(at: String?)
  /// One node, drawn at random; at the site when one is given.
  case any(at: String?)
  /// One secretary, drawn at random; at the site when one is given.
  case secretary(at: String?)
  /// One observer, drawn at random; at the site when one is given.
  case observer(at: String?)

  /// The words that name roles, which no site may be called.
  static let roles = ["leader", "follower", "learner", "any", "secretary", "observer", "all"]

  /// Reads `leader`, `follower`, `follower@us-west-2`, `us-east-1.0` or `us-east-1`; nil when the text is none of these.
  public init?(_ text: String) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let site = parts.count == 2 ? parts[1] : nil
    if let site, !Naming.isSite(site) { return nil }
    switch parts.first ?? "" {
    case "leader" where site == nil: self = .leader
    case "follower": self = .follower(at: site)
    case "learner": self = .learner(at: site)
    case "any": self = .any(at: site)
    case "secretary": self = .secretary(at: site)
    case "observer": self = .observer(at: site)
    case let name where site == nil:
      if let point = name.lastIndex(of: ".") {
        let digits = name[name.index(after: point)...]
        guard Naming.isSite(String(name[..<point])), digits.count <= 5, digits.allSatisfy({ ("0"..."9").contains($0) }),
          let number = Int(digits), "\(number)" == digits
        else { return nil }
        self = .node(site: String(name[..<point]), number: number)
      } else {
        guard Naming.isSite(name) else { return nil }
        self = .site(name)
      }
    default: return nil
    }
  }

  /// The target as a spec says it.
  public var description: String {
    func at(_ site: String?) -> String { site.map { "@\($0)" } ?? "" }
    return switch self {
    case .node(let site, let number): "\(site).\(number)"
    case .site(let site): site
    case .leader: "leader"
    case .follower(let site): "follower\(at(site))"
    case .learner(let site): "learner\(at(site))"
    case .any(let site): "any\(at(site))"
    case .secretary(let site): "secretary\(at(site))"
    case .observer(let site): "observer\(at(site))"
    }
  }

  /// The site that the target names, if it names one.
  public var site: String? {
    switch self {
    case .node(let site, _), .site(let site): site
    case .follower(let site), .learner(let site), .any(let site), .secretary(let site), .observer(let site): site
    case .leader: nil
    }
  }
}

/// Which names are allowed.
enum Naming {
  /// Whether a text can name a site: letters, digits, `-` and `_`, at most 64, starting with a letter or digit.
  static func isSite(_ text: String) -> Bool { isName(text, extra: "-_") }

  /// Whether a text can name an experiment: as a site, and with points.
  static func isExperiment(_ text: String) -> Bool { isName(text, extra: "-_.") }

  private static func isName(_ text: String, extra: String) -> Bool {
    guard let first = text.first, isAlphanumeric(first), text.utf8.count <= 64 else { return false }
    return text.allSatisfy { isAlphanumeric($0) || extra.contains($0) }
  }

  private static func isAlphanumeric(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber)
  }
}
