import Cloud
import Raft
import Testing

@Suite struct CatalogTests {
  @Test("Every type has a price in the regions of the experiments, spot below on-demand")
  func regions() throws {
    let regions = ["us-east-1", "us-west-2", "eu-central-1", "eu-west-1", "ap-northeast-1", "ap-southeast-1"]
    for type in InstanceCatalog.all {
      for region in regions { #expect(type.price(in: region) != nil, "\(type.name) \(region)") }
      #expect(Set(type.prices.map(\.region)).count == type.prices.count)
      for price in type.prices {
        #expect(price.spotLowest <= price.spotMean && price.spotMean <= price.spotHighest)
        #expect(price.spotHighest < price.onDemand)
      }
    }
    #expect(InstanceCatalog.named("m5.large")?.price(in: "us-east-1")?.spotMean == HourlyRate(usdPerHour: "0.03118"))
    #expect(InstanceCatalog.named("m5.huge") == nil)
  }

  @Test(
    "The prices typed in are those of the catalog",
    .enabled(if: SharedData.isPresent, "the prices are neither under ERAFT_SHARED nor in ../shared of the package"))
  func pricesAreTheCatalogs() throws {
    let rows = try #require(SharedData.rows(of: "aws_prices.csv"))
    var compared = 0
    for row in rows {
      guard let type = InstanceCatalog.named(InstanceTypeName(row["instance_type"]!)), row["spot_mean"] != "" else {
        continue
      }
      let price = try #require(type.price(in: row["region"]!))
      #expect(price.onDemand == HourlyRate(usdPerHour: row["ondemand"]!))
      #expect(price.spotLowest == HourlyRate(usdPerHour: row["spot_min"]!))
      #expect(price.spotMean == HourlyRate(usdPerHour: row["spot_mean"]!))
      #expect(price.spotHighest == HourlyRate(usdPerHour: row["spot_max"]!))
      #expect(price.interruptions.description == row["adv_interruption_band"])
      compared += 1
    }
    #expect(compared == InstanceCatalog.all.reduce(0) { $0 + $1.prices.count })
  }

  @Test(
    "The transfer prices typed in are those of the grid",
    .enabled(if: SharedData.isPresent, "the prices are neither under ERAFT_SHARED nor in ../shared of the package"))
  func transferIsTheGrids() throws {
    let rows = try #require(SharedData.rows(of: "aws_transfer_cost_per_gb.csv"))
    let names = Set(TransferTariff.aws2022.regions.map(\.name))
    var compared = 0
    for row in rows {
      let (source, destination) = (row["src"]!, row["dst"]!)
      guard names.contains(source), names.contains(destination) || destination == "internet" else { continue }
      let end: TransferEnd = destination == "internet" ? .internet : .region(destination)
      let cost = try #require(HourlyRate(usdPerHour: row["cost"]!)).nanoUSDPerHour
      #expect(
        try TransferTariff.aws2022.rate(from: source, to: end).nanoUSDPerGigabyte == cost, "\(source) \(destination)")
      compared += 1
    }
    #expect(compared == names.count * names.count)
  }
}
