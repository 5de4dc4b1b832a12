extension TransferTariff {
  /// AWS, figures of 2022-12: skyplane-project/skyplane, `skyplane/data/aws_transfer_costs.csv` (Apache-2.0).
  ///
  /// With traffic between availability zones of one region free; see ``aws2022AcrossZones``.
  public static let aws2022 = TransferTariff(regions: [
    Region("us-east-1", 20_000, 90_000, ["us-east-2": .microUSD(10_000)]),
    Region("us-east-2", 20_000, 90_000, ["us-east-1": .microUSD(10_000)]),
    Region("us-west-1", 20_000, 90_000),
    Region("us-west-2", 20_000, 90_000),
    Region("ca-central-1", 20_000, 90_000),
    Region("sa-east-1", 138_000, 150_000),
    Region("eu-west-1", 20_000, 90_000),
    Region("eu-west-2", 20_000, 90_000),
    Region("eu-west-3", 20_000, 90_000),
    Region("eu-central-1", 20_000, 90_000),
    Region("eu-north-1", 20_000, 90_000),
    Region("eu-south-1", 20_000, 90_000),
    Region("ap-northeast-1", 90_000, 114_000),
    Region("ap-southeast-1", 90_000, 120_000),
    Region("ap-southeast-2", 98_000, 114_000),
    Region("ap-south-1", 86_000, 109_300),
    Region("ap-east-1", 90_000, 120_000),
    Region("af-south-1", 147_000, 154_000),
    Region("me-south-1", 110_500, 117_000),
  ])

  /// The same with 0.01 USD per gigabyte at each end of traffic between availability zones of one region.
  public static let aws2022AcrossZones = TransferTariff(regions: aws2022.regions, betweenZones: .microUSD(10_000))
}

extension TransferTariff.Region {
  /// Prices in millionths of a USD per gigabyte.
  fileprivate init(
    _ name: String, _ elsewhere: Int64, _ internet: Int64, _ exceptions: [String: TransferRate] = [:]
  ) {
    self.init(
      name: name, elsewhere: .microUSD(elsewhere), internet: .microUSD(internet), exceptions: exceptions)
  }
}
