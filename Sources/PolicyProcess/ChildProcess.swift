import Policies
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A command at work, with pipes to its standard input, output and error.
///
/// It leads a process group of its own, so that what it started ends with it.
final class ChildProcess {
  /// Our end of its standard input, output and error; nil once closed.
  private(set) var input: Int32?
  private(set) var output: Int32?
  private(set) var errors: Int32?
  private let pid: pid_t
  private var end: PolicyFault.ProcessEnd?

  /// Starts a command that is looked up as a shell would, with this program's environment.
  init(_ command: [String]) throws(PolicyFault) {
    guard let name = command.first, !name.isEmpty else { throw .notStarted("the command is empty; expected a name") }
    let start = Self.starting.withLock { _ in Self.start(command) }
    switch start {
    case .failure(let fault): throw fault
    case .success(let started):
      pid = started.pid
      (input, output, errors) = (started.input, started.output, started.errors)
      for descriptor in [started.input, started.output, started.errors] { Descriptor.makeNonBlocking(descriptor) }
    }
  }

  deinit { _ = finish(waiting: 0) }

  /// Closes its standard input, which tells it that no more observations come.
  func closeInput() {
    if let input { Self.close(input) }
    input = nil
  }

  /// Forgets its standard error once that is closed.
  func closeErrors() {
    if let errors { Self.close(errors) }
    errors = nil
  }

  /// Lets it end by itself for a while, in milliseconds, then kills it and all that it started; how it ended.
  func finish(waiting milliseconds: Int) -> PolicyFault.ProcessEnd {
    if let end { return end }
    closeInput()
    let clock = ContinuousClock()
    let deadline = clock.now + .milliseconds(milliseconds)
    while !hasEnded, clock.now < deadline { usleep(2_000) }
    // Before it is reaped: until then its number, which is that of its group, is given to nobody else.
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    if let output { Self.close(output) }
    output = nil
    closeErrors()
    let signal = status & 0x7F
    let found: PolicyFault.ProcessEnd = signal == 0 ? .exit(code: (status >> 8) & 0xFF) : .signal(signal)
    end = found
    return found
  }

  /// Whether it has ended; leaves it to be reaped.
  private var hasEnded: Bool {
    var info = siginfo_t()
    return waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo == SIGCHLD
  }

  private static func close(_ descriptors: Int32...) {
    for descriptor in descriptors { _ = closeDescriptor(descriptor) }
  }

  /// One at a time: a pipe that another thread's child inherited would hide that this child has closed its end.
  private static let starting = Mutex(())

  private struct Started {
    var pid: pid_t
    var input: Int32
    var output: Int32
    var errors: Int32
  }

  private static func start(_ command: [String]) -> Result<Started, PolicyFault> {
    var pipes: [Pipe] = []
    func give(up code: Int32) -> Result<Started, PolicyFault> {
      for pipe in pipes { close(pipe.read, pipe.write) }
      return .failure(.notStarted("\(command[0]): \(Descriptor.message(code))"))
    }
    for _ in 0..<3 {
      guard let pipe = Pipe.open() else { return give(up: errno) }
      pipes.append(pipe)
    }
    var child = pid_t()
    let code = Spawning.start(
      command, input: pipes[0].read, output: pipes[1].write, errors: pipes[2].write, usual: [SIGPIPE], &child)
    guard code == 0 else { return give(up: code) }
    close(pipes[0].read, pipes[1].write, pipes[2].write)
    return .success(Started(pid: child, input: pipes[0].write, output: pipes[1].read, errors: pipes[2].read))
  }
}

/// `close`, under a name that the methods above do not hide.
private func closeDescriptor(_ descriptor: Int32) -> Int32 { close(descriptor) }
