import Cloud
import Emulation
import Raft
import Testing

@Suite struct BillingTests {
  static func life(
    from launched: Double = 0, to ended: Double, _ purchase: Purchase = .spot, by cause: EndCause = .user,
    id: UInt32 = 0
  ) -> InstanceLife {
    InstanceLife(
      instance: InstanceID(id), market: MarketID(site: SiteID(0), type: "c5.large"), purchase: purchase,
      launched: .at(launched), ended: .at(ended), endedBy: cause)
  }

  private static let threePointSix = PriceSeries.constant(.microUSD(3_600_000))

  @Test("Seconds are counted up, and at least 60 of them")
  func secondsAndTheirMinimum() {
    // 3.60 USD per hour are 0.001 USD per second.
    for (seconds, billed) in [(0.0, 60), (1, 60), (59.9, 60), (60, 60), (60.1, 61), (100, 100), (7_200, 7_200)] {
      let charge = InstanceCharge(Self.life(to: seconds), prices: Self.threePointSix, rule: .aws)
      #expect(charge.billed == .seconds(Int64(billed)))
      #expect(charge.cost == Money(nanoUSD: Int64(billed) * 1_000_000), "\(seconds) s")
    }
  }

  @Test("Started hours are counted from the launch")
  func startedHours() {
    let rule = BillingRule(unit: .startedHour, refund: .none)
    for (seconds, hours) in [(0.0, 0), (1, 1), (3_600, 1), (3_600.5, 2), (9_000, 3)] {
      let charge = InstanceCharge(Self.life(from: 1_800, to: 1_800 + seconds), prices: Self.threePointSix, rule: rule)
      #expect(charge.billed == .seconds(Int64(hours) * 3_600))
      #expect(charge.cost == Money(nanoUSD: Int64(hours) * 3_600_000_000))
    }
  }

  @Test("A provider's interruption is refunded by the rule, and only to spot instances that the provider ended")
  func refunds() {
    func billed(
      _ seconds: Double, _ unit: BillingRule.Unit, _ refund: BillingRule.Refund, _ purchase: Purchase = .spot,
      by cause: EndCause = .provider
    ) -> Int64 {
      let rule = BillingRule(unit: unit, refund: refund)
      let life = Self.life(to: seconds, purchase, by: cause)
      return InstanceCharge(life, prices: Self.threePointSix, rule: rule).billed.nanoseconds / 1_000_000_000
    }
    let second = BillingRule.Unit.second(minimum: .seconds(60))
    #expect(billed(3_599, second, .firstHour) == 0)
    #expect(billed(3_600, second, .firstHour) == 3_600)
    #expect(billed(4_000, second, .firstHour) == 4_000)
    #expect(billed(3_599, second, .firstHour, by: .user) == 3_599)
    #expect(billed(3_599, second, .firstHour, by: .endOfRun) == 3_599)
    #expect(billed(3_599, second, .firstHour, .onDemand) == 3_599)
    #expect(billed(8_000, second, .partialHour) == 7_200)
    #expect(billed(3_599, .startedHour, .firstHour) == 0)
    #expect(billed(8_000, .startedHour, .firstHour) == 10_800)
    #expect(billed(8_000, .startedHour, .partialHour) == 7_200)
    #expect(billed(8_000, .startedHour, .partialHour, by: .user) == 10_800)
    #expect(billed(8_000, .startedHour, .none) == 10_800)
  }

  @Test("A price that changes within a life counts from the first unit that begins after it")
  func changingPrices() {
    // 3.6 USD per hour until 100.5 s, then 7.2.
    let prices = steps([(0, HourlyRate.microUSD(3_600_000)), (100.5, .microUSD(7_200_000))])
    let seconds = InstanceCharge(Self.life(to: 200), prices: prices, rule: .aws)
    // The seconds that begin at 0 ... 100 at 0.001, those at 101 ... 199 at 0.002.
    #expect(seconds.cost == Money(nanoUSD: (101 + 99 * 2) * 1_000_000))
    let hours = BillingRule(unit: .startedHour, refund: .none)
    #expect(InstanceCharge(Self.life(to: 200), prices: prices, rule: hours).cost == Money(nanoUSD: 3_600_000_000))
    #expect(
      InstanceCharge(Self.life(to: 4_000), prices: prices, rule: hours).cost == Money(nanoUSD: 10_800_000_000))
    // Units are counted from the launch: those of 50.5 ... 99.5 at the old price, from 100.5 on at the new one.
    let shifted = InstanceCharge(Self.life(from: 50.5, to: 150.5), prices: prices, rule: .aws)
    #expect(shifted.cost == Money(nanoUSD: (50 + 50 * 2) * 1_000_000))
  }

  @Test("A line is rounded once, half up")
  func roundingOfALine() {
    // 1 nano-USD per hour: 1,800 s are half a nano-USD.
    let prices = PriceSeries.constant(HourlyRate(nanoUSDPerHour: 1))
    #expect(InstanceCharge(Self.life(to: 1_799), prices: prices, rule: .aws).cost == .zero)
    #expect(InstanceCharge(Self.life(to: 1_800), prices: prices, rule: .aws).cost == Money(nanoUSD: 1))
    // m5.large, us-east-1, spot, 1,000 s: 0.03118 / 3.6 = 0.00866111…
    let charge = InstanceCharge(Self.life(to: 1_000), prices: .constant(.microUSD(31_180)), rule: .aws)
    #expect(charge.cost.description == "0.008661111")
    // Prices that alternate every second add up to the exact mean, however many roundings that would be.
    let alternating = steps([(0, HourlyRate(nanoUSDPerHour: 1)), (1, .free)], period: 2)
    #expect(InstanceCharge(Self.life(to: 7_200), prices: alternating, rule: .aws).cost == Money(nanoUSD: 1))
  }

  @Test("Bills of random lives are what counting unit by unit gives")
  func billsRecomputed() {
    var random = RandomSource(seed: 20)
    for number in 0..<400 {
      var at = 0.0
      let prices = steps(
        (0..<6).map { _ -> (Double, HourlyRate) in
          defer { at += Double(random.next(below: 4_000_000)) / 1_000 }
          return (at, HourlyRate(nanoUSDPerHour: Int64(random.next(below: 900_000_000))))
        })
      let launched = Double(random.next(below: 5_000_000)) / 1_000
      let life = Self.life(
        from: launched, to: launched + Double(random.next(below: 9_000_000)) / 1_000,
        random.nextBool(probability: 0.7) ? .spot : .onDemand, by: EndCause.allCases[Int(random.next(below: 3))])
      let rule = BillingRule(
        unit: random.nextBool(probability: 0.5) ? .second(minimum: .seconds(60)) : .startedHour,
        refund: BillingRule.Refund.allCases[Int(random.next(below: 3))])
      let charge = InstanceCharge(life, prices: prices, rule: rule)
      #expect(charge.cost == Self.recomputed(life, prices, rule), "life \(number)")
    }
  }

  /// The same bill from the rules in the documentation, one unit after the other, in 1/3600 of a nano-USD.
  private static func recomputed(_ life: InstanceLife, _ prices: PriceSeries, _ rule: BillingRule) -> Money {
    let isHourly = rule.unit == .startedHour
    let unit: Int64 = isHourly ? 3_600 : 1
    let isInterrupted = life.purchase == .spot && life.endedBy == .provider
    if isInterrupted, rule.refund == .firstHour, life.length < .seconds(3_600) { return .zero }
    var sum: Int64 = 0
    var begins: Int64 = 0
    while true {
      let isWithinMinimum = !isHourly && begins < 60
      if TimeSpan.seconds(begins) >= life.length, !isWithinMinimum { break }
      let hourEnd = TimeSpan.seconds((begins / 3_600 + 1) * 3_600)
      if isInterrupted, rule.refund == .partialHour, hourEnd > life.length { break }
      let price = prices.steps.last { Instant.zero + $0.at <= life.launched + .seconds(begins) }!.value
      sum += price.nanoUSDPerHour * unit
      begins += unit
    }
    return Money(nanoUSD: (2 * sum + 3_600) / 7_200)
  }

  @Test("Data is billed to the sender by source and destination")
  func transfer() throws {
    var ledger = try Ledger(
      regions: ["us-east-1", "us-east-2", "sa-east-1", "eu-west-1"], tariff: .aws2022, rule: .aws)
    // The leader of the reference: 10 MB/s to each of 4 remote regions for an hour, 2.88 USD; from São Paulo 19.872.
    for destination in [2, 3] as [UInt16] {
      ledger.add(bytes: 72_000_000_000, from: SiteID(0), to: SiteID(destination))
    }
    #expect(ledger.bill.total.description == "2.880000000")
    ledger.add(bytes: 144_000_000_000, from: SiteID(2), to: SiteID(3))
    #expect(ledger.bill.total.description == "22.752000000")
    ledger.add(bytes: 1_000_000_000, from: SiteID(0), to: SiteID(1))
    ledger.add(bytes: 5_000_000_000, from: SiteID(0), to: SiteID(0))
    ledger.add(bytesToInternet: 1_000_000_000, from: SiteID(0))
    #expect(
      ledger.bill.transfers.map(\.cost.description) == [
        "0.000000000", "0.010000000", "1.440000000", "1.440000000", "0.090000000", "19.872000000",
      ])
    #expect(ledger.bill.total.description == "22.852000000")
  }

  @Test("Between zones of one region both ends pay")
  func betweenZones() throws {
    #expect(try TransferTariff.aws2022.rate(from: "us-east-1", to: .region("us-east-1")) == .free)
    #expect(
      try TransferTariff.aws2022AcrossZones.rate(from: "us-east-1", to: .region("us-east-1")) == .microUSD(20_000))
  }

  @Test("A region without a price is named with its neighbour")
  func unknownRegion() {
    let error = #expect(throws: TariffError.self) {
      _ = try Ledger(regions: ["us-east-1", "us-west-3"], tariff: .aws2022, rule: .aws)
    }
    #expect(
      error?.description == "the tariff of data transfer has no region 'us-west-3'; did you mean 'us-west-1'?")
  }

  @Test("A bill's total is the sum of its lines, which stand in the order of the instances")
  func totals() throws {
    var ledger = try Ledger(regions: ["us-east-1", "eu-west-1"], tariff: .aws2022, rule: .aws)
    var random = RandomSource(seed: 3)
    for id in [5, 1, 4, 0] as [UInt32] {
      ledger.add(Self.life(to: Double(random.next(below: 100_000)), id: id), prices: .constant(.microUSD(31_180)))
    }
    for _ in 0..<100 { ledger.add(bytes: random.next(below: 1 << 33), from: SiteID(1), to: SiteID(0)) }
    let bill = ledger.bill
    #expect(bill.instances.map(\.life.instance.rawValue) == [0, 1, 4, 5])
    let lines = bill.instances.map(\.cost.nanoUSD) + bill.transfers.map(\.cost.nanoUSD)
    #expect(lines.count == 5)
    #expect(bill.total.nanoUSD == lines.reduce(0, +))
    #expect(lines.allSatisfy { $0 > 0 })
  }
}
