import KeyValue
import Server

/// One client's connection, without I/O: from its bytes to requests, and from their ends to replies in order.
///
/// The host gives bytes, takes ``requests``, reports how each ended, and writes ``output``. Replies leave in the order
/// of the requests. Requests of one kind, reading or writing, are with the host at the same time; a read waits until
/// every write before it has ended, and a write until every read before it has: so a `GET` after a `SET` sees it, and
/// what a `GET` shows never depends on what follows it. The host must execute the writes that it has in the order in
/// which it got them, and must not execute one again that ended unknown.
public struct Connection: Sendable {
  /// The connection's number, which `CLIENT ID` shows.
  public let id: UInt32
  /// The bounds.
  public let settings: ConnectionSettings
  /// What the host is to do, in this order; the host takes the requests out.
  public var requests: ContiguousArray<OutgoingRequest> = []
  /// The replies that are to be written.
  public internal(set) var output = ReplyWriter()
  /// How fresh reads are.
  public internal(set) var consistency: ReadConsistency
  /// The name that the client gave the connection.
  public internal(set) var name: [UInt8] = []

  var parser: RequestParser
  var queue = RequestQueue()
  /// How many of the queued requests the host has or had.
  private var issued = 0
  private var reading = 0
  private var writing = 0
  private var pendingBytes = 0
  /// No further request is taken.
  var isEnding = false

  /// A connection that nothing came on yet.
  public init(id: UInt32, settings: ConnectionSettings = ConnectionSettings()) {
    self.id = id
    self.settings = settings
    consistency = settings.consistency
    parser = RequestParser(limits: settings.limits)
  }

  /// How many requests wait for their end or for earlier ones.
  public var outstandingCount: Int { queue.count }

  /// Whether the connection takes bytes; when it does not, the host keeps them and reads no more from the socket.
  public var wantsMoreInput: Bool {
    queue.count < settings.maximumOutstanding && pendingBytes < settings.maximumPendingBytes
      && output.count < settings.maximumOutputBytes && !isEnding
  }

  /// Whether the host is to close the connection once ``output`` is written.
  public var isFinished: Bool { isEnding && queue.count == 0 }

  /// Takes bytes, and says how many it took: fewer than there are when it stops wanting them. The host gives the rest
  /// again when ``wantsMoreInput`` is true; after the last request everything is taken and nothing is read.
  public mutating func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    var offset = 0
    while offset < bytes.count {
      if isEnding { return bytes.count }
      guard wantsMoreInput else { break }
      do throws(ProtocolError) {
        guard try parser.next(in: bytes, at: &offset) else { break }
      } catch {
        isEnding = true
        answer { $0.error(error) }
        return bytes.count
      }
      if parser.argumentCount > 0 { take(in: bytes) }
    }
    return offset
  }

  private mutating func take(in bytes: UnsafeRawBufferPointer) {
    do throws(ReplyError) {
      switch try ClientCommand(&parser, in: bytes) {
      case .operation(let operation, let form):
        append(.execute(operation, consistency), isRead: operation.isRead, form, operation.key)
      case .ask(let question): append(.answer(question), isRead: true, .natural, nil)
      case let command: answer(command)
      }
    } catch {
      answer { $0.error(error) }
    }
  }

  private mutating func append(_ action: OutgoingRequest.Action, isRead: Bool, _ form: ReplyForm, _ key: Key?) {
    let ticket = queue.next
    let bytes = parser.requestBytes
    pendingBytes += bytes
    if issued == queue.count, isRead ? writing == 0 : reading == 0 {
      queue.append(RequestQueue.Slot(state: .issued, form: form, isRead: isRead, bytes: bytes, key: key))
      issue(action, isRead: isRead, as: ticket)
    } else {
      queue.append(RequestQueue.Slot(state: .waiting(action), form: form, isRead: isRead, bytes: bytes, key: key))
    }
  }

  private mutating func issue(_ action: OutgoingRequest.Action, isRead: Bool, as ticket: Ticket) {
    issued += 1
    if isRead { reading += 1 } else { writing += 1 }
    requests.append(OutgoingRequest(ticket: ticket, action: action))
  }

  /// Gives the host what need not wait any more.
  private mutating func issueWaiting() {
    while issued < queue.count {
      switch queue[issued].state {
      case .waiting(let action):
        let isRead = queue[issued].isRead
        guard isRead ? writing == 0 : reading == 0 else { return }
        let ticket = Ticket(queue.first.rawValue &+ UInt32(truncatingIfNeeded: issued))
        queue[issued].state = .issued
        issue(action, isRead: isRead, as: ticket)
      case .issued, .completed, .answered: issued += 1
      }
    }
  }

  /// Takes the end of a request. One whose end is known already, or that was never given out, is left alone.
  public mutating func complete(_ ticket: Ticket, _ completion: Completion) {
    guard let place = queue.place(of: ticket), case .issued = queue[place].state, place < issued else { return }
    if queue[place].isRead { reading -= 1 } else { writing -= 1 }
    if place == 0, output.count < settings.maximumOutputBytes {
      output.completion(completion, queue[0])
      removeFirst()
      writeReplies()
    } else {
      queue[place].state = .completed(completion)
    }
    if issued < queue.count { issueWaiting() }
  }

  /// Says that bytes of ``output`` were written, the first ones; replies that waited for that are made.
  public mutating func written(_ count: Int) {
    output.removeFirst(count)
    writeReplies()
  }

  /// Writes a reply that depends on nothing, at once or in its turn.
  mutating func answer(_ write: (inout ReplyWriter) -> Void) {
    if queue.count == 0 { return write(&output) }
    var reply = ReplyWriter()
    write(&reply)
    pendingBytes += reply.count
    if issued == queue.count { issued += 1 }
    queue.append(
      RequestQueue.Slot(
        state: .answered(reply.bytes), form: .natural, isRead: true, bytes: reply.count, key: nil))
  }

  private mutating func writeReplies() {
    while queue.count > 0, output.count < settings.maximumOutputBytes {
      switch queue[0].state {
      case .completed(let completion): output.completion(completion, queue[0])
      case .answered(let reply): output.encoded(reply)
      case .waiting, .issued: return
      }
      removeFirst()
    }
  }

  private mutating func removeFirst() {
    pendingBytes -= queue[0].bytes
    queue.removeFirst()
    issued -= 1
  }
}
