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

  /// Lets ``take(_:waiting:)`` end once nothing is left.
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

  /// How long a thread waits for requests.
  enum Patience {
    /// Not at all.
    case none
    /// A second at most: long enough to cost nothing, short enough to notice that somebody made room on the disk.
    case second
    /// Until there are some.
    case endless
  }

  /// Exchanges an empty buffer for all that waits; false when nothing does and nothing will.
  func take(_ requests: inout ContiguousArray<Request>, waiting patience: Patience) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    var isOver = patience == .none
    while !isOver, waiting.isEmpty, !isStopping {
      isIdle = true
      if patience == .endless {
        pthread_cond_wait(arrival, mutex)
      } else {
        var limit = timespec()
        clock_gettime(CLOCK_REALTIME, &limit)
        limit.tv_sec += 1
        isOver = pthread_cond_timedwait(arrival, mutex, &limit) != 0
      }
      isIdle = false
    }
    swap(&waiting, &requests)
    return !requests.isEmpty || !isStopping
  }
}
