import Foundation

/// A JSON file that a command writes as a whole or not at all.
enum JSONFile {
  /// Why a file cannot be written, before the work begins; nil when it can, or when none is wanted.
  static func problem(writing path: String?) -> String? {
    guard let path else { return nil }
    let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isDirectory: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
      return "\(path): a directory, and no file to write to"
    }
    guard FileManager.default.isWritableFile(atPath: directory) else {
      return "\(path): \(directory) is not a directory that can be written to"
    }
    return nil
  }

  /// Writes an object with sorted keys; what went wrong, or nil.
  static func write(_ object: [String: Any], to path: String) -> String? {
    do {
      let data = try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
      try (data + Data("\n".utf8)).write(to: URL(fileURLWithPath: path), options: .atomic)
      return nil
    } catch {
      return "\(path): cannot be written: \(error.localizedDescription)"
    }
  }
}
