import Cloud
import Foundation
import Raft
import Testing

@Suite struct PriceTests {
  @Test("A series holds each value until the next step, and says when it changes")
  func stepSeries() {
    let series: StepSeries<Int> = steps([(10, 1), (20, 1), (30, 2), (30, 3), (40, 4)])
    #expect([0, 10, 29.9, 30, 39, 40, 1e9].map { series.value(at: .at($0)) } == [1, 1, 1, 3, 3, 4, 4])
    #expect(series.change(after: .at(0))?.at == .at(30))
    #expect(series.change(after: .at(30))?.value == 4)
    #expect(series.change(after: .at(40)) == nil)
    #expect(series.first(from: .at(5)) { $0 > 3 } == .at(40))
    #expect(series.first(from: .at(5)) { $0 > 4 } == nil)
    #expect(series.first(from: .at(35)) { $0 == 3 } == .at(35))
  }

  @Test("A repeating series starts again, also where its ends meet")
  func repeatingSeries() {
    let series: StepSeries<Int> = steps([(0, 1), (10, 2), (20, 1)], period: 30)
    #expect([0, 10, 25, 30, 40, 3_010].map { series.value(at: .at($0)) } == [1, 2, 1, 1, 2, 2])
    #expect(series.change(after: .at(10))?.at == .at(20))
    // The value at the wrap stays 1: the next change is in the next round.
    #expect(series.change(after: .at(20))?.at == .at(40))
    #expect(series.first(from: .at(21)) { $0 == 2 } == .at(40))
    #expect(series.first(from: .at(0)) { $0 == 3 } == nil)
    #expect(StepSeries<Int>([], period: nil) == nil)
    #expect(StepSeries([.init(at: .seconds(2), value: 1), .init(at: .seconds(1), value: 1)]) == nil)
    #expect(StepSeries([.init(at: .seconds(2), value: 1)], period: .seconds(2)) == nil)
  }

  @Test("Generated prices have the stated median, spread and memory, lie within bounds, and on ticks")
  func generatedPrices() throws {
    let model = GeneratedPrices(
      median: .microUSD(360_000), deviation: 0.2, reversion: .hours(10), lowest: .microUSD(200_000),
      highest: .microUSD(700_000))
    var random = RandomSource(seed: 1)
    let series = try model.series(until: .hours(20_000), random: &random)
    let prices = (0...20_000).map { series.value(at: .zero + .seconds(3_600 * Int64($0))) }
    #expect(
      prices.allSatisfy { $0 >= .microUSD(200_000) && $0 <= .microUSD(700_000) && $0.nanoUSDPerHour % 100_000 == 0 })
    let logs = prices.map { log($0.usdPerHour / 0.36) }
    let mean = logs.reduce(0, +) / Double(logs.count)
    let variance = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(logs.count)
    let covariance = zip(logs, logs.dropFirst()).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) } / Double(logs.count)
    // Standard errors with a memory of 10 h in 20,000 h: 0.006 of the mean, 0.004 of the deviation.
    #expect(abs(mean) < 0.025)
    #expect(abs(variance.squareRoot() - 0.2) < 0.018)
    #expect(abs(covariance / variance - exp(-0.1)) < 0.015)
  }

  @Test("Spikes come as often and last as long as stated")
  func spikes() throws {
    let spikes = GeneratedPrices.Spikes(price: .microUSD(1_750_000), interval: .hours(16), length: .hours(4))
    let model = GeneratedPrices(median: .microUSD(30_000), highest: .microUSD(100_000), spikes: spikes)
    var random = RandomSource(seed: 2)
    let series = try model.series(until: .hours(40_000), random: &random)
    let high = (0..<40_000).map { series.value(at: .zero + .seconds(3_600 * Int64($0))) == spikes.price }
    let starts = zip(high, high.dropFirst()).filter { !$0 && $1 }.count
    #expect(abs(Double(high.filter(\.self).count) / 40_000 - 0.2) < 0.02)
    #expect(abs(Double(starts) - 2_000) < 160)
  }

  @Test("A generated series is the same for the same seed, and faults are named")
  func generatedAgain() throws {
    let model = GeneratedPrices(median: .microUSD(36_000))
    var (first, second, third) = (RandomSource(seed: 1), RandomSource(seed: 1), RandomSource(seed: 2))
    let series = try model.series(until: .hours(100), random: &first)
    #expect(try series == model.series(until: .hours(100), random: &second))
    #expect(try series != model.series(until: .hours(100), random: &third))
    #expect(series.steps.count > 10)
    var faulty = model
    faulty.step = .zero
    let error = #expect(throws: ModelError.self) { try faulty.series(until: .hours(1), random: &first) }
    #expect(error?.description == "generated prices: the step is 0s; it must be longer than 0s")
  }

  @Test("A CSV of prices is read by seconds or by the calendar")
  func csv() throws {
    let seconds = try PriceSeries(csv: "# m5.large\r\nat_s,usd_per_hour\r\n0, 0.0312\r\n3600.5,0.035\r\n\r\n".utf8)
    #expect(seconds == steps([(0, .microUSD(31_200)), (3_600.5, .microUSD(35_000))]))
    let calendar = try PriceSeries(
      csv: "usd_per_hour,timestamp\n0.1,2016-04-25T12:06:56Z\n0.2,2016-04-25T14:06:57+01:00".utf8)
    #expect(calendar == steps([(0, .microUSD(100_000)), (3_601, .microUSD(200_000))]))
  }

  @Test("Faults of a CSV of prices name place, found and expected")
  func csvErrors() {
    let rate = "expected USD per hour in 0 ... 1000 with at most nine decimals"
    let header = "expected at_s,usd_per_hour or timestamp,usd_per_hour"
    let cases: [(String, String)] = [
      ("", "the text: found no header line, expected at_s,usd_per_hour"),
      ("at_s,usd_per_hour\n", "the text: found no row, expected a row or more"),
      ("at,usd_per_hour\n", "line 1: found 'at,usd_per_hour', \(header)"),
      ("at_s,usd_per_hour,zone\n", "line 1: found 'at_s,usd_per_hour,zone', \(header)"),
      ("at_s,usd_per_hour\n0,0.1\n7", "line 3: found 1 fields, expected 2"),
      ("at_s,usd_per_hour\n0,cheap", "line 2, column usd_per_hour: found 'cheap', \(rate)"),
      ("at_s,usd_per_hour\n0,-0.1", "line 2, column usd_per_hour: found '-0.1', \(rate)"),
      ("at_s,usd_per_hour\n0,1000.1", "line 2, column usd_per_hour: found '1000.1', \(rate)"),
      ("at_s,usd_per_hour\n0,0.0000000001", "line 2, column usd_per_hour: found '0.0000000001', \(rate)"),
      ("at_s,usd_per_hour\n0,.5", "line 2, column usd_per_hour: found '.5', \(rate)"),
      (
        "at_s,usd_per_hour\n9,0.1\n8,0.1",
        "line 3, column at_s: found '8', expected a time no earlier than the row before"
      ),
      (
        "timestamp,usd_per_hour\n2016-02-30T00:00:00Z,0.1",
        "line 2, column timestamp: found '2016-02-30T00:00:00Z', expected a time such as 2016-04-25T12:06:56Z"
      ),
    ]
    for (text, message) in cases {
      let error = #expect(throws: ParseError.self) { try PriceSeries(csv: text.utf8) }
      #expect(error?.description == message)
    }
    let error = #expect(throws: ParseError.self) { try PriceSeries(csv: [0x61, 0xFF, 0x0A]) }
    #expect(error?.description == "line 1: found bytes that are not UTF-8, expected UTF-8 text")
  }

  @Test("Times of the calendar are nanoseconds since 1970")
  func calendarTimes() {
    let cases: [(String, Int64?)] = [
      ("1970-01-01T00:00:00Z", 0), ("2016-04-25T12:06:56.000Z", 1_461_586_016_000_000_000),
      ("2000-02-29T23:59:59.5Z", 951_868_799_500_000_000), ("2199-12-31T00:00:00Z", 7_258_032_000_000_000_000),
      ("2016-04-25T12:06:56-05:30", 1_461_605_816_000_000_000), ("2015-02-29T00:00:00Z", nil),
      ("2016-04-25 12:06:56Z", nil), ("2016-04-25T12:06:56", nil), ("2016-13-01T00:00:00Z", nil),
      ("2016-04-25T24:00:00Z", nil), ("2016-04-25T12:06:56.Z", nil), ("1969-12-31T23:59:59Z", nil),
      ("2016-04-25T12:06:56Zulu", nil), ("", nil),
    ]
    for (text, nanoseconds) in cases { #expect(CalendarTime(text)?.nanoseconds == nanoseconds, "\(text)") }
  }

  @Test("Money is exact: nine decimals in and out")
  func money() {
    #expect(HourlyRate(usdPerHour: "0.009400") == .microUSD(9_400))
    #expect(HourlyRate(usdPerHour: "1000")?.description == "1000.000000000 USD/h")
    #expect(HourlyRate(usdPerHour: "0.0000000010000") == HourlyRate(nanoUSDPerHour: 1))
    for text in ["", ".", "1.", "-", "+1", "1e2", "0x1", "1 ", "1,5", "99999999999999999999"] {
      #expect(HourlyRate(usdPerHour: text) == nil, "\(text)")
    }
    #expect(Money(nanoUSD: -1_000_000_005).description == "-1.000000005")
    #expect((Money.usd(2) - Money(nanoUSD: 1)).description == "1.999999999")
    #expect(TransferRate.microUSD(20_000).price(ofBytes: 1_234_567_890_123_456_789).nanoUSD == 24_691_357_802_469_136)
  }
}
