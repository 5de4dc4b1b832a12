import Raft

/// The processor time of a message, of a KiB and of an operation that explains best what was measured.
///
/// Least squares over `cpu = messages · a + KiB · b + operations · c`, every measurement weighted by its own time so that
/// each counts alike, with no cost below zero: one that would be is left out, and the others are fitted anew.
struct CostFit: Sendable, Hashable {
  /// The costs in seconds: of a message, of a KiB, of an operation.
  private(set) var costs: [Double] = [0, 0, 0]
  /// The largest difference between a measurement and what the costs say of it, as a share of the measurement.
  private(set) var largestError = 0.0

  init(_ measurements: [NodeWork]) {
    let rows = measurements.filter { $0.cpu > .zero }.map { work in
      let scale = 1 / work.cpu.seconds
      return [
        Double(work.messages) * scale, Double(work.bytes) / 1_024 * scale, Double(work.operations) * scale,
      ]
    }
    // What never occurred has no cost.
    var used = [0, 1, 2].filter { column in rows.contains { $0[column] > 0 } }
    while !used.isEmpty {
      guard let solution = CostFit.solve(rows, used) else { break }
      if let worst = solution.indices.min(by: { solution[$0] < solution[$1] }), solution[worst] < 0 {
        used.remove(at: worst)
        continue
      }
      for (place, column) in used.enumerated() { costs[column] = solution[place] }
      break
    }
    for row in rows {
      let explained = zip(row, costs).reduce(0) { $0 + $1.0 * $1.1 }
      largestError = max(largestError, abs(explained - 1))
    }
  }

  /// The costs of some columns that make all rows come to 1 as nearly as possible; nil when they do not determine them.
  private static func solve(_ rows: [[Double]], _ columns: [Int]) -> [Double]? {
    let count = columns.count
    var system = (0..<count).map { row in
      (0..<count).map { column in rows.reduce(0) { $0 + $1[columns[row]] * $1[columns[column]] } }
        + [rows.reduce(0) { $0 + $1[columns[row]] }]
    }
    for pivot in 0..<count {
      guard let best = (pivot..<count).max(by: { abs(system[$0][pivot]) < abs(system[$1][pivot]) }),
        abs(system[best][pivot]) > 1e-9
      else { return nil }
      system.swapAt(pivot, best)
      for row in 0..<count where row != pivot {
        let factor = system[row][pivot] / system[pivot][pivot]
        for column in pivot...count { system[row][column] -= factor * system[pivot][column] }
      }
    }
    return (0..<count).map { system[$0][count] / system[$0][$0] }
  }
}
