import Foundation

/// The directory of a run's processes: their configurations, logs and data, below the run directory.
///
/// It goes when the run ends, however that ends: a shell waits at the end of a pipe that the driver holds, and removes what
/// is left when the driver is gone.
final class LocalDirectory {
  /// The directory's name in the run directory.
  static let name = "processes"
  /// Its path.
  let path: String
  private let keeps: Bool
  private var caretaker: LocalChild?

  /// Makes the directory; what an earlier run left in its place goes. With `keeps` it stays at the end.
  init(in run: String, keeps: Bool) throws {
    let base = URL(fileURLWithPath: run).standardizedFileURL.path
    path = base + "/" + LocalDirectory.name
    self.keeps = keeps
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    guard !keeps else { return }
    let script = """
      read line
      for attempt in 1 2 3 4 5 6 7 8 9 10; do
        [ -e "$0" ] || exit 0
        rm -rf -- "$0" && exit 0
        sleep 0.2
      done
      """
    caretaker = try LocalChild(["/bin/sh", "-c", script, path], errors: nil)
  }

  /// Writes a file.
  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  /// The last lines of a file, for messages.
  func tail(of name: String) -> String {
    let text = (try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").suffix(3).joined(separator: "\n")
  }

  /// Removes the directory, when all processes have ended.
  func remove() {
    guard let caretaker else { return }
    try? FileManager.default.removeItem(atPath: path)
    caretaker.finish()
    self.caretaker = nil
  }

  deinit { remove() }
}
