import KeyValue
import Raft
import Storage

/// Where a reply goes: opaque to the server, chosen by the host.
public struct ClientAddress: Hashable, Sendable {
  /// The address as a plain number.
  public var rawValue: UInt64
  /// Makes an address from a plain number.
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// A reply and where it goes.
public struct AddressedReply: Sendable {
  /// Where it goes.
  public var to: ClientAddress
  /// The reply.
  public var reply: ClientReply

  /// Makes a reply with an address.
  public init(to address: ClientAddress, reply: ClientReply) {
    to = address
    self.reply = reply
  }
}

/// A command that a server applied.
public struct AppliedCommand: Hashable, Sendable {
  /// Whose command it was.
  public var client: ClientID
  /// Its number.
  public var sequence: SequenceNumber
  /// Its place in the log.
  public var index: LogIndex

  /// Makes a command.
  public init(client: ClientID, sequence: SequenceNumber, index: LogIndex) {
    self.client = client
    self.sequence = sequence
    self.index = index
  }
}

/// An entry that an observer applied.
public struct ObservedEntry: Sendable {
  /// Its place in the log.
  public var position: LogPosition
  /// The entry.
  public var entry: Entry
}

/// What a server wants its host to do. Buffers keep their capacity between turns.
public struct ServerEffects: Sendable {
  /// Messages to other members, which may leave now.
  public var messages: ContiguousArray<Envelope> = []
  /// Writes to make durable, in order with `snapshots`.
  public var writes: ContiguousArray<Write> = []
  /// Snapshots to make durable; each follows the writes issued before it.
  public var snapshots: ContiguousArray<SnapshotSave> = []
  /// Replies to clients.
  public var replies: ContiguousArray<AddressedReply> = []
  /// What happened to the node.
  public var events: ContiguousArray<Event> = []
  /// Commands applied, when ``ServerSettings/reportsApplied`` is on.
  public var applied: ContiguousArray<AppliedCommand> = []
  /// Committed entries that an observer applied, when ``ServerSettings/reportsObserved`` is on.
  public var observed: ContiguousArray<ObservedEntry> = []
  /// How many client operations were executed in the turn: commands applied and reads served.
  public var operations = 0

  /// No effects.
  public init() {}

  /// Whether there is nothing to do.
  public var isEmpty: Bool {
    messages.isEmpty && writes.isEmpty && snapshots.isEmpty && replies.isEmpty && events.isEmpty && applied.isEmpty
      && observed.isEmpty
  }

  /// Forgets everything and keeps the buffers.
  public mutating func removeAll() {
    if !messages.isEmpty { messages.removeAll(keepingCapacity: true) }
    if !writes.isEmpty { writes.removeAll(keepingCapacity: true) }
    if !snapshots.isEmpty { snapshots.removeAll(keepingCapacity: true) }
    if !replies.isEmpty { replies.removeAll(keepingCapacity: true) }
    if !events.isEmpty { events.removeAll(keepingCapacity: true) }
    if !applied.isEmpty { applied.removeAll(keepingCapacity: true) }
    if !observed.isEmpty { observed.removeAll(keepingCapacity: true) }
    operations = 0
  }
}
