/// What can go wrong with the files of a run.
public enum TraceError: Error, Hashable, Sendable {
  /// The system refused an operation on a file; `code` is the system's error number.
  case system(operation: String, path: String, code: Int32)
  /// A field, or a line as a whole, is not what its schema says.
  case malformed(file: String, line: Int, column: String, found: String, expected: String)
  /// A line is longer than the reader accepts.
  case lineTooLong(file: String, line: Int, limit: Int)
  /// A directory that is to hold a run holds something else, which is never deleted.
  case notARunDirectory(path: String)
  /// Another process is writing this run directory now.
  case inUse(path: String)
  /// The name of a run is no plain file name.
  case badName(String)
}

extension TraceError: CustomStringConvertible {
  /// One line for people: what, where, and what was expected.
  public var description: String {
    switch self {
    case .system(let operation, let path, let code):
      "cannot \(operation) \(path): \(POSIX.message(code))"
    case .malformed(let file, let line, let column, let found, let expected):
      "\(file):\(line): \(column): found \(found), expected \(expected)"
    case .lineTooLong(let file, let line, let limit):
      "\(file):\(line): the line is longer than \(limit) bytes"
    case .notARunDirectory(let path):
      "\(path) is not empty and has no manifest.json: it is not a run directory and stays as it is"
    case .inUse(let path):
      "\(path) is being written by another process"
    case .badName(let name):
      "\"\(name)\" is no name for a run: use letters, digits, '.', '_' and '-', not starting with '.' or '-'"
    }
  }
}
