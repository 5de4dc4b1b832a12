import Glibc
import ProcessIntrinsics
import Raft

/// The two ends that a driven process has of its driver: orders come on standard input, reports go to standard output.
///
/// The process ends when its driver does, however that ends: the system kills it with the thread that started it, and
/// it ends by itself when its standard input is closed.
public struct DriverPipe: Sendable {
  /// The orders, a line each.
  public let orders: AsyncStream<String>

  /// Begins to listen; to be made once in a process.
  public init() {
    _ = process_dies_with_parent()
    signal(SIGPIPE, SIG_IGN)
    let (stream, continuation) = AsyncStream.makeStream(of: String.self)
    orders = stream
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(continuation))
    pthread_create(
      &thread, nil,
      { argument in
        let box = Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue()
        while let line = readLine() { box.continuation.yield(line) }
        // The driver is gone: nobody wants what this process does.
        _exit(0)
      }, box.toOpaque())
    pthread_detach(thread)
  }

  private final class Box {
    let continuation: AsyncStream<String>.Continuation
    init(_ continuation: AsyncStream<String>.Continuation) { self.continuation = continuation }
  }

  /// Writes all bytes to standard output; a driver that is gone ends the process.
  static func write(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress!, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { _exit(0) }
      sent += count
    }
  }

  /// Tells the driver something of a node at once.
  public static func say(_ report: NodeReport) {
    var line = ReportLine()
    report.write(to: &line)
    write(line.bytes)
  }

  /// Tells the driver something of a load at once.
  public static func say(_ report: LoadReport) {
    var line = ReportLine()
    report.write(to: &line)
    write(line.bytes)
  }
}
