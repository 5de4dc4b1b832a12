import Emulation
import Experiment
import KeyValue
import Logging
import NIOPosix
import Raft
import Server
import Storage
import Synchronization
import Wire
import Workload

/// Measures the real server on this machine, for the resource model of the simulation.
///
/// Three voters in this process, each on a thread of its own, with real sockets and a real log, serve loads that differ in
/// what they cost: many small writes, large ones, linearizable reads. The processor time of each node's loop over the
/// messages, bytes and operations that it handled gives the costs; the log alone gives those of the disk.
public struct Calibration: Sendable {
  /// What a machine like this one takes, under the name `measured`; the network card is not measured and stays unlimited.
  public private(set) var machine: MachineModel
  /// The median round trip of a frame over a loopback connection.
  public private(set) var roundTrip: TimeSpan
  /// The largest difference between what a node took and what the costs say, as a share.
  public private(set) var largestError: Double
  /// Operations per second of each load.
  public private(set) var rates: [(load: String, perSecond: Double)]

  /// A load, and how it differs.
  private struct Load {
    var name: String
    var mix: OperationMix
    var clients: Int
    var bytes: Int
  }

  private static let loads = [
    Load(name: "small writes, 16 clients", mix: .writeOnly, clients: 16, bytes: 16),
    Load(name: "small writes, 128 clients", mix: .writeOnly, clients: 128, bytes: 16),
    Load(name: "writes of 8 KiB, 16 clients", mix: .writeOnly, clients: 16, bytes: 8 << 10),
    Load(name: "linearizable reads, 16 clients", mix: .readOnly, clients: 16, bytes: 16),
    Load(name: "linearizable reads, 128 clients", mix: .readOnly, clients: 128, bytes: 16),
  ]

  /// Measures, with files in a directory that exists and that the caller removes; each load lasts for `span`.
  ///
  /// Throws ``NodeRefusal`` when the nodes cannot be started, and ``StorageError`` when the disk fails.
  public static func run(
    in directory: String, each span: TimeSpan, progress: @Sendable (String) -> Void
  ) async throws -> Calibration {
    progress("the log on \(directory)")
    let disk = try DiskCalibration(in: directory + "/disk")
    let group = try await CalibrationGroup.start(in: directory)
    var works: [NodeWork] = []
    var rates: [(load: String, perSecond: Double)] = []
    var roundTrip = TimeSpan.zero
    do {
      roundTrip = try await group.roundTrip()
      for load in loads {
        progress(load.name)
        let result = try await group.drive(load.mix, clients: load.clients, bytes: load.bytes, for: span)
        works += result.works
        rates.append((load.name, result.perSecond))
      }
    } catch {
      await group.stop()
      throw error
    }
    await group.stop()
    let fit = CostFit(works)
    func cost(_ column: Int) -> TimeSpan { TimeSpan(nanoseconds: Int64((fit.costs[column] * 1e9).rounded())) }
    return Calibration(
      machine: MachineModel(
        name: "measured", cpuPerMessage: cost(0), cpuPerKibibyte: cost(1),
        cpuPerOperation: cost(2), egress: nil, diskSync: disk.sync,
        diskThroughput: Bandwidth(bitsPerSecond: UInt64(disk.bytesPerSecond * 8))),
      roundTrip: roundTrip, largestError: fit.largestError, rates: rates)
  }
}
