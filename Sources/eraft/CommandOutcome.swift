import ArgumentParser
import Foundation

/// What a command that ends at once has to say: pure commands make one, and only this type prints.
struct CommandOutcome: Hashable {
  /// For standard output; each may have several lines.
  var output: [String] = []
  /// For standard error; each may have several lines.
  var errors: [String] = []
  /// What the process exits with.
  var code = ExitCode.success

  /// Prints everything; throws the exit code when it is not 0.
  func deliver() throws {
    Self.write(output, to: .standardOutput)
    Self.write(errors, to: .standardError)
    if code != .success { throw code }
  }

  /// Prints everything and ends the process.
  func deliverAndExit() -> Never {
    try? deliver()
    exit(code.rawValue)
  }

  private static func write(_ lines: [String], to file: FileHandle) {
    guard !lines.isEmpty else { return }
    let text = lines.map { Render.printable($0) + "\n" }.joined()
    // A reader that went away (`eraft list | head`) is no failure of the command.
    try? file.write(contentsOf: Data(text.utf8))
  }
}
