#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Two ends of a pipe, closed in any process that is started without being given them.
package struct Pipe {
  package var read: Int32
  package var write: Int32

  /// Opens a pipe; nil when the system refuses, with `errno` set. To be called while no process is being started.
  package static func open() -> Pipe? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for place in 0...1 {
      ends[place] = Descriptor.aboveStandard(ends[place])
      _ = fcntl(ends[place], F_SETFD, FD_CLOEXEC)
    }
    return Pipe(read: ends[0], write: ends[1])
  }
}

/// The few system calls on descriptors that a conversation over pipes needs.
package enum Descriptor {
  /// The system's words for an error number.
  static func message(_ code: Int32) -> String {
    var text = [CChar](repeating: 0, count: 256)
    guard strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
    return text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  /// The same open file under a number above 2, so that setting up a child's standard streams cannot overwrite it.
  static func aboveStandard(_ descriptor: Int32) -> Int32 {
    guard descriptor >= 0, descriptor <= 2 else { return descriptor }
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    close(descriptor)
    return copy
  }

  /// Makes reads and writes return at once when they would have to wait.
  package static func makeNonBlocking(_ descriptor: Int32) {
    let flags = fcntl(descriptor, F_GETFL)
    if flags >= 0 { _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) }
  }

  /// What a read or a write came to.
  package enum Progress {
    /// So many bytes.
    case bytes(Int)
    /// Nothing now.
    case wouldWait
    /// The other end is closed, or the descriptor is of no use any more.
    case closed
  }

  /// Reads what is there, at most as much as fits.
  package static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Progress {
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      #elseif canImport(Musl)
        let count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
      #else
        let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
      #endif
      if count > 0 { return .bytes(count) }
      if count == 0 { return .closed }
      if errno == EINTR { continue }
      return errno == EAGAIN || errno == EWOULDBLOCK ? .wouldWait : .closed
    }
  }

  /// Writes what the pipe takes now. A reader that is gone is `closed` and raises no signal in this process.
  package static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Progress {
    // SIGPIPE goes to the writing thread: it is held off, and taken off the thread if this write raised it. The
    // disposition of the whole process is the program's own business.
    var brokenPipe = sigset_t()
    sigemptyset(&brokenPipe)
    sigaddset(&brokenPipe, SIGPIPE)
    let wasPending = isPending(SIGPIPE)
    var before = sigset_t()
    pthread_sigmask(SIG_BLOCK, &brokenPipe, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    while true {
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
      #elseif canImport(Musl)
        let count = Musl.write(descriptor, bytes.baseAddress, bytes.count)
      #else
        let count = Darwin.write(descriptor, bytes.baseAddress, bytes.count)
      #endif
      if count >= 0 { return .bytes(count) }
      if errno == EINTR { continue }
      if errno == EAGAIN || errno == EWOULDBLOCK { return .wouldWait }
      if errno == EPIPE, !wasPending, isPending(SIGPIPE) {
        var number: Int32 = 0
        sigwait(&brokenPipe, &number)
      }
      return .closed
    }
  }

  private static func isPending(_ number: Int32) -> Bool {
    var pending = sigset_t()
    sigemptyset(&pending)
    sigpending(&pending)
    return sigismember(&pending, number) == 1
  }
}
