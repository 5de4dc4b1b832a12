import Raft

/// Looks for an order of one key's operations that respects time and explains every result.
///
/// Wing and Gong's search over a linked list of calls and returns (Wing, Gong: Testing and verifying concurrent
/// objects, 1993), with the memory of configurations that Lowe added (Testing for linearizability, 2017). Beyond
/// these, three rules that lose no solution keep the search short on registers:
///
/// * An operation that never changes the state is placed as soon as it fits: any solution still works with it first.
/// * A state is not left while an operation still demands it and nothing can bring it back.
/// * When no state that was left or is held is demanded any more, everything placed so far is final: a solution that
///   places it otherwise, with these operations taken out, is one from here. The search forgets the way back. (Not
///   where what an operation leaves depends on its place, nor while an operation is left that demands a kind of
///   states.)
///
/// On keys that are only read and written with distinct values the search is therefore greedy. Open operations cost
/// little because it tries the known ones first and ``ConfigurationCache`` knows that fewer open ones are better, and
/// because ``StateTable`` tells states apart only as far as an operation can.
struct KeySearch {
  enum Outcome {
    case linearizable
    case violation
    case outOfSteps
    case outOfConfigurations
  }

  struct Frame {
    var operation: Int32
    var previous: Int32
    var isChoice: Bool
    /// Whether the choice left a state that was still demanded.
    var isLast: Bool
  }

  /// How many operations are looked at in the search for the next one, for each step allowed.
  private static let looksPerStep = 64

  var key: KeyOperations
  /// How many operations were placed, for all keys so far.
  var steps = 0
  /// How often one was looked at and did not fit.
  var looks = 0

  /// Calls and returns by time; an operation's call is node 2i, its return 2i + 1, and the last node is both ends.
  var next: ContiguousArray<Int32> = []
  var previous: ContiguousArray<Int32> = []
  var head: Int32 = 0
  var isPlaced: ContiguousArray<Bool> = []
  /// The operations placed, in order, and how many of the first of them are final.
  var frames: ContiguousArray<Frame> = []
  var finalCount = 0
  var cache = ConfigurationCache()
  /// The fingerprint of the known operations that are placed, and a bit for each open one that is.
  var low: UInt64 = 0
  var high: UInt64 = 0
  var open: ContiguousArray<UInt64> = []
  var state: Int32 = 0
  var opaque = 0

  /// By state: how many known operations that are not placed demand it, and how many operations at all.
  var required: ContiguousArray<Int32> = []
  var demanded: ContiguousArray<Int32> = []
  /// By state: how many operations that are not placed leave it.
  var sources: ContiguousArray<Int32> = []
  /// By state: how often it was entered since the last final step.
  var entered: ContiguousArray<Int32> = []
  /// How many of the entered states are still demanded.
  var debt = 0

  /// The deepest dead end so far.
  var best = DeadEnd()

  init(valueCount: Int) { key = KeyOperations(valueCount: valueCount) }

  /// Searches the operations loaded into `key`.
  mutating func run(stepLimit: Int, configurationLimit: Int) -> Outcome {
    reset()
    let limit = steps + stepLimit
    let lookLimit = looks + KeySearch.looksPerStep * stepLimit
    let firstStates = key.table.count
    while true {
      placeObservations()
      if next[Int(head)] == head { return .linearizable }
      var cursor = Cursor(known: next[Int(head)], open: Int32(key.knownCount), isLast: false)
      if debt == 0, opaque == 0, key.foreseesProducts {
        makeFinal()
      } else if !remember() {
        guard let resumed = backtrack() else { return .violation }
        cursor = resumed
      }
      while !choose(from: cursor) {
        if frames.count > best.placed { recordDeadEnd() }
        guard let resumed = backtrack() else { return .violation }
        cursor = resumed
        if looks > lookLimit { return .outOfSteps }
      }
      if steps > limit || looks > lookLimit { return .outOfSteps }
      if cache.size + key.table.count - firstStates > configurationLimit { return .outOfConfigurations }
    }
  }

  /// Where to look for the next choice.
  struct Cursor {
    /// A node of the list; -1 when the known operations were all tried.
    var known: Int32
    /// An open operation.
    var open: Int32
    /// Whether what is left are choices that leave a state that is still demanded.
    var isLast: Bool
  }

  // MARK: Moves

  /// Places every operation that changes nothing and may come next.
  private mutating func placeObservations() {
    var node = next[Int(head)]
    while node & 1 == 0, node != head {
      looks += 1
      let operation = node >> 1
      if key.steps[Int(operation)].isObservation, isReady(operation), apply(operation) >= 0 {
        let before = previous[Int(node)]
        place(operation, leading: state, isChoice: false)
        node = next[Int(before)]
      } else {
        node = next[Int(node)]
      }
    }
  }

  /// Places the next operation that changes the state; false when there is none.
  private mutating func choose(from cursor: Cursor) -> Bool {
    if scan(from: cursor) { return true }
    // Where an operation may yet bring any state back, to leave one that is demanded is the last resort, not wrong.
    guard !cursor.isLast, !key.foreseesSources else { return false }
    return scan(from: Cursor(known: next[Int(head)], open: Int32(key.knownCount), isLast: true))
  }

  private mutating func scan(from cursor: Cursor) -> Bool {
    // Nothing may be placed that was invoked after an operation that is not placed returned.
    let horizon = firstReturn()
    var node = cursor.known
    while node >= 0, node & 1 == 0 {
      looks += 1
      let operation = node >> 1
      if !key.steps[Int(operation)].isObservation, !yields(operation, horizon), tryChoice(operation, cursor.isLast) {
        return true
      }
      node = next[Int(node)]
    }
    var operation = cursor.open
    while operation < key.count, key.invocations[Int(operation)] <= horizon {
      looks += 1
      if !isPlaced[Int(operation)], tryChoice(operation, cursor.isLast) { return true }
      operation += 1
    }
    return false
  }

  /// When the first of the operations that are not placed returned; there must be one.
  private mutating func firstReturn() -> Int64 {
    var node = next[Int(head)]
    while node & 1 == 0 {
      looks += 1
      node = next[Int(node)]
    }
    return key.returns[Int(node >> 1)]
  }

  /// Whether another operation that may come next does the same and returned earlier.
  private func yields(_ operation: Int32, _ horizon: Int64) -> Bool {
    guard !key.rivals.isEmpty else { return false }
    var rival = key.rivals[Int(operation)]
    while rival >= 0, key.returns[Int(rival)] >= horizon {
      if !isPlaced[Int(rival)], key.invocations[Int(rival)] <= horizon { return true }
      rival = key.rivals[Int(rival)]
    }
    return false
  }

  private mutating func tryChoice(_ operation: Int32, _ isLast: Bool) -> Bool {
    guard isReady(operation) else { return false }
    let after = apply(operation)
    guard after >= 0, leavesDemanded(operation, for: after) == isLast else { return false }
    place(operation, leading: after, isChoice: true, isLast: isLast)
    return true
  }
}
