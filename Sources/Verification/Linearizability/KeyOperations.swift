/// One key's operations prepared for the search: those with a known end first, by invocation, then the open ones.
///
/// States stand where the history has value numbers: every step demands and leaves states of `table`.
struct KeyOperations {
  /// The place of each operation in the history.
  private(set) var places: ContiguousArray<Int32> = []
  /// What each operation does, with states for values; appends hold the number of a piece.
  private(set) var steps: ContiguousArray<HistoryStep> = []
  /// The one state that an operation demands; -1 when it demands none or a kind of states.
  private(set) var demands: ContiguousArray<Int32> = []
  /// The one state that an operation leaves; -1 when it depends on the state before.
  private(set) var products: ContiguousArray<Int32> = []
  /// The operation that comes before this one although they touch in time; -1 for none.
  private(set) var predecessors: ContiguousArray<Int32> = []
  /// For an open operation, the earlier one that does the same and may as well go first; -1 for none.
  private(set) var twins: ContiguousArray<Int32> = []
  /// When each operation was invoked, in nanoseconds.
  private(set) var invocations: ContiguousArray<Int64> = []
  /// How many operations have a known end.
  private(set) var knownCount = 0
  /// How many operations demand something that counting demands state by state does not see.
  private(set) var opaqueCount = 0
  /// Whether every state that will ever be left can be told in advance.
  private(set) var foreseesProducts = true
  /// The known operations, by the end.
  private(set) var byReturn: ContiguousArray<Int32> = []
  /// When each known operation returned, in nanoseconds.
  private(set) var returns: ContiguousArray<Int64> = []
  /// The byte strings that are appended.
  private(set) var pieces: ContiguousArray<Digest.Piece> = []
  private var pieceNumbers: [ValueNumber: Int32] = [:]
  /// The states.
  var table: StateTable
  /// The state before the first operation.
  private(set) var initial: Int32 = 0

  init(valueCount: Int) { table = StateTable(valueCount: valueCount) }

  /// How many operations there are.
  var count: Int { steps.count }

  /// Prepares a key's operations, given by their places in the history.
  mutating func load(_ all: ArraySlice<Int32>, key: Int, of history: borrowing History) {
    places.removeAll(keepingCapacity: true)
    steps.removeAll(keepingCapacity: true)
    demands.removeAll(keepingCapacity: true)
    products.removeAll(keepingCapacity: true)
    invocations.removeAll(keepingCapacity: true)
    returns.removeAll(keepingCapacity: true)
    pieces.removeAll(keepingCapacity: true)
    pieceNumbers.removeAll(keepingCapacity: true)
    opaqueCount = 0
    foreseesProducts = true

    var derives = false
    var isPlain = true
    for place in all {
      let step = history.operations[Int(place)].step
      derives = derives || step.derives
      isPlain = isPlain && !step.isOpaque
    }
    table.reset(derives: derives)
    initial = key < history.initial.count ? table.state(of: history.initial[key], in: history) : 0
    order(all, of: history)
    for place in places { compile(history.operations[Int(place)].step, in: history) }
    if isPlain { dropUnseen() }
    linkPredecessors(of: history)
    linkTwins()
  }

  /// Orders the operations by invocation, the open ones last, and lists the known ones by their ends.
  private mutating func order(_ all: ArraySlice<Int32>, of history: borrowing History) {
    struct Moment {
      var time: Int64
      var place: Int32
    }
    func sorted(_ moments: inout ContiguousArray<Moment>) {
      moments.sort { $0.time != $1.time ? $0.time < $1.time : $0.place < $1.place }
    }
    var known: ContiguousArray<Moment> = []
    var open: ContiguousArray<Moment> = []
    for place in all {
      let moment = Moment(time: history.operations[Int(place)].invoked, place: place)
      if history.operations[Int(place)].isOpen { open.append(moment) } else { known.append(moment) }
    }
    sorted(&known)
    sorted(&open)
    knownCount = known.count
    for moment in known + open {
      places.append(moment.place)
      invocations.append(moment.time)
    }
    var ends: ContiguousArray<Moment> = []
    for (operation, moment) in known.enumerated() {
      let time = history.operations[Int(moment.place)].returned
      returns.append(time)
      ends.append(Moment(time: time, place: Int32(operation)))
    }
    sorted(&ends)
    byReturn = ContiguousArray(ends.lazy.map(\.place))
  }

  private mutating func compile(_ step: HistoryStep, in history: borrowing History) {
    var demand: Int32 = -1
    var product: Int32 = -1
    var compiled = step
    switch step {
    case .nothing, .observeText, .observeOverflow, .impossible: break
    case .observe(let value):
      demand = table.state(of: value, in: history)
      compiled = .observe(demand)
    case .write(let value):
      product = table.state(of: value, in: history)
      compiled = .write(product)
    case .exchange(let old, let new):
      demand = table.state(of: old, in: history)
      product = table.state(of: new, in: history)
      compiled = .exchange(demand, product)
    case .remove:
      product = 0
    case .increment(_, let sum):
      product = table.state(of: Digest(Array(String(sum).utf8)))
    case .incrementUnseen:
      foreseesProducts = false
    case .append(let value, let length):
      foreseesProducts = false
      compiled = .append(addPiece(value, in: history), length: length)
    case .appendUnseen(let value):
      foreseesProducts = false
      compiled = .appendUnseen(addPiece(value, in: history))
    }
    steps.append(compiled)
    demands.append(demand)
    products.append(product)
    if step.isOpaque { opaqueCount += 1 }
  }

  private mutating func addPiece(_ value: ValueNumber, in history: borrowing History) -> Int32 {
    if let piece = pieceNumbers[value] { return piece }
    pieces.append(Digest.Piece(history.bytes(of: value) ?? []))
    pieceNumbers[value] = Int32(pieces.count - 1)
    return Int32(pieces.count - 1)
  }

  /// Drops open writes whose value nobody saw: whatever order has one of them also does without.
  ///
  /// Only where all operations demand single states or nothing.
  private mutating func dropUnseen() {
    guard knownCount < count else { return }
    var wanted = ContiguousArray(repeating: Int32(0), count: table.count)
    for demand in demands where demand >= 0 { wanted[Int(demand)] += 1 }
    var isDropped = ContiguousArray(repeating: false, count: count)
    // A dropped swap demands nothing any more, which may make further writes unseen.
    var again = true
    while again {
      again = false
      for operation in knownCount..<count where !isDropped[operation] && wanted[Int(products[operation])] == 0 {
        isDropped[operation] = true
        if demands[operation] >= 0 {
          wanted[Int(demands[operation])] -= 1
          again = true
        }
      }
    }
    var kept = knownCount
    for operation in knownCount..<count where !isDropped[operation] {
      places[kept] = places[operation]
      steps[kept] = steps[operation]
      demands[kept] = demands[operation]
      products[kept] = products[operation]
      invocations[kept] = invocations[operation]
      kept += 1
    }
    places.removeSubrange(kept...)
    steps.removeSubrange(kept...)
    demands.removeSubrange(kept...)
    products.removeSubrange(kept...)
    invocations.removeSubrange(kept...)
  }

  /// Finds operations that a client invoked in the very nanosecond in which its last one returned.
  ///
  /// Operations that touch in time count as concurrent, since with zero latencies they may be. For one client they are
  /// not: under virtual time a closed loop without think time does exactly this.
  private mutating func linkPredecessors(of history: borrowing History) {
    predecessors.removeAll(keepingCapacity: true)
    predecessors.append(contentsOf: repeatElement(-1, count: count))
    var first = 0
    // Two runs, each by invocation: the known operations and the open ones.
    for operation in 0..<count {
      if operation == knownCount { first = 0 }
      let time = invocations[operation]
      while first < knownCount, returns[Int(byReturn[first])] < time { first += 1 }
      let own = history.operations[Int(places[operation])]
      var best: UInt64?
      var other = first
      while other < knownCount, returns[Int(byReturn[other])] == time {
        let candidate = history.operations[Int(places[Int(byReturn[other])])]
        if candidate.client == own.client, candidate.sequence < own.sequence, candidate.sequence >= best ?? 0 {
          best = candidate.sequence
          predecessors[operation] = byReturn[other]
        }
        other += 1
      }
    }
  }

  private mutating func linkTwins() {
    twins.removeAll(keepingCapacity: true)
    twins.append(contentsOf: repeatElement(-1, count: count))
    guard knownCount < count else { return }
    var latest: [HistoryStep: Int32] = [:]
    for operation in knownCount..<count {
      if let twin = latest.updateValue(Int32(operation), forKey: steps[operation]) { twins[operation] = twin }
    }
  }
}

extension HistoryStep {
  /// Whether the state left is computed from the state found.
  var derives: Bool {
    switch self {
    case .increment, .incrementUnseen, .append, .appendUnseen, .observeText, .observeOverflow: true
    default: false
    }
  }

  /// Whether the step demands a kind of states instead of one state.
  var isOpaque: Bool { derives || self == .remove }
}
