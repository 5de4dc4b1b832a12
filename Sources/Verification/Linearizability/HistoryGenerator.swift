import Emulation
import Glibc
import KeyValue
import Raft
import Server
import Workload

/// Makes histories that are linearizable by construction: clients against one atomic store, where each operation
/// takes effect at a random moment between its invocation and its return.
///
/// For benchmarks and tests of the checker; records come in the order in which the operations took effect.
public struct HistoryGenerator: Sendable {
  /// What the histories look like.
  public struct Shape: Hashable, Sendable {
    /// How many clients there are; each does one operation at a time.
    public var clients = 100
    /// How many keys there are.
    public var keys = 10_000
    /// The skew of the keys' popularity: key k has a weight of 1 / (k + 1)^theta.
    public var theta = 0.99
    /// Weights of get, put, delete, compare-and-swap, increment and append.
    public var weights = Weights()
    /// How many different values are written to a key; nil when every value written is new.
    public var values: UInt64?
    /// The length of written values in bytes, at least eight when every value is new.
    public var valueBytes = 100
    /// The share of operations whose outcome the client never learns; half of them take effect.
    public var unknownShare = 0.0
    /// How long an operation takes to reach the store, and again to return.
    public var latency: ClosedRange<TimeSpan> = .microseconds(100)...(.milliseconds(20))
    /// How long a client waits before its next operation.
    public var think: ClosedRange<TimeSpan> = .zero...(.milliseconds(1))

    /// YCSB's update-heavy shape with half reads and half writes.
    public init() {}
  }

  /// Weights of the operations.
  public struct Weights: Hashable, Sendable {
    /// The weight of reads.
    public var get: UInt64 = 50
    /// The weight of blind writes.
    public var put: UInt64 = 50
    /// The weight of deletes.
    public var delete: UInt64 = 0
    /// The weight of compare-and-swaps.
    public var compareAndSwap: UInt64 = 0
    /// The weight of increments, by 1.
    public var increment: UInt64 = 0
    /// The weight of appends.
    public var append: UInt64 = 0

    /// Half reads and half blind writes.
    public init() {}

    var sum: UInt64 { self.get + put + delete + compareAndSwap + increment + append }
  }

  private struct Client {
    var sequence: UInt64 = 0
    var invoked: Instant
    var takesEffect: Instant
    var key: Int
    var isUnknown: Bool
  }

  private let shape: Shape
  private var random: RandomSource
  private var clients: [Client] = []
  private var registers: [RegisterModel]
  private let keys: [Key]
  /// The keys' cumulative popularity, scaled to 2^32.
  private let popularity: [UInt64]
  private var written: UInt64 = 0

  /// Makes a generator; `shape` needs at least one client, one key and one positive weight.
  public init(shape: Shape, seed: UInt64) {
    self.shape = shape
    random = RandomSource(seed: seed)
    keys = (0..<shape.keys).map { Key("user\($0)") }
    registers = [RegisterModel](repeating: RegisterModel(), count: shape.keys)
    let weights = (0..<shape.keys).map { pow(Double($0 + 1), -shape.theta) }
    let total = weights.reduce(0, +)
    var sum = 0.0
    popularity = weights.map {
      sum += $0
      return UInt64(sum / total * 0x1p32)
    }
    for _ in 0..<shape.clients { clients.append(begin(sequence: 1, after: .zero)) }
  }

  /// The next operation to take effect, or never to do so.
  public mutating func next() -> OperationRecord {
    var chosen = 0
    for other in clients.indices.dropFirst() where clients[other].takesEffect < clients[chosen].takesEffect {
      chosen = other
    }
    let client = clients[chosen]
    let operation = draw(client.key)
    let isLost = client.isUnknown && random.nextBool(probability: 0.5)
    let result = isLost ? nil : registers[client.key].execute(operation)
    let ended = client.takesEffect + random.next(in: shape.latency)
    clients[chosen] = begin(sequence: client.sequence + 1, after: ended + random.next(in: shape.think))
    return OperationRecord(
      client: ClientID(UInt64(chosen + 1)), sequence: SequenceNumber(client.sequence), site: SiteID(0),
      operation: operation, kind: .update, consistency: .linearizable, intended: client.invoked,
      started: client.invoked, ended: ended, server: nil, role: nil, attempts: 1,
      outcome: client.isUnknown ? .unknown : result.map { .ok($0) } ?? .failed)
  }

  private mutating func begin(sequence: UInt64, after start: Instant) -> Client {
    let ticket = random.next(below: 1 << 32)
    var (low, high) = (0, popularity.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if popularity[middle] > ticket { high = middle } else { low = middle + 1 }
    }
    let invoked = start + random.next(in: shape.think)
    return Client(
      sequence: sequence, invoked: invoked, takesEffect: invoked + random.next(in: shape.latency), key: low,
      isUnknown: shape.unknownShare > 0 && random.nextBool(probability: shape.unknownShare))
  }

  private mutating func draw(_ number: Int) -> Operation {
    let key = keys[number]
    let weights = shape.weights
    var ticket = random.next(below: weights.sum)
    func takes(_ weight: UInt64) -> Bool {
      if ticket < weight { return true }
      ticket -= weight
      return false
    }
    if takes(weights.get) { return .get(key) }
    if takes(weights.put) { return .put(key, value()) }
    if takes(weights.delete) { return .delete(key) }
    if takes(weights.compareAndSwap) {
      // One in three expects what may well not be there.
      let expected = random.next(below: 3) == 0 ? value() : registers[number].value
      return .compareAndSwap(key, expected: expected, new: value())
    }
    if takes(weights.increment) { return .increment(key, by: 1) }
    return .append(key, value())
  }

  private mutating func value() -> Value {
    written += 1
    let number = shape.values.map { random.next(below: $0) } ?? written
    var text = Array(String(number).utf8)
    if text.count < shape.valueBytes {
      text.append(contentsOf: repeatElement(UInt8(ascii: "."), count: shape.valueBytes - text.count))
    }
    return text
  }
}
