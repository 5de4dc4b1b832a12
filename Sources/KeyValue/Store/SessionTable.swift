import Raft

/// What is remembered of each client so that a retry is not executed twice (Raft thesis, 6.3): a bounded table in
/// order of last use.
///
/// A session opens with its client's first command. When the table is full, the least recently used session expires;
/// use is counted in log positions, so that every replica expires the same one. An expired session is forgotten but
/// for its number, which `watermark` covers: an unknown client's command is executed only if its number is above
/// everything that an expired session ever reached. Such a command cannot have been executed before; one that may
/// have been is refused, at the price of sometimes refusing a new client, which goes on above the watermark.
struct SessionTable: Sendable {
  /// What is remembered of one client; it has at most one command outstanding, so the last result suffices.
  struct Session: Sendable {
    var client: ClientID
    var sequence: SequenceNumber
    var lastUse: LogIndex
    var result: OperationResult
    fileprivate var hash: UInt64 = 0
    /// The neighbours in order of last use.
    fileprivate var older: Int32 = none
    fileprivate var newer: Int32 = none

    init(client: ClientID, sequence: SequenceNumber, lastUse: LogIndex, result: OperationResult) {
      self.client = client
      self.sequence = sequence
      self.lastUse = lastUse
      self.result = result
    }

    fileprivate mutating func rehash() {
      var hash = StableHash(seed: 0x5E55)
      hash.combine(client.rawValue)
      hash.combine(sequence.rawValue)
      hash.combine(lastUse.rawValue)
      hash.combine(result)
      self.hash = hash.value
    }
  }

  /// What a command finds in the table.
  enum Admission {
    case fresh
    case repeated(OperationResult)
    case stale(last: SequenceNumber)
    case expired(above: SequenceNumber)
  }

  private static let none: Int32 = -1

  let capacity: Int
  /// The highest number that an expired session had reached.
  private(set) var watermark = SequenceNumber(0)
  /// The sum of the sessions' hashes.
  private(set) var hashSum: UInt64 = 0
  private var sessions: ContiguousArray<Session> = []
  private var slots: [ClientID: Int32] = [:]
  private var oldest = SessionTable.none
  private var newest = SessionTable.none

  init(capacity: Int, watermark: SequenceNumber = SequenceNumber(0)) {
    self.capacity = min(capacity, Int(Int32.max))
    self.watermark = watermark
  }

  var count: Int { sessions.count }

  func admission(of client: ClientID, _ sequence: SequenceNumber) -> Admission {
    if client == .sessionless { return .fresh }
    guard let slot = slots[client] else { return sequence > watermark ? .fresh : .expired(above: watermark) }
    let last = sessions[Int(slot)].sequence
    if sequence > last { return .fresh }
    return sequence == last ? .repeated(sessions[Int(slot)].result) : .stale(last: last)
  }

  /// Notes a command that was just executed, and expires a session if there is no room for a new one.
  mutating func remember(
    _ client: ClientID, _ sequence: SequenceNumber, _ result: OperationResult, at index: LogIndex
  ) {
    if client == .sessionless { return }
    let session = Session(client: client, sequence: sequence, lastUse: index, result: result)
    if let slot = slots[client] {
      unlink(slot)
      replace(slot, with: session)
      linkAsNewest(slot)
    } else if sessions.count < capacity {
      let slot = Int32(sessions.count)
      sessions.append(session)
      insert(slot)
    } else {
      let slot = oldest
      let expired = sessions[Int(slot)]
      watermark = max(watermark, expired.sequence)
      slots[expired.client] = nil
      hashSum &-= expired.hash
      unlink(slot)
      sessions[Int(slot)] = session
      insert(slot)
    }
  }

  /// Notes that a client repeated its last command: it is alive, and its session counts as used.
  mutating func touch(_ client: ClientID, at index: LogIndex) {
    guard let slot = slots[client] else { return }
    var session = sessions[Int(slot)]
    session.lastUse = index
    unlink(slot)
    replace(slot, with: session)
    linkAsNewest(slot)
  }

  /// The session used first after the one in `slot`, and its slot; the least recently used one for nil.
  func next(after slot: Int32?) -> (slot: Int32, session: Session)? {
    let next = slot.map { sessions[Int($0)].newer } ?? oldest
    return next == SessionTable.none ? nil : (next, sessions[Int(next)])
  }

  /// What is remembered of all clients, the least recently used first.
  var inOrderOfUse: [MovedPart.Session] {
    var found: [MovedPart.Session] = []
    found.reserveCapacity(count)
    var slot: Int32?
    while let (next, session) = next(after: slot) {
      found.append(
        MovedPart.Session(client: session.client, sequence: session.sequence, result: session.result))
      slot = next
    }
    return found
  }

  /// Takes in what another group remembers of its clients, so that this table knows of every command that either group
  /// executed: of a client that both know it keeps the higher number. One that only one side knows may have expired at
  /// the other with a higher number than the one known; it is forgotten unless its number is above all that expired
  /// there.
  mutating func merge(_ other: MovedPart.Sessions, at index: LogIndex) {
    let theirs = Dictionary(other.sessions.map { ($0.client, $0.sequence) }, uniquingKeysWith: max)
    var merged = SessionTable(capacity: capacity, watermark: max(watermark, other.watermark))
    var slot: Int32?
    while let (next, session) = next(after: slot) {
      slot = next
      let isNewest = theirs[session.client].map { session.sequence >= $0 } ?? (session.sequence > other.watermark)
      if isNewest {
        merged.remember(session.client, session.sequence, session.result, at: session.lastUse)
      }
    }
    for session in other.sessions {
      let known = self.session(of: session.client)?.sequence ?? watermark
      if session.sequence > known {
        merged.remember(session.client, session.sequence, session.result, at: index)
      }
    }
    self = merged
  }

  func session(of client: ClientID) -> Session? { slots[client].map { sessions[Int($0)] } }

  private mutating func insert(_ slot: Int32) {
    sessions[Int(slot)].rehash()
    hashSum &+= sessions[Int(slot)].hash
    slots[sessions[Int(slot)].client] = slot
    linkAsNewest(slot)
  }

  private mutating func replace(_ slot: Int32, with session: Session) {
    hashSum &-= sessions[Int(slot)].hash
    sessions[Int(slot)] = session
    sessions[Int(slot)].rehash()
    hashSum &+= sessions[Int(slot)].hash
  }

  private mutating func unlink(_ slot: Int32) {
    let (older, newer) = (sessions[Int(slot)].older, sessions[Int(slot)].newer)
    if older == SessionTable.none { oldest = newer } else { sessions[Int(older)].newer = newer }
    if newer == SessionTable.none { newest = older } else { sessions[Int(newer)].older = older }
  }

  private mutating func linkAsNewest(_ slot: Int32) {
    sessions[Int(slot)].older = newest
    sessions[Int(slot)].newer = SessionTable.none
    if newest == SessionTable.none { oldest = slot } else { sessions[Int(newest)].newer = slot }
    newest = slot
  }
}
