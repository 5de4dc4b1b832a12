/// Which operations fit where the search stands, and where they lead.
extension KeySearch {
  /// Whether an operation leaves a state that others still demand and that no operation is known to bring back.
  func leavesDemanded(_ operation: Int32, for after: Int32) -> Bool {
    guard after != state, sources[Int(state)] == 0 else { return false }
    let own: Int32 = key.demands[Int(operation)] == state && Int(operation) < key.knownCount ? 1 : 0
    return required[Int(state)] > own
  }

  /// Whether the operations that must come before are placed, beyond what the list's order says.
  func isReady(_ operation: Int32) -> Bool {
    if key.touches.hold(back: operation, placed: isPlaced) { return false }
    guard Int(operation) >= key.knownCount else { return true }
    let twin = key.twins[Int(operation)]
    return twin < 0 || isPlaced[Int(twin)]
  }

  /// The state that an operation leads to from the present one; -1 when it cannot come now.
  mutating func apply(_ operation: Int32) -> Int32 {
    switch key.steps[Int(operation)] {
    case .nothing: return state
    case .observe(let demand): return demand == state ? state : -1
    case .write(let product): return product
    case .exchange(let demand, let product): return demand == state ? product : -1
    case .remove: return state != 0 ? 0 : -1
    case .impossible: return -1
    case .observeLength(let length): return key.table.length(of: state) == length ? state : -1
    case .observeText: return key.table.integer(of: state) == nil ? state : -1
    case .observeOverflow(let amount):
      guard let integer = key.table.integer(of: state) else { return -1 }
      return integer.addingReportingOverflow(amount).overflow ? state : -1
    case .increment(let amount, let sum):
      guard let integer = key.table.integer(of: state) else { return -1 }
      let (result, overflow) = integer.addingReportingOverflow(amount)
      return !overflow && result == sum ? key.products[Int(operation)] : -1
    case .incrementUnseen(let amount):
      guard let integer = key.table.integer(of: state) else { return -1 }
      let (result, overflow) = integer.addingReportingOverflow(amount)
      return overflow ? -1 : enter(key.table.state(of: Array(String(result).utf8)))
    case .append(let piece, let length):
      return enter(key.table.state(appending: key.pieces[Int(piece)], to: state, length: length) ?? -1)
    case .appendUnseen(let piece):
      return enter(key.table.state(appending: key.pieces[Int(piece)], to: state) ?? -1)
    }
  }

  /// Makes room for a state that the search may see for the first time.
  mutating func enter(_ state: Int32) -> Int32 {
    while required.count < key.table.count {
      required.append(0)
      demanded.append(0)
      sources.append(0)
      entered.append(0)
    }
    return state
  }
}
