/// What one reading of a spec collects: its problems, and where each key stands.
final class Reading {
  /// The file's name as people wrote it.
  let source: String
  /// Gives the bytes of a file that the spec names, or says in words why it cannot.
  let readFile: (String) -> Result<[UInt8], CompanionFileError>
  /// Policies beyond those that come with eraft.
  let policies: [String]
  /// Errors and warnings so far.
  private(set) var problems: [SpecProblem] = []
  /// Where the value of each key stands.
  private var places: [String: SpecPlace] = [:]

  /// The most problems that are reported; a mangled file would repeat itself.
  static let problemLimit = 50

  init(
    source: String, policies: [String] = [], readFile: @escaping (String) -> Result<[UInt8], CompanionFileError>
  ) {
    self.source = source
    self.policies = policies
    self.readFile = readFile
  }

  /// Whether anything so far keeps the spec from running.
  var hasErrors: Bool { problems.contains { $0.severity == .error } }

  /// The problems in the order of the file; those of options come last.
  var sortedProblems: [SpecProblem] {
    func position(_ problem: SpecProblem) -> (Int, Int) {
      switch problem.place {
      case .file: (0, 0)
      case .line(_, let line, let column): (line, column)
      case .option: (.max, 0)
      }
    }
    return problems.enumerated().sorted { left, right in
      let (first, second) = (position(left.element), position(right.element))
      return first != second ? first < second : left.offset < right.offset
    }.map(\.element)
  }

  /// Remembers where the value of `key` stands.
  func note(_ key: String, at place: SpecPlace) { places[key] = place }

  /// Whether the spec gives the key.
  func gives(_ key: String) -> Bool { places[key] != nil }

  /// Whether an error concerns the key or what is inside it.
  func blames(_ key: String) -> Bool {
    problems.contains { problem in
      problem.severity == .error
        && (problem.key == key || problem.key.hasPrefix(key + ".") || problem.key.hasPrefix(key + "["))
    }
  }

  /// Where `key` stands; for a key that was left out, where the nearest enclosing one stands.
  func place(of key: String) -> SpecPlace {
    var key = key[...]
    while !key.isEmpty {
      if let place = places[String(key)] { return place }
      let end = key.lastIndex { $0 == "." || $0 == "[" } ?? key.startIndex
      key = key[..<end]
    }
    return .file(source)
  }

  /// Reports an error.
  func refuse(_ key: String, at place: SpecPlace? = nil, _ message: String) {
    report(.error, key, at: place, message)
  }

  /// Reports something doubtful.
  func warn(_ key: String, at place: SpecPlace? = nil, _ message: String) {
    report(.warning, key, at: place, message)
  }

  private func report(_ severity: SpecProblem.Severity, _ key: String, at place: SpecPlace?, _ message: String) {
    guard problems.count < Self.problemLimit else { return }
    problems.append(
      SpecProblem(severity: severity, place: place ?? self.place(of: key), key: key, message: message))
  }
}

/// Why a file that a spec names cannot be used, in words that follow the file's name.
struct CompanionFileError: Error {
  var reason: String
}
