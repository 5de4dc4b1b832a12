#if canImport(Musl)
  import Musl
#else
  import Glibc
#endif
import Raft

/// What waits for the thread that writes.
///
/// Checked by hand: every access to what varies is made with the lock held.
final class WorkQueue: @unchecked Sendable {
  /// One thing to make durable.
  enum Request {
    case write(Write)
    case snapshot(SnapshotSave)
  }

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var waiting: ContiguousArray<Request> = []
  private var isStopping = false
  private var isAbandoned = false
  private var isIdle = false

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(arrival, nil)
  }

  deinit {
    pthread_cond_destroy(arrival)
    pthread_mutex_destroy(mutex)
    arrival.deallocate()
    mutex.deallocate()
  }

  /// Adds requests, in order.
  func add(_ writes: ContiguousArray<Write>, _ snapshots: ContiguousArray<SnapshotSave>) {
    guard !writes.isEmpty || !snapshots.isEmpty else { return }
    pthread_mutex_lock(mutex)
    if !isAbandoned {
      for write in writes { waiting.append(.write(write)) }
      for snapshot in snapshots { waiting.append(.snapshot(snapshot)) }
      if isIdle { pthread_cond_signal(arrival) }
    }
    pthread_mutex_unlock(mutex)
  }

  /// Lets ``take(_:waits:)`` end once nothing is left.
  func stop() {
    pthread_mutex_lock(mutex)
    isStopping = true
    pthread_cond_signal(arrival)
    pthread_mutex_unlock(mutex)
  }

  /// Drops what waits and what is to come.
  func abandon() {
    pthread_mutex_lock(mutex)
    isAbandoned = true
    waiting.removeAll()
    pthread_mutex_unlock(mutex)
  }

  /// Exchanges an empty buffer for all that waits; false when nothing does and nothing will.
  func take(_ requests: inout ContiguousArray<Request>, waits: Bool) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while waits, waiting.isEmpty, !isStopping {
      isIdle = true
      pthread_cond_wait(arrival, mutex)
      isIdle = false
    }
    swap(&waiting, &requests)
    return !requests.isEmpty || !isStopping
  }
}
