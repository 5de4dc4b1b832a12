import Glibc
import PolicyProcess

/// A process that a run started: orders go to its standard input, reports come from its standard output, line by line.
///
/// It leads a process group of its own, so that a Ctrl-C reaches the driver alone, which then ends it in good order.
final class LocalChild {
  private let pid: pid_t
  private var input: Int32
  /// Where its reports come from; negative once it has closed that.
  private(set) var output: Int32
  private var unread: [UInt8] = []
  private var hasEnded = false

  /// Starts a program; its standard error goes to the end of a file, or nowhere.
  init(_ command: [String], errors: String?) throws(LocalRefusal) {
    guard let orders = Pipe.open() else { throw .system("no pipe could be made", errno) }
    guard let reports = Pipe.open() else {
      closeAll(orders.read, orders.write)
      throw .system("no pipe could be made", errno)
    }
    let log = open(errors ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    defer { closeAll(orders.read, reports.write, log) }
    var child = pid_t()
    let code = Spawning.start(
      command, input: orders.read, output: reports.write, errors: log, usual: [SIGINT, SIGTERM, SIGPIPE], &child)
    guard code == 0 else {
      closeAll(orders.write, reports.read)
      throw .system("\(command[0]) could not be started", code)
    }
    (pid, input, output) = (child, orders.write, reports.read)
    Descriptor.makeNonBlocking(output)
    _ = fcntl(output, LocalChild.setPipeSize, 1 << 20)
  }

  /// `F_SETPIPE_SZ`, which Swift does not know.
  private static let setPipeSize: Int32 = 1_031

  deinit { end() }

  // MARK: Orders and reports

  /// Writes a line; one for a process that has ended is lost.
  func send(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    var sent = 0
    while sent < bytes.count {
      guard case .bytes(let count) = bytes[sent...].withUnsafeBytes({ Descriptor.write(input, $0) }) else { return }
      sent += count
    }
  }

  /// The lines that have come by now.
  func takeLines() -> [String] {
    guard output >= 0 else { return [] }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    reading: while true {
      switch chunk.withUnsafeMutableBytes({ Descriptor.read(output, into: $0) }) {
      case .bytes(let count): unread += chunk[..<count]
      case .wouldWait: break reading
      case .closed:
        closeAll(output)
        output = -1
        break reading
      }
    }
    guard let last = unread.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    let lines = String(decoding: unread[..<last], as: UTF8.self).split(separator: "\n").map(String.init)
    unread.removeFirst(last + 1)
    return lines
  }

  // MARK: Life

  /// Sends a signal, unless it has ended.
  func signal(_ number: Int32) {
    if !hasEnded { kill(pid, number) }
  }

  /// Ends it at once, if it has not ended, with all that it started.
  func end() {
    guard !hasEnded else { return }
    hasEnded = true
    // Before it is reaped: until then its number, which is that of its group, is given to nobody else.
    kill(-pid, SIGKILL)
    reap()
  }

  /// Closes its standard input and waits until it has ended by itself.
  func finish() {
    guard !hasEnded else { return }
    hasEnded = true
    closeAll(input)
    input = -1
    reap()
  }

  private func reap() {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    closeAll(input, output)
    (input, output) = (-1, -1)
  }
}

private func closeAll(_ descriptors: Int32...) {
  for descriptor in descriptors where descriptor >= 0 { close(descriptor) }
}

/// Why a run of real processes cannot begin, or go on.
public enum LocalRefusal: Error, Sendable, CustomStringConvertible {
  /// The system refused something.
  case system(String, Int32)
  /// A process did not start, or ended before its time.
  case process(String)

  /// The value as a sentence.
  public var description: String {
    switch self {
    case .system(let what, let code): "\(what): \(String(cString: strerror(code)).lowercased())"
    case .process(let text): text
    }
  }
}
