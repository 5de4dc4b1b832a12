/// Appends whose result somebody saw.
///
/// What an append leaves depends on what it finds, which keeps a search from looking ahead. But when an operation
/// that must take effect demands a value, and only one append can have left it, then that append left just this value
/// and found what is before its piece: it is a swap of one known value for another. The value found is now demanded in
/// its turn, and so on back to one that was written whole.
extension KeyOperations {
  /// Turns appends into swaps where that can be told, and finds what the others may leave.
  mutating func resolveAppends() {
    var resolution = AppendResolution(of: self)
    guard resolution.isWorthIt(in: self) else { return }
    for state in 1..<Int32(table.count) where table.values[Int(state)] >= 0 {
      resolution.addMakers(of: state, in: self)
    }
    resolution.need(of: self)
    while let found = resolution.next() {
      let piece = pieces[Int(resolution.piece(of: found.append, in: self))]
      let before = table.text(of: found.state).dropLast(piece.count)
      let base = before.isEmpty ? 0 : table.state(of: Array(before))
      replace(found.append, with: .exchange(base, found.state))
      resolution.resolve(found.append, to: found.state, from: base, in: self)
    }
    possibleProducts = resolution.possible
    foreseesSources = resolution.isComplete
  }
}

/// The appends of a key that are not resolved, and the demanded states that each may leave.
struct AppendResolution {
  /// By operation: the demanded states that an append may leave. Empty for all others.
  private(set) var possible: ContiguousArray<ContiguousArray<Int32>>
  /// Whether it is known of every state which operations may leave it.
  private(set) var isComplete = true
  /// By state: the appends that may leave it.
  private var makers: ContiguousArray<ContiguousArray<Int32>> = []
  /// By state: whether anything else may leave it, whether the makers are known, and whether it must be held once.
  private var isMadeOtherwise: ContiguousArray<Bool> = []
  private var isKnown: ContiguousArray<Bool> = []
  private var isNeeded: ContiguousArray<Bool> = []
  private var work: ContiguousArray<Int32> = []
  /// The appends with a known length afterwards, by that length, and those without.
  private var measured: ContiguousArray<(length: Int64, append: Int32)> = []
  private var unseen: ContiguousArray<Int32> = []
  private var comparisons = 0

  /// How many comparisons of an append with a value are made at most.
  private static let comparisonLimit = 8_000_000

  init(of key: borrowing KeyOperations) {
    possible = ContiguousArray(repeating: [], count: key.count)
    for operation in 0..<key.count {
      switch key.steps[operation] {
      case .append(_, let length): measured.append((length, Int32(operation)))
      case .appendUnseen: unseen.append(Int32(operation))
      case .incrementUnseen: isComplete = false
      default: break
      }
    }
    measured.sort { ($0.length, $0.append) < ($1.length, $1.append) }
    extend(to: key.table.count)
    for product in key.products where product >= 0 { isMadeOtherwise[Int(product)] = true }
    isMadeOtherwise[Int(key.initial)] = true
  }

  /// Whether there are appends, and no empty texts, for those are found like absence and are not.
  func isWorthIt(in key: borrowing KeyOperations) -> Bool {
    guard !measured.isEmpty || !unseen.isEmpty else { return false }
    for piece in key.pieces where piece.isEmpty { return false }
    for state in 1..<Int32(key.table.count) where isMadeOtherwise[Int(state)] && key.table.isEmptyText(state) {
      return false
    }
    return true
  }

  func piece(of append: Int32, in key: borrowing KeyOperations) -> Int32 {
    switch key.steps[Int(append)] {
    case .append(let piece, _), .appendUnseen(let piece): piece
    default: -1
    }
  }

  /// Finds the appends that may leave a demanded state.
  mutating func addMakers(of state: Int32, in key: borrowing KeyOperations) {
    extend(to: key.table.count)
    guard !isKnown[Int(state)] else { return }
    isKnown[Int(state)] = true
    // An increment of unknown outcome may leave any integer.
    if !isComplete, key.table.integer(of: state) != nil { isMadeOtherwise[Int(state)] = true }
    let text = key.table.text(of: state)
    var (low, high) = (0, measured.count)
    while low < high {
      let middle = (low + high) / 2
      if measured[middle].length < text.count { low = middle + 1 } else { high = middle }
    }
    while low < measured.count, measured[low].length == text.count {
      addMaker(measured[low].append, of: state, text, in: key)
      low += 1
    }
    for append in unseen { addMaker(append, of: state, text, in: key) }
  }

  private mutating func addMaker(
    _ append: Int32, of state: Int32, _ text: ArraySlice<UInt8>, in key: borrowing KeyOperations
  ) {
    comparisons += 1
    guard comparisons < AppendResolution.comparisonLimit else {
      isMadeOtherwise[Int(state)] = true
      isComplete = false
      return
    }
    let number = piece(of: append, in: key)
    guard number >= 0, text.endsWith(key.pieces[Int(number)]) else { return }
    makers[Int(state)].append(append)
    possible[Int(append)].append(state)
  }

  /// Begins with the states that operations with a known end demand.
  mutating func need(of key: borrowing KeyOperations) {
    for operation in 0..<key.knownCount where key.demands[operation] > 0 { need(key.demands[operation]) }
  }

  private mutating func need(_ state: Int32) {
    guard !isNeeded[Int(state)] else { return }
    isNeeded[Int(state)] = true
    work.append(state)
  }

  /// An append that must leave a state, since nothing else does.
  mutating func next() -> (append: Int32, state: Int32)? {
    while let state = work.popLast() {
      if !isMadeOtherwise[Int(state)], makers[Int(state)].count == 1 { return (makers[Int(state)][0], state) }
    }
    return nil
  }

  /// Notes that an append leaves one state and finds another.
  mutating func resolve(_ append: Int32, to state: Int32, from base: Int32, in key: borrowing KeyOperations) {
    for other in possible[Int(append)] {
      makers[Int(other)].removeAll { $0 == append }
      if other != state, isNeeded[Int(other)] { work.append(other) }
    }
    possible[Int(append)] = []
    isMadeOtherwise[Int(state)] = true
    guard base > 0 else { return }
    addMakers(of: base, in: key)
    need(base)
  }

  private mutating func extend(to count: Int) {
    while makers.count < count {
      makers.append([])
      isMadeOtherwise.append(false)
      isKnown.append(false)
      isNeeded.append(false)
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate func endsWith(_ piece: [UInt8]) -> Bool {
    count >= piece.count && suffix(piece.count).elementsEqual(piece)
  }
}
