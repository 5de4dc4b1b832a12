import Cloud
import Emulation
import Raft

/// A machine that specs may name.
public struct MachinePreset: Hashable, Sendable {
  /// What it can do.
  public var model: MachineModel
  /// Where the figures come from.
  public var source: String
}

/// The machines that specs may name.
///
/// Egress is the baseline (sustained) network bandwidth and disk throughput the baseline EBS bandwidth that AWS
/// publishes for the instance type in the EC2 user guide ("instance network bandwidth", "EBS-optimized instances");
/// bursts above the baseline are not modelled. CPU times and the time of a durable write are estimates, the same for
/// all: no measurement of the real server on these machines stands behind them. They put the saturation of two
/// virtual CPUs at some 35,000 linearizable reads per second, the order of what stores of this kind reach.
public enum MachinePresets {
  static let published = "network and disk: AWS, baseline figures; CPU and sync time: estimates, not measured"

  /// A machine that takes no time for anything.
  public static let ideal = MachinePreset(model: .ideal, source: "by definition: nothing takes time")
  /// 2 vCPU (burstable), 1 GiB; 0.064 Gbps (burst 5), EBS 87 Mbps; CPU credits are not modelled.
  public static let t3Micro = instance(InstanceCatalog.t3Micro, disk: 87)
  /// 2 vCPU (burstable), 4 GiB; 0.256 Gbps (burst 5), EBS 347 Mbps; CPU credits are not modelled.
  public static let t3Medium = instance(InstanceCatalog.t3Medium, disk: 347)
  /// 2 vCPU, 4 GiB; 0.75 Gbps (burst 10), EBS 650 Mbps.
  public static let c5Large = instance(InstanceCatalog.c5Large, disk: 650)
  /// 2 vCPU, 8 GiB; 0.75 Gbps (burst 10), EBS 650 Mbps.
  public static let m5Large = instance(InstanceCatalog.m5Large, disk: 650)
  /// 4 vCPU, 16 GiB; 1.25 Gbps (burst 10), EBS 1150 Mbps.
  public static let m5ExtraLarge = instance(
    "m5.xlarge", vcpus: 4, egress: Bandwidth(bitsPerSecond: 1_250_000_000), disk: 1_150)
  /// 2 vCPU, 16 GiB; 0.75 Gbps (burst 10), EBS 650 Mbps.
  public static let r5Large = instance(InstanceCatalog.r5Large, disk: 650)

  /// All of them, in the order in which they are listed.
  public static let all = [ideal, t3Micro, t3Medium, c5Large, m5Large, m5ExtraLarge, r5Large]

  /// The machine of that name.
  public static func named(_ name: String) -> MachineModel? { all.first { $0.model.name == name }?.model }

  /// A type of the catalog of prices, with its disk's throughput in Mbps.
  private static func instance(_ type: InstanceType, disk: UInt64) -> MachinePreset {
    instance(type.name.rawValue, vcpus: type.vcpus, egress: type.network, disk: disk)
  }

  /// Virtual CPUs divide the CPU times: one queue stands for all of them, and a pair of them is the yardstick.
  private static func instance(_ name: String, vcpus: Int, egress: Bandwidth, disk: UInt64) -> MachinePreset {
    let pairs = Int64(vcpus / 2)
    return MachinePreset(
      model: MachineModel(
        name: name, cpuPerMessage: .microseconds(12) / pairs, cpuPerKibibyte: .microseconds(1) / pairs,
        cpuPerOperation: .microseconds(4) / pairs, egress: egress, diskSync: .milliseconds(1),
        diskThroughput: Bandwidth(bitsPerSecond: disk * 1_000_000)),
      source: published)
  }
}
