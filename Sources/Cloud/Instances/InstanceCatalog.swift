import Emulation

/// The instance types whose prices come with the library.
///
/// On-demand and spot prices, Linux, in millionths of a USD per hour: skypilot-org/skypilot-catalog,
/// `catalogs/v5/aws/vms.csv` at 9602371e, an undated snapshot that by its content is of late 2024 to 2025; spot is the
/// lowest, mean and highest over the region's availability zones. Interruption bands: AWS Spot Instance Advisor as
/// vendored by alexei-led/spotinfo at 05e9331 (2025-07-28). The catalog does not list sa-east-1. Virtual CPUs and
/// baseline network bandwidth: AWS, EC2 instance types, network specifications.
public enum InstanceCatalog {
  /// All types, in the order in which they are listed.
  public static let all = [t3Micro, t3Medium, m5Large, c5Large, r5Large]

  /// The type of that name, or nil.
  public static func named(_ name: InstanceTypeName) -> InstanceType? { all.first { $0.name == name } }

  /// t3.micro: 2 vCPU; network 64 Mbps.
  public static let t3Micro = InstanceType(
    name: "t3.micro", vcpus: 2, network: .megabits(64),
    prices: [
      RegionPrice("us-east-1", 10_400, 2_400, 2_900, 3_300, .below5),
      RegionPrice("us-east-2", 10_400, 2_500, 2_830, 3_100, .from5to10),
      RegionPrice("us-west-1", 12_400, 3_100, 3_100, 3_100, .from15to20),
      RegionPrice("us-west-2", 10_400, 2_800, 3_000, 3_300, .from5to10),
      RegionPrice("ca-central-1", 11_600, 4_300, 4_370, 4_400, .above20),
      RegionPrice("eu-west-1", 11_400, 5_000, 5_030, 5_100, .from5to10),
      RegionPrice("eu-central-1", 12_000, 3_700, 3_700, 3_700, .from10to15),
      RegionPrice("ap-northeast-1", 13_600, 4_700, 4_870, 5_000, .from15to20),
      RegionPrice("ap-southeast-1", 13_200, 2_600, 3_970, 4_900, .from15to20),
      RegionPrice("ap-southeast-2", 13_200, 4_400, 4_870, 5_200, .from10to15),
      RegionPrice("ap-south-1", 11_200, 1_100, 2_630, 3_800, .from15to20),
    ])

  /// t3.medium: 2 vCPU; network 256 Mbps.
  public static let t3Medium = InstanceType(
    name: "t3.medium", vcpus: 2, network: .megabits(256),
    prices: [
      RegionPrice("us-east-1", 41_600, 15_700, 17_500, 20_000, .below5),
      RegionPrice("us-east-2", 41_600, 15_200, 16_400, 17_300, .from5to10),
      RegionPrice("us-west-1", 49_600, 16_400, 17_700, 19_000, .below5),
      RegionPrice("us-west-2", 41_600, 12_900, 14_700, 17_600, .below5),
      RegionPrice("ca-central-1", 46_400, 16_800, 17_500, 18_000, .below5),
      RegionPrice("eu-west-1", 45_600, 19_400, 20_730, 21_900, .below5),
      RegionPrice("eu-central-1", 48_000, 18_600, 19_730, 20_500, .below5),
      RegionPrice("ap-northeast-1", 54_400, 18_200, 21_470, 24_400, .above20),
      RegionPrice("ap-southeast-1", 52_800, 21_800, 23_500, 24_800, .from10to15),
      RegionPrice("ap-southeast-2", 52_800, 19_300, 23_230, 30_800, .from15to20),
      RegionPrice("ap-south-1", 44_800, 17_700, 19_070, 19_900, .below5),
    ])

  /// m5.large: 2 vCPU; network 750 Mbps.
  public static let m5Large = InstanceType(
    name: "m5.large", vcpus: 2, network: .megabits(750),
    prices: [
      RegionPrice("us-east-1", 96_000, 29_900, 31_180, 32_100, .from15to20),
      RegionPrice("us-east-2", 96_000, 28_700, 37_570, 44_800, .from15to20),
      RegionPrice("us-west-1", 112_000, 35_100, 37_850, 40_600, .from15to20),
      RegionPrice("us-west-2", 96_000, 35_600, 36_420, 36_900, .from10to15),
      RegionPrice("ca-central-1", 107_000, 36_900, 39_230, 41_300, .above20),
      RegionPrice("eu-west-1", 107_000, 46_900, 48_200, 49_300, .from5to10),
      RegionPrice("eu-central-1", 115_000, 37_100, 40_430, 45_300, .above20),
      RegionPrice("ap-northeast-1", 124_000, 38_900, 40_830, 44_200, .above20),
      RegionPrice("ap-southeast-1", 120_000, 24_300, 36_370, 49_600, .above20),
      RegionPrice("ap-southeast-2", 120_000, 39_600, 44_270, 49_400, .from15to20),
      RegionPrice("ap-south-1", 101_000, 34_400, 37_870, 43_000, .from10to15),
    ])

  /// c5.large: 2 vCPU; network 750 Mbps.
  public static let c5Large = InstanceType(
    name: "c5.large", vcpus: 2, network: .megabits(750),
    prices: [
      RegionPrice("us-east-1", 85_000, 32_900, 36_020, 37_800, .below5),
      RegionPrice("us-east-2", 85_000, 31_000, 34_970, 38_600, .from5to10),
      RegionPrice("us-west-1", 106_000, 39_500, 43_350, 47_200, .from5to10),
      RegionPrice("us-west-2", 85_000, 23_900, 29_650, 32_300, .below5),
      RegionPrice("ca-central-1", 93_000, 33_700, 36_570, 39_400, .from5to10),
      RegionPrice("eu-west-1", 96_000, 43_900, 45_430, 47_700, .below5),
      RegionPrice("eu-central-1", 97_000, 38_800, 40_030, 42_100, .from10to15),
      RegionPrice("ap-northeast-1", 107_000, 38_400, 44_530, 52_400, .above20),
      RegionPrice("ap-southeast-1", 98_000, 38_300, 43_370, 48_900, .from15to20),
      RegionPrice("ap-southeast-2", 111_000, 37_600, 38_970, 41_300, .from10to15),
      RegionPrice("ap-south-1", 85_000, 35_800, 37_800, 39_000, .from10to15),
    ])

  /// r5.large: 2 vCPU; network 750 Mbps.
  public static let r5Large = InstanceType(
    name: "r5.large", vcpus: 2, network: .megabits(750),
    prices: [
      RegionPrice("us-east-1", 126_000, 42_000, 48_640, 54_800, .below5),
      RegionPrice("us-east-2", 126_000, 39_500, 45_370, 55_200, .from15to20),
      RegionPrice("us-west-1", 140_000, 39_400, 44_400, 49_400, .above20),
      RegionPrice("us-west-2", 126_000, 36_000, 37_750, 41_100, .from10to15),
      RegionPrice("ca-central-1", 138_000, 50_200, 52_130, 55_200, .above20),
      RegionPrice("eu-west-1", 141_000, 64_200, 64_730, 65_500, .from5to10),
      RegionPrice("eu-central-1", 152_000, 58_500, 61_000, 63_300, .above20),
      RegionPrice("ap-northeast-1", 152_000, 52_800, 53_530, 54_400, .above20),
      RegionPrice("ap-southeast-1", 152_000, 62_400, 63_370, 65_000, .above20),
      RegionPrice("ap-southeast-2", 151_000, 57_700, 60_970, 64_700, .above20),
      RegionPrice("ap-south-1", 130_000, 58_000, 64_630, 75_600, .from5to10),
    ])
}

extension RegionPrice {
  /// Prices in millionths of a USD per hour.
  fileprivate init(
    _ region: String, _ onDemand: Int64, _ lowest: Int64, _ mean: Int64, _ highest: Int64, _ band: InterruptionBand
  ) {
    self.init(
      region: region, onDemand: .microUSD(onDemand), spotLowest: .microUSD(lowest), spotMean: .microUSD(mean),
      spotHighest: .microUSD(highest), interruptions: band)
  }
}

extension Bandwidth {
  fileprivate static func megabits(_ count: UInt64) -> Bandwidth { Bandwidth(bitsPerSecond: count * 1_000_000) }
}
