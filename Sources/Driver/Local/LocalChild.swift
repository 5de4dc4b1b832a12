import Glibc

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
    guard let orders = LocalChild.pipe() else { throw .system("no pipe could be made", errno) }
    guard let reports = LocalChild.pipe() else {
      closeAll(orders.read, orders.write)
      throw .system("no pipe could be made", errno)
    }
    let log = open(errors ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    defer { closeAll(orders.read, reports.write, log) }
    var child = pid_t()
    let code = LocalChild.spawn(command, input: orders.read, output: reports.write, errors: log, &child)
    guard code == 0 else {
      closeAll(orders.write, reports.read)
      throw .system("\(command[0]) could not be started", code)
    }
    (pid, input, output) = (child, orders.write, reports.read)
    _ = fcntl(output, F_SETFL, O_NONBLOCK)
    _ = fcntl(output, LocalChild.setPipeSize, 1 << 20)
  }

  /// `F_SETPIPE_SZ`, which Swift does not know.
  private static let setPipeSize: Int32 = 1_031

  deinit { end() }

  private static func pipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { return nil }
    // A process started later would hold them open, and hide that the other end is gone.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func spawn(
    _ command: [String], input: Int32, output: Int32, errors: Int32, _ child: inout pid_t
  ) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    var none = sigset_t()
    sigemptyset(&none)
    var usual = sigset_t()
    sigemptyset(&usual)
    for signal in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&usual, signal) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    return posix_spawn(&child, command[0], &actions, &attributes, arguments, environ)
  }

  // MARK: Orders and reports

  /// Writes a line; one for a process that has ended is lost.
  func send(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(input, $0.baseAddress!, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      sent += count
    }
  }

  /// The lines that have come by now.
  func takeLines() -> [String] {
    guard output >= 0 else { return [] }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(output, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count > 0 {
        unread += chunk[..<count]
        continue
      }
      if count == 0 {
        closeAll(output)
        output = -1
      }
      break
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
