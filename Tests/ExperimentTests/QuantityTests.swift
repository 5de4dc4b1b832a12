import Emulation
import Raft
import Testing

@testable import Experiment

@Suite("Quantities as text")
struct QuantityTests {
  @Test(
    "durations",
    arguments: [
      ("150ms", 150_000_000), ("10s", 10_000_000_000), ("1.5h", 5_400_000_000_000), ("0", 0), ("0.5us", 500),
      ("-5ms", -5_000_000), ("2min", 120_000_000_000), ("1d", 86_400_000_000_000), ("7 ns", 7),
    ] as [(String, Int64)])
  func durations(text: String, nanoseconds: Int64) throws {
    let span = try DurationText.parse(text)
    #expect(span.nanoseconds == nanoseconds)
    #expect(try DurationText.parse(DurationText.format(span)) == span)
  }

  @Test(
    "texts that are no duration",
    arguments: [
      "5", "ms", "", "1e3s", "1.2.3s", "0.1ns", "5 parsecs", "∞s", "１s", "99999999999999999999999999999999999999999s",
      "4000d", ".", "-", "1.", "0x10s", "1s2",
    ])
  func badDurations(text: String) {
    #expect(throws: QuantityError.self) { try DurationText.parse(text) }
  }

  @Test("errors say what was expected")
  func expectations() {
    func expectation(_ text: String) -> String? {
      do throws(QuantityError) {
        _ = try DurationText.parse(text)
        return nil
      } catch {
        return error.expectation
      }
    }
    let kind = "a duration such as 150ms (ns, us, ms, s, min, h, d)"
    #expect(expectation("fast") == kind)
    #expect(expectation("5") == "\(kind): the unit is missing")
    #expect(expectation("5m") == "\(kind): m is no unit here")
    #expect(expectation("0.1ns") == kind)
    #expect(expectation("4000d") == "a duration of at most 3650d")
  }

  @Test("sizes", arguments: [("128B", 128), ("4KiB", 4_096), ("1MB", 1_000_000), ("1.5KiB", 1_536), ("0B", 0)])
  func sizes(text: String, bytes: Int) throws {
    #expect(try SizeText.parse(text) == bytes)
    #expect(try SizeText.parse(SizeText.format(bytes)) == bytes)
  }

  @Test(
    "bandwidths",
    arguments: [("1Gbps", 1_000_000_000), ("2.5Mbps", 2_500_000), ("9600bps", 9_600)] as [(String, UInt64)])
  func bandwidths(text: String, bits: UInt64) throws {
    let bandwidth = try BandwidthText.parse(text)
    #expect(bandwidth.bitsPerSecond == bits)
    #expect(try BandwidthText.parse(BandwidthText.format(bandwidth)) == bandwidth)
  }

  @Test("rates", arguments: [("500/s", 500), ("30/min", 0.5), ("3600/h", 1), ("0.25/s", 0.25)])
  func rates(text: String, perSecond: Double) throws {
    #expect(try RateText.parse(text) == perSecond)
    #expect(try RateText.parse(RateText.format(perSecond)) == perSecond)
  }

  @Test("fractions", arguments: [("0.1%", 0.001), ("0.001", 0.001), ("1000ppm", 0.001), ("-2%", -0.02), ("1", 1)])
  func fractions(text: String, value: Double) throws {
    #expect(try FractionText.parse(text) == value)
  }

  @Test("other texts are refused", arguments: ["1e400", "nan", "inf", "2", "-0.1", "101%"])
  func badProbabilities(text: String) {
    #expect(throws: QuantityError.self) { try FractionText.parseProbability(text) }
    #expect(throws: QuantityError.self) { try SizeText.parse(text) }
    #expect(throws: QuantityError.self) { try BandwidthText.parse(text) }
    #expect(throws: QuantityError.self) { try RateText.parse(text) }
  }

  @Test("what is written is read back, for random values")
  func roundTrip() throws {
    var random = RandomSource(seed: 5)
    for _ in 0..<500 {
      let span = TimeSpan(nanoseconds: Int64(random.next() >> UInt64(10 + random.next(below: 50))))
      if span <= DurationText.longest { #expect(try DurationText.parse(DurationText.format(span)) == span) }
      let bytes = Int(random.next() >> UInt64(24 + random.next(below: 39)))
      #expect(try SizeText.parse(SizeText.format(bytes)) == bytes)
      var value = random.nextUnit()
      for _ in 0..<random.next(below: 12) { value *= random.nextBool(probability: 0.5) ? 0.1 : 10 }
      #expect(try NumberText.parse(NumberText.format(value)) == value)
    }
  }

  @Test(
    "targets",
    arguments: [
      "leader", "follower", "follower@us-west-2", "learner@eu-west-1", "any", "us-east-1", "us-east-1.0",
      "us-east-1.12",
    ])
  func targets(text: String) throws { #expect(try #require(Target(text)).description == text) }

  @Test(
    "texts that are no target",
    arguments: ["", "@", "leader@us-east-1", "us-east-1.x", "us-east-1.01", "a b", "follower@", ".0"])
  func badTargets(text: String) { #expect(Target(text) == nil) }
}
