@testable import Raft

/// Other names for the nodes.
struct Renaming: Equatable {
  /// The new slot of each node.
  let names: [UInt8]

  /// All renamings of so many nodes, the one that changes nothing first.
  static func all(of count: Int) -> [Renaming] {
    var all: [[UInt8]] = [[]]
    for slot in 0..<UInt8(count) {
      all = all.flatMap { names in
        (0...names.count).map { place in
          var more = names
          more.insert(slot, at: names.count - place)
          return more
        }
      }
    }
    return all.map(Renaming.init)
  }

  static func identity(of count: Int) -> Renaming { Renaming(names: (0..<UInt8(count)).map { $0 }) }

  func callAsFunction(_ slot: Int) -> Int { Int(names[slot]) }

  func callAsFunction(_ node: NodeID) -> NodeID { n(self(node.slot)) }

  /// The slots in the order of their new names.
  var order: [Int] { names.indices.sorted { names[$0] < names[$1] } }
}
