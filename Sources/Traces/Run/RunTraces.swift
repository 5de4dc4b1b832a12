import Raft
import Workload

/// The traces of a run: a recorder whose rows go to the files of a run directory.
///
/// After an I/O error, such as a full disk, every later call throws that error again; what was written stays.
public final class RunTraces {
  /// The recorder, for everything but operations; its rows reach the files with the next operation or ``flush()``.
  public var recorder: Recorder
  /// The run directory.
  public let directory: RunDirectory

  private var manifest: Manifest
  private var failure: TraceError?
  private let latency: CSVWriter<LatencyRow>?
  private let latencyWindows: CSVWriter<LatencyWindowRow>
  private let elections: CSVWriter<ElectionRow>
  private let availability: CSVWriter<AvailabilityRow>
  private let outages: CSVWriter<OutageRow>
  private let membership: CSVWriter<MembershipRow>
  private let traffic: CSVWriter<TrafficRow>
  private let faults: CSVWriter<FaultRow>
  private let revocations: CSVWriter<RevocationRow>
  private let cost: CSVWriter<CostRow>
  private let epochs: CSVWriter<EpochRow>
  private let actions: CSVWriter<ActionRow>
  private let history: HistoryWriter?

  /// Creates the run directory and its files; when that fails, nothing is left of it.
  public init(path: String, manifest: Manifest, recorder: Recorder, history: Bool) throws(TraceError) {
    var first = manifest
    first.isComplete = false
    first.verdict = nil
    first.duration = .zero
    first.files = []
    self.manifest = first
    self.recorder = recorder
    let directory = try RunDirectory(path: path, manifest: first)
    self.directory = directory
    do {
      let hasLatencies = recorder.settings.latencies != .none
      latency = hasLatencies ? try CSVWriter(path: directory.claim(.latency)) : nil
      latencyWindows = try CSVWriter(path: directory.claim(.latencyWindows))
      elections = try CSVWriter(path: directory.claim(.elections))
      availability = try CSVWriter(path: directory.claim(.availability))
      outages = try CSVWriter(path: directory.claim(.outages))
      membership = try CSVWriter(path: directory.claim(.membership))
      traffic = try CSVWriter(path: directory.claim(.traffic))
      faults = try CSVWriter(path: directory.claim(.faults))
      revocations = try CSVWriter(path: directory.claim(.revocations))
      cost = try CSVWriter(path: directory.claim(.cost))
      epochs = try CSVWriter(path: directory.claim(.epochs))
      actions = try CSVWriter(path: directory.claim(.actions))
      self.history = history ? try HistoryWriter(path: directory.claim(.history)) : nil
    } catch {
      directory.abandon()
      throw error
    }
  }

  /// Records an operation that ended; see ``Recorder/record(_:group:)`` for the order.
  public func record(_ operation: OperationRecord, group: Int = 0) throws(TraceError) {
    if let failure { throw failure }
    recorder.record(operation, group: group)
    do throws(TraceError) {
      try history?.write(operation, names: recorder.names)
      if recorder.hasManyRows { try drain() }
    } catch {
      failure = error
      throw error
    }
  }

  /// Hands everything recorded so far to the system: after it, the files hold whole rows up to now.
  public func flush() throws(TraceError) {
    if let failure { throw failure }
    try drain()
    try latency?.flush()
    try latencyWindows.flush()
    try elections.flush()
    try availability.flush()
    try outages.flush()
    try membership.flush()
    try traffic.flush()
    try faults.flush()
    try revocations.flush()
    try cost.flush()
    try epochs.flush()
    try actions.flush()
    try history?.flush()
  }

  /// Ends the run: writes what is left, closes the files, and writes the final manifest.
  ///
  /// An interrupted run is finished in the same way with `complete: false`. Operations still pending must have been
  /// recorded as `unknown` before; the verdict may need the summary and is asked for with it, or set later with
  /// ``RunDirectory/replace(manifest:)``.
  public func finish(
    at end: Instant, complete: Bool, verdict: (Summary) -> String?
  ) throws(TraceError) -> (summary: Summary, manifest: Manifest) {
    if let failure { throw failure }
    let summary = recorder.finish(at: end)
    try drain()
    var files: [FileDigest] = []
    if let latency { files.append(try latency.close()) }
    files.append(try latencyWindows.close())
    files.append(try elections.close())
    files.append(try availability.close())
    files.append(try outages.close())
    files.append(try membership.close())
    files.append(try traffic.close())
    files.append(try faults.close())
    files.append(try revocations.close())
    files.append(try cost.close())
    files.append(try epochs.close())
    files.append(try actions.close())
    if let history { files.append(try history.close()) }
    manifest.files = files
    manifest.duration = end - .zero
    manifest.isComplete = complete
    manifest.verdict = verdict(summary)
    try directory.replace(manifest: manifest)
    return (summary, manifest)
  }

  private func drain() throws(TraceError) {
    defer { recorder.rows.removeAll() }
    try latency?.write(contentsOf: recorder.rows.latency)
    try latencyWindows.write(contentsOf: recorder.rows.latencyWindows)
    try elections.write(contentsOf: recorder.rows.elections)
    try availability.write(contentsOf: recorder.rows.availability)
    try outages.write(contentsOf: recorder.rows.outages)
    try membership.write(contentsOf: recorder.rows.membership)
    try traffic.write(contentsOf: recorder.rows.traffic)
    try faults.write(contentsOf: recorder.rows.faults)
    try revocations.write(contentsOf: recorder.rows.revocations)
    try cost.write(contentsOf: recorder.rows.cost)
    try epochs.write(contentsOf: recorder.rows.epochs)
    try actions.write(contentsOf: recorder.rows.actions)
  }
}
