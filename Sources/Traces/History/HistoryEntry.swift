import KeyValue
import Raft
import Server
import Workload

/// An operation in the history of a run: what was invoked and what came back.
public struct HistoryEntry: Hashable, Sendable {
  /// Whose operation it was.
  public var client: ClientID
  /// Its number within the client's session.
  public var sequence: SequenceNumber
  /// The client's site.
  public var site: String
  /// What was asked.
  public var operation: Operation
  /// When the first attempt was sent: the operation took no effect before.
  public var invoked: Instant
  /// When the client learnt or gave up on the outcome.
  public var returned: Instant
  /// How fresh a read had to be; without meaning for writes.
  public var consistency: ReadConsistency
  /// What the client knows of the end.
  public var outcome: OperationRecord.Outcome

  /// Makes an entry.
  public init(
    client: ClientID, sequence: SequenceNumber, site: String, operation: Operation, invoked: Instant,
    returned: Instant, consistency: ReadConsistency, outcome: OperationRecord.Outcome
  ) {
    self.client = client
    self.sequence = sequence
    self.site = site
    self.operation = operation
    self.invoked = invoked
    self.returned = returned
    self.consistency = consistency
    self.outcome = outcome
  }

  /// Makes the entry of a finished operation.
  public init(_ record: OperationRecord, names: NameTable) {
    self.init(
      client: record.client, sequence: record.sequence, site: names.site(record.site), operation: record.operation,
      invoked: record.started, returned: record.ended, consistency: record.consistency, outcome: record.outcome)
  }

  /// The description of the lines of `history.jsonl`.
  static let reference = """
    One JSON object per line, one line per operation, in the order in which operations ended. Members:

    | member | value |
    | --- | --- |
    | `client`, `sequence` | the client's number and the operation's number in its session |
    | `site` | the client's site |
    | `op` | `get`, `put`, `delete`, `cas`, `increment`, `append`, `exchange`, `length`, `get-many`, `count-present`, \
    `put-many` or `delete-many` |
    | `key` | the key, of an operation over one |
    | `keys` | the keys, of an operation over several |
    | `value` | the value put, appended, exchanged or swapped in; absent otherwise |
    | `values` | for `put-many`: the values, one for each key |
    | `when` | for `exchange`: `always`, `if-absent` or `if-present` |
    | `expected` | for `cas`: the value expected, `null` for an absent key |
    | `by` | for `increment`: the number to add |
    | `invoked_ns`, `returned_ns` | when the first attempt was sent and when the client knew or gave up, in nanoseconds \
    since the start of the run |
    | `consistency` | `linearizable` or `local`; without meaning for writes |
    | `outcome` | `ok`, `failed` (certainly no effect) or `unknown` (it may take effect at any time from `invoked_ns` on) |
    | `result` | only when `ok`; an object, by what the operation answered |

    A result is `{"value":V}` with `null` for an absent key, `{"stored":true}`, `{"existed":true}` or \
    `{"existed":false}` for a delete, `{"swapped":true,"found":null}` or `{"swapped":false,"found":V}` for a compare \
    and swap, `{"number":N}` after an increment, `{"length":N}` after an append, \
    `{"exchanged":true,"old":V}` or `{"exchanged":false,"old":V}` for an exchange, `{"bytes":N}` for a length, \
    `{"values":[V,...]}`, `{"present":N}` or `{"removed":N}` for several keys, or `{"refused":"not-an-integer"}`, \
    `"overflow"` or `"too-large"`.

    Keys and values are bytes. Bytes that are UTF-8 are JSON strings, with control characters escaped; all others are \
    objects with their hexadecimal digits, such as `{"hex":"00ff"}`. Numbers are whole, of up to 64 bits.
    """
}

extension OperationResult.Refusal {
  /// The word for the refusal in the history.
  var word: String {
    switch self {
    case .notAnInteger: "not-an-integer"
    case .overflow: "overflow"
    case .tooLarge: "too-large"
    }
  }

  /// The refusal that a word stands for.
  init?(word: String) {
    switch word {
    case "not-an-integer": self = .notAnInteger
    case "overflow": self = .overflow
    case "too-large": self = .tooLarge
    default: return nil
    }
  }
}

extension PutCondition {
  /// The word for the condition in the history.
  var word: String {
    switch self {
    case .always: "always"
    case .ifAbsent: "if-absent"
    case .ifPresent: "if-present"
    }
  }

  /// The condition that a word stands for.
  init?(word: String) {
    guard let found = PutCondition.allCases.first(where: { $0.word == word }) else { return nil }
    self = found
  }
}
