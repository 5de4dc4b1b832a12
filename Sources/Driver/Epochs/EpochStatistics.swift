import Emulation
import Experiment
import KeyValue
import Policies
import Raft
import Traces
import Workload

/// What clients asked and got since the last epoch, by site.
struct EpochStatistics {
  /// One kind of operation of one site.
  struct Cell {
    var offered = 0
    var ok = 0
    var good = 0
    var latencies = LatencyHistogram()

    mutating func removeAll() {
      (offered, ok, good) = (0, 0, 0)
      latencies.removeAll()
    }

    func observation(over span: TimeSpan) -> OperationObservation {
      let seconds = max(span.seconds, 1e-9)
      return OperationObservation(
        offeredPerSecond: Double(offered) / seconds, okPerSecond: Double(ok) / seconds,
        failedPerSecond: Double(offered - ok) / seconds, goodputPerSecond: Double(good) / seconds,
        median: latencies.percentile(perMille: 500), p95: latencies.percentile(perMille: 950))
    }
  }

  private let objectives: Objectives
  private(set) var reads: [Cell]
  private(set) var writes: [Cell]
  /// All sites together.
  private var allReads = Cell()
  private var allWrites = Cell()
  /// Reads answered by each node.
  private(set) var readsServed: [NodeID: Int] = [:]

  init(sites: Int, objectives: Objectives) {
    self.objectives = objectives
    reads = Array(repeating: Cell(), count: sites)
    writes = reads
  }

  mutating func record(_ record: OperationRecord) {
    let isRead = record.operation.isRead
    let objective = isRead ? objectives.read : objectives.write
    let latency = record.ended - record.intended
    let isOK = if case .ok = record.outcome { true } else { false }
    let isGood = isOK && objective.map { latency <= $0 } ?? true
    func note(_ cell: inout Cell) {
      cell.offered += 1
      guard isOK else { return }
      cell.ok += 1
      if isGood { cell.good += 1 }
      cell.latencies.add(latency)
    }
    if isRead {
      note(&reads[record.site.slot])
      note(&allReads)
      if isOK, let server = record.server { readsServed[server, default: 0] += 1 }
    } else {
      note(&writes[record.site.slot])
      note(&allWrites)
    }
  }

  /// The totals of the epoch for its row.
  var operations: EpochRow.Operations {
    var sum = EpochRow.Operations()
    sum.offered = allReads.offered + allWrites.offered
    sum.ok = allReads.ok + allWrites.ok
    sum.good = allReads.good + allWrites.good
    sum.readP50 = allReads.latencies.percentile(perMille: 500)
    sum.readP95 = allReads.latencies.percentile(perMille: 950)
    sum.writeP50 = allWrites.latencies.percentile(perMille: 500)
    sum.writeP95 = allWrites.latencies.percentile(perMille: 950)
    return sum
  }

  mutating func removeAll() {
    for site in reads.indices {
      reads[site].removeAll()
      writes[site].removeAll()
    }
    allReads.removeAll()
    allWrites.removeAll()
    readsServed.removeAll(keepingCapacity: true)
  }
}
