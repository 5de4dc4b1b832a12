import KeyValue
import Raft
import Server

/// One client session and the operation it is busy with.
struct ClientSlot: Sendable {
  /// What the session does.
  enum State: Sendable {
    /// Nothing.
    case idle
    /// Waits for the start of its next operation of a closed loop.
    case thinking
    /// Waits for an answer to its latest attempt.
    case waiting
    /// Pauses before the next attempt.
    case pausing
  }

  /// What comes after the operation at hand, when that ends well.
  enum Continuation: Sendable {
    case none
    /// Puts a value of a size in bytes.
    case put(size: Int)
    /// Swaps what was found for a value of a size in bytes.
    case swap(size: Int)
    /// Reads further keys from a position on.
    case scan(position: Int, left: Int)
  }

  var state = State.idle
  /// The last number used; rises with each operation, reads included.
  var sequence = SequenceNumber(0)
  var phase = 0
  var kind = OperationKind.read
  var operation = Operation.get(Key([]))
  var continuation = Continuation.none
  var consistency = ReadConsistency.linearizable
  var intended = Instant.zero
  var started = Instant.zero
  /// How many times the operation was sent, and how many of these were not answered.
  var attempts = 0
  var unanswered = 0
  /// Whether an answer said that the operation may yet take effect.
  var isUncertain = false
  /// The group that the latest attempt asked.
  var group = GroupID.first
  /// Whom the latest attempt asked, how many servers it passed over, and redirects followed since the last pause.
  var target = NodeID(0)
  var skipped = 0
  /// When the attempt under way was sent.
  var asked = Instant.zero
  var redirects = 0
  var pauses = 0
  /// Who answered last, and in which role.
  var server: NodeID?
  var role: Responder?

  var isBusy: Bool {
    switch state {
    case .waiting, .pausing: true
    case .idle, .thinking: false
    }
  }
}
