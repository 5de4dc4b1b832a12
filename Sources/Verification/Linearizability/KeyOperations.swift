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
  /// When each operation was invoked, in nanoseconds.
  private(set) var invocations: ContiguousArray<Int64> = []
  /// For an open operation, the earlier one that does the same and may as well go first; -1 for none.
  private(set) var twins: ContiguousArray<Int32> = []
  /// For a known operation, the one that returned just before it of those that do the same; -1 for none. Empty where
  /// it does not pay to know.
  private(set) var rivals: ContiguousArray<Int32> = []
  /// Which operations come before others although they touch in time.
  private(set) var touches = Touches()
  /// How many operations have a known end.
  private(set) var knownCount = 0
  /// How many operations demand something that counting demands state by state does not see.
  private(set) var opaqueCount = 0
  /// Whether what each operation leaves can be told in advance.
  private(set) var foreseesProducts = true
  /// Whether it can be told in advance which operations may leave a state that others demand.
  var foreseesSources = true
  /// By operation: the demanded states that it may leave, where that depends on the state before. Empty when no
  /// operation is such.
  var possibleProducts: ContiguousArray<ContiguousArray<Int32>> = []
  /// The known operations, by the end.
  private(set) var byReturn: ContiguousArray<Int32> = []
  /// When each known operation returned, in nanoseconds.
  private(set) var returns: ContiguousArray<Int64> = []
  /// The byte strings that are appended.
  private(set) var pieces: ContiguousArray<[UInt8]> = []
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
    possibleProducts.removeAll(keepingCapacity: true)

    let kinds = collectDemands(all, of: history)
    initial = key < history.initial.count ? table.state(of: history.initial[key], in: history) : 0
    order(all, of: history)
    for place in places { compile(history.operations[Int(place)].step, in: history) }
    foreseesSources = !steps.contains(where: \.isLoose)
    if kinds.append { resolveAppends() }
    foreseesProducts = !steps.contains(where: \.isLoose)
    if !kinds.derive { dropUnseen(keepingPresence: kinds.remove) }
    touches = Touches(among: self, in: history)
    linkTwins()
    rivals.removeAll(keepingCapacity: true)
    if kinds.derive || kinds.remove, touches.isEmpty { linkRivals() }
  }

  /// What some operation of a key does.
  private struct Kinds {
    var derive = false
    var append = false
    var remove = false
  }

  /// Gives the demanded values their states, and says what kinds of operations there are.
  private mutating func collectDemands(_ all: ArraySlice<Int32>, of history: borrowing History) -> Kinds {
    var kinds = Kinds()
    var countsLengths = false
    var readsNumerals = false
    table.reset()
    for place in all {
      switch history.operations[Int(place)].step {
      case .observe(let value), .exchange(let value, _): table.demand(value)
      case .remove: kinds.remove = true
      case .append: (kinds.derive, kinds.append, countsLengths) = (true, true, true)
      case .observeLength: (kinds.derive, countsLengths) = (true, true)
      case .appendUnseen: (kinds.derive, kinds.append) = (true, true)
      case .increment, .incrementUnseen, .observeText, .observeOverflow: (kinds.derive, readsNumerals) = (true, true)
      case .nothing, .write, .impossible: break
      }
    }
    if kinds.derive { table.derive(countingLengths: countsLengths, readingNumerals: readsNumerals, in: history) }
    return kinds
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
    known.reserveCapacity(all.count)
    for place in all {
      let moment = Moment(time: history.operations[Int(place)].invoked, place: place)
      if history.operations[Int(place)].isOpen { open.append(moment) } else { known.append(moment) }
    }
    sorted(&known)
    sorted(&open)
    knownCount = known.count
    for moment in known {
      places.append(moment.place)
      invocations.append(moment.time)
    }
    for moment in open {
      places.append(moment.place)
      invocations.append(moment.time)
    }
    for operation in 0..<knownCount {
      let time = history.operations[Int(known[operation].place)].returned
      returns.append(time)
      known[operation] = Moment(time: time, place: Int32(operation))
    }
    sorted(&known)
    byReturn.removeAll(keepingCapacity: true)
    for moment in known { byReturn.append(moment.place) }
  }

  private mutating func compile(_ step: HistoryStep, in history: borrowing History) {
    var demand: Int32 = -1
    var product: Int32 = -1
    var compiled = step
    switch step {
    case .nothing, .observeLength, .observeText, .observeOverflow, .impossible: break
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
      product = table.state(of: Array(String(sum).utf8))
    case .incrementUnseen: break
    case .append(let value, let length):
      compiled = .append(addPiece(value, in: history), length: length)
    case .appendUnseen(let value):
      compiled = .appendUnseen(addPiece(value, in: history))
    }
    steps.append(compiled)
    demands.append(demand)
    products.append(product)
    if step.isOpaque { opaqueCount += 1 }
  }

  /// Gives an operation a step of which demand and product are known.
  mutating func replace(_ operation: Int32, with step: HistoryStep) {
    guard case .exchange(let demand, let product) = step else { return }
    if steps[Int(operation)].isOpaque { opaqueCount -= 1 }
    steps[Int(operation)] = step
    demands[Int(operation)] = demand
    products[Int(operation)] = product
  }

  private mutating func addPiece(_ value: ValueNumber, in history: borrowing History) -> Int32 {
    if let piece = pieceNumbers[value] { return piece }
    pieces.append(history.bytes(of: value) ?? [])
    pieceNumbers[value] = Int32(pieces.count - 1)
    return Int32(pieces.count - 1)
  }

  /// Drops open writes whose value nobody saw: whatever order has one of them also does without.
  ///
  /// Only where no value is derived from another. A write that leaves any value at all is kept where deletes found
  /// something (`keepingPresence`), since one of them may have found just that.
  private mutating func dropUnseen(keepingPresence: Bool) {
    guard knownCount < count else { return }
    var wanted = ContiguousArray(repeating: Int32(0), count: table.count)
    for demand in demands where demand >= 0 { wanted[Int(demand)] += 1 }
    var isDropped = ContiguousArray(repeating: false, count: count)
    // A dropped swap demands nothing any more, which may make further writes unseen.
    var again = true
    while again {
      again = false
      for operation in knownCount..<count where !isDropped[operation] && wanted[Int(products[operation])] == 0 {
        if keepingPresence, products[operation] != 0 { continue }
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

  /// Finds open operations that do the same: of any number of them, the first ones may be taken to take effect.
  ///
  /// One that waits for a touching predecessor is no such first one for another of the same moment, which may take
  /// effect before that predecessor.
  private mutating func linkTwins() {
    twins.removeAll(keepingCapacity: true)
    guard knownCount < count else { return }
    twins.append(contentsOf: repeatElement(-1, count: count))
    var latest: [HistoryStep: Int32] = [:]
    for operation in knownCount..<count {
      guard let twin = latest.updateValue(Int32(operation), forKey: steps[operation]) else { continue }
      if invocations[Int(twin)] < invocations[operation] || !touches.hold(back: twin) { twins[operation] = twin }
    }
  }

  /// Finds known operations that do the same: of those that can come next, the one that returned first may be taken
  /// to. Where it came later it can change places with the one that came first, which is still under way then.
  private mutating func linkRivals() {
    rivals.append(contentsOf: repeatElement(-1, count: knownCount))
    var latest: [HistoryStep: Int32] = [:]
    for operation in byReturn where !steps[Int(operation)].isObservation {
      if let rival = latest.updateValue(operation, forKey: steps[Int(operation)]) { rivals[Int(operation)] = rival }
    }
  }
}

extension HistoryStep {
  /// Whether the state left depends on the one before.
  var isLoose: Bool {
    switch self {
    case .incrementUnseen, .append, .appendUnseen: true
    default: false
    }
  }

  /// Whether the step demands a kind of states instead of one state.
  var isOpaque: Bool {
    switch self {
    case .increment, .incrementUnseen, .append, .appendUnseen, .observeLength, .observeText, .observeOverflow, .remove:
      true
    default: false
    }
  }
}
