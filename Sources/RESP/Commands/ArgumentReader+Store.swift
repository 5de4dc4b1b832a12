import KeyValue

/// Commands of the replicated store.
extension ArgumentReader {
  func set(_ request: inout RequestParser) throws(ReplyError) -> ClientCommand {
    var condition = PutCondition.always
    var answersOld = false
    if count > 3 {
      for place in 3..<count {
        switch request.word(place, in: chunk) {
        case Options.nx where condition == .always: condition = .ifAbsent
        case Options.xx where condition == .always: condition = .ifPresent
        case Options.get: answersOld = true
        // Nothing expires, so that every value keeps the time that it has.
        case Options.keepTTL: break
        case Options.ex, Options.px, Options.exAt, Options.pxAt:
          guard place + 1 < count else { throw .syntax }
          throw .expiryUnsupported
        default: throw .syntax
        }
      }
    }
    let key = key(1, &request)
    let value = request.take(2, in: chunk)
    if answersOld { return .operation(.exchange(key, value, condition), .oldValue) }
    if condition == .always { return .operation(.put(key, value), .natural) }
    return .operation(.exchange(key, value, condition), .okOrNil)
  }

  func operation(_ name: CommandName, _ request: inout RequestParser) throws(ReplyError) -> ClientCommand {
    switch name {
    case .append: return .operation(.append(key(1, &request), request.take(2, in: chunk)), .natural)
    case .strlen: return .operation(.length(key(1, &request)), .natural)
    case .setnx: return .operation(.exchange(key(1, &request), request.take(2, in: chunk), .ifAbsent), .flag)
    case .getset: return .operation(.exchange(key(1, &request), request.take(2, in: chunk), .always), .oldValue)
    case .cas:
      let key = key(1, &request)
      let expected = request.take(2, in: chunk)
      return .operation(.compareAndSwap(key, expected: expected, new: request.take(3, in: chunk)), .flag)
    case .incr: return .operation(.increment(key(1, &request), by: 1), .natural)
    case .decr: return .operation(.increment(key(1, &request), by: -1), .natural)
    case .incrby:
      let amount = try integer(2, &request)
      return .operation(.increment(key(1, &request), by: amount), .natural)
    case .decrby:
      let amount = try integer(2, &request)
      guard amount != .min else { throw .decrementOverflow }
      return .operation(.increment(key(1, &request), by: -amount), .natural)
    case .del where count == 2: return .operation(.delete(key(1, &request)), .natural)
    case .del: return .operation(.deleteMany(try keys(&request)), .natural)
    case .exists: return .operation(.countPresent(try keys(&request)), .natural)
    case .mget: return .operation(.getMany(try keys(&request)), .natural)
    default: return .operation(.putMany(try pairs(&request)), .natural)
    }
  }

  private func keys(_ request: inout RequestParser) throws(ReplyError) -> NonEmpty<Key> {
    var keys: [Key] = []
    keys.reserveCapacity(count - 1)
    for place in 1..<count { keys.append(key(place, &request)) }
    guard let list = NonEmpty(keys) else { throw .syntax }
    return list
  }

  private func pairs(_ request: inout RequestParser) throws(ReplyError) -> NonEmpty<KeyedValue> {
    guard count % 2 == 1 else { throw .wrongArgumentCount(.mset, subcommand: nil) }
    var pairs: [KeyedValue] = []
    pairs.reserveCapacity(count / 2)
    for place in stride(from: 1, to: count, by: 2) {
      pairs.append(KeyedValue(key(place, &request), request.take(place + 1, in: chunk)))
    }
    guard let list = NonEmpty(pairs) else { throw .syntax }
    return list
  }

  /// The options of `SET`.
  private enum Options {
    static let nx = Word("NX")
    static let xx = Word("XX")
    static let get = Word("GET")
    static let keepTTL = Word("KEEPTTL")
    static let ex = Word("EX")
    static let px = Word("PX")
    static let exAt = Word("EXAT")
    static let pxAt = Word("PXAT")
  }
}
