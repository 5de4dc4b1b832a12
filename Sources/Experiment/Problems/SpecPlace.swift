/// Where in a spec something stands: a line and column of a file, or an option of the command line.
public enum SpecPlace: Hashable, Sendable, CustomStringConvertible {
  /// A file as a whole.
  case file(String)
  /// A line and a column of a file, both from 1.
  case line(String, line: Int, column: Int)
  /// An option of the command line, such as `--set group.heartbeat=50ms`.
  case option(String)

  /// The place as compilers print it: `spec.yaml:12:5`.
  public var description: String {
    switch self {
    case .file(let name): name
    case .line(let name, let line, let column): "\(name):\(line):\(column)"
    case .option(let option): option
    }
  }
}
