#if canImport(Musl)
  import Musl
#else
  import Glibc
#endif
import Raft

/// The thread that writes a log: what is queued while a durable write is under way shares the next one (group commit).
public final class StorageWriter: Sendable {
  private let queue = WorkQueue()
  private let thread: pthread_t

  /// Starts the thread on a log that was just opened. `report` is called on that thread: once after every durable write,
  /// or once to say that the storage failed for good.
  public init<Files: FileSystem>(
    _ log: sending WriteAheadLog<Files>, report: @escaping @Sendable (StorageReport) -> Void
  ) {
    let work = WriterThread(log, queue, report)
    thread = startThread { work.run() }
  }

  /// Queues writes, and snapshots that follow on them, in order. What comes after a failure is dropped.
  public func submit(_ writes: ContiguousArray<Write>, _ snapshots: ContiguousArray<SnapshotSave> = []) {
    queue.add(writes, snapshots)
  }

  /// Makes durable what is queued, reports it, and ends the thread; to be called once, and not by `report`.
  public func stop() {
    queue.stop()
    pthread_join(thread, nil)
  }
}

/// What the thread does. It alone has the log, hence the promise to the compiler.
private final class WriterThread<Files: FileSystem>: @unchecked Sendable {
  private var log: WriteAheadLog<Files>?
  private let queue: WorkQueue
  private let report: @Sendable (StorageReport) -> Void
  private var space = StorageSpace.ample

  init(_ log: WriteAheadLog<Files>, _ queue: WorkQueue, _ report: @escaping @Sendable (StorageReport) -> Void) {
    self.log = log
    self.queue = queue
    self.report = report
  }

  func run() {
    guard let log else { return }
    do throws(StorageError) {
      var requests: ContiguousArray<WorkQueue.Request> = []
      space = try log.maintain()
      while queue.take(&requests, waiting: patience(log)) || log.isStaging {
        for request in requests {
          switch request {
          case .write(let write): try log.append(write)
          case .snapshot(let save): try log.append(save)
          }
          if log.bufferedBytes >= log.settings.batchBytes { try flush(log) }
        }
        let isIdle = requests.isEmpty && !log.isStaging
        requests.removeAll(keepingCapacity: true)
        // What was looked at before the wait may have changed by now.
        if isIdle { space = try log.maintain() }
        try flush(log)
        if !isIdle { space = try log.maintain() }
      }
    } catch {
      queue.abandon()
      report(.failed(error))
    }
    // Closes the files and gives back the lock.
    self.log = nil
  }

  /// A host that was told that the disk is nearly full asks for no writes: it is told again from time to time how that is.
  private func patience(_ log: WriteAheadLog<Files>) -> WorkQueue.Patience {
    if log.isStaging { return .none }
    return space == .nearlyFull ? .second : .endless
  }

  private func flush(_ log: WriteAheadLog<Files>) throws(StorageError) {
    let flushed = try log.flush()
    let snapshots = flushed.snapshot.map { [$0] } ?? []
    report(.durable(through: flushed.through, snapshots: ContiguousArray(snapshots), space: space))
  }
}

/// Starts a thread of the system, which is to be joined.
private func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
  var thread = pthread_t()
  let code = pthread_create(
    &thread, nil,
    { argument in
      Unmanaged<ThreadBody>.fromOpaque(argument!).takeRetainedValue().run()
      return nil
    }, Unmanaged.passRetained(ThreadBody(body)).toOpaque())
  precondition(code == 0, "the system cannot start the thread that writes the log: \(SystemCall.message(code))")
  return thread
}

/// What a thread runs, behind a pointer.
private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
