import Cloud
import Raft
import Testing

@Suite struct PriceHistoryTests {
  /// As the provider's tool prints it: newest first, several pools, fields in any order.
  private static let json = #"""
    {
      "NextToken": "a\u00e9\ud83d\ude00\n", "Other": [{"x": [1, -2.5e3, true, false, null]}, {}, []],
      "SpotPriceHistory": [
        {"Timestamp": "2016-04-25T14:00:00.000Z", "ProductDescription": "Linux/UNIX", "InstanceType": "m3.medium",
         "SpotPrice": "0.012000", "AvailabilityZone": "us-east-1b"},
        {"AvailabilityZone": "us-east-1a", "Timestamp": "2016-04-25T13:30:00.000Z", "SpotPrice": "0.080000",
         "ProductDescription": "Linux/UNIX", "InstanceType": "m3.medium"},
        {"Timestamp": "2016-04-25T13:00:00.000Z", "ProductDescription": "Windows", "InstanceType": "m3.medium",
         "SpotPrice": "0.070000", "AvailabilityZone": "us-east-1b"},
        {"Timestamp": "2016-04-25T12:06:56.000Z", "ProductDescription": "Linux/UNIX", "InstanceType": "m3.medium",
         "SpotPrice": "0.009400", "AvailabilityZone": "us-east-1b", "AvailabilityZoneId": "use1-az1"}
      ]
    }
    """#

  @Test("A price history gives each pool its own series, oldest first")
  func readsAHistory() throws {
    let history = try SpotPriceHistory(json: Self.json.utf8)
    #expect(history.records.count == 4)
    #expect(history.zones(of: "m3.medium") == ["us-east-1a", "us-east-1b"])
    let series = history.series(of: "m3.medium", zone: "us-east-1b")
    #expect(series == steps([(0, .microUSD(9_400)), (6_784, .microUSD(12_000))]))
    #expect(history.series(of: "m3.medium", zone: "us-east-1c") == nil)
    #expect(history.series(of: "m3.medium", zone: "us-east-1b", product: "Windows") == .constant(.microUSD(70_000)))
    let origin = try #require(CalendarTime("2016-04-25T13:00:00Z"))
    #expect(
      history.series(of: "m3.medium", zone: "us-east-1b", from: origin)
        == steps([(0, .microUSD(9_400)), (3_600, .microUSD(12_000))]))
  }

  @Test("Before the first record the first price holds, and of records of one instant the first of the file")
  func edges() throws {
    func record(_ time: String, _ price: String) -> String {
      let pool = #""ProductDescription":"L","InstanceType":"t","AvailabilityZone":"z""#
      return #"{"Timestamp":"\#(time)","SpotPrice":"\#(price)",\#(pool)}"#
    }
    let (late, early) = ("2016-04-25T14:00:00Z", "2016-04-25T13:00:00Z")
    let list = [record(late, "0.3"), record(late, "0.2"), record(early, "0.1")].joined(separator: ",")
    let history = try SpotPriceHistory(json: "{\"SpotPriceHistory\":[\(list)]}".utf8)
    #expect(
      history.series(of: "t", zone: "z", product: "L", from: CalendarTime("2016-04-25T12:00:00Z"))
        == steps([(0, .microUSD(100_000)), (7_200, .microUSD(300_000))]))
  }

  @Test("Faults of a history name place, found and expected")
  func errors() {
    func broken(_ old: String, _ new: String) -> String {
      let parts = Self.json.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
      return parts.joined(separator: new)
    }
    let cases: [(String, String)] = [
      ("", "byte 0: found the end, expected an object"),
      ("{}", "the text: found an object without the key SpotPriceHistory, expected that key with a list"),
      (#"{"SpotPriceHistory": []} x"#, "byte 25: found 'x', expected the end"),
      (#"{"SpotPriceHistory": {}}"#, "byte 21: found '{}}', expected an array"),
      (#"{"SpotPriceHistory": [{"SpotPrice": 0.1}]}"#, "byte 36: found '0.1}]}', expected a string"),
      (
        broken("0.009400", "a lot"),
        "record 4, SpotPrice: found 'a lot', expected USD per hour in 0 ... 1000 with at most nine decimals"
      ),
      (
        broken("2016-04-25T13:30:00.000Z", "yesterday"),
        "record 2, Timestamp: found 'yesterday', expected a time of the years 1970 to 2200 such as "
          + "2016-04-25T12:06:56.000Z"
      ),
      (
        broken("\"AvailabilityZone\": \"us-east-1b\"},", "\"x\": 1},"),
        "record 1, AvailabilityZone: found nothing, expected a text"
      ),
      (#"{"a": 01}"#, "byte 6: found '01}', expected a number"),
      (#"{"a": 1.}"#, "byte 6: found '1.}', expected a number"),
      (#"{"a": tru}"#, "byte 6: found 'tru}', expected true"),
      (#"{"a": "\x"}"#, "byte 7: found an escape that is none, expected an escape of JSON"),
      (#"{"a": "\ud83d"}"#, "byte 7: found an escape that is none, expected an escape of JSON"),
      (#"{"a": "\u12g4"}"#, "byte 9: found '12g4', expected four hexadecimal digits"),
      (#"{"a": "b"#, "byte 8: found the end, expected a closing quote"),
      (#"{"a" 1}"#, "byte 5: found '1}', expected ':' after a key"),
      ("{\"a\": \"\n\"}", "byte 7: found a control character, expected an escape"),
      (
        #"{"a": "# + String(repeating: "[", count: 100), "byte 70: found more than 64 levels, expected fewer"
      ),
    ]
    for (text, message) in cases {
      let error = #expect(throws: ParseError.self) { try SpotPriceHistory(json: text.utf8) }
      #expect(error?.description == message)
    }
  }

  @Test("Whatever is cut off or changed in a history gives an error or a history, never a crash")
  func hostileBytes() {
    let bytes = Array(Self.json.utf8)
    var random = RandomSource(seed: 1)
    var read = 0
    for _ in 0..<2_000 {
      var broken = Array(bytes.prefix(Int(random.next(below: UInt64(bytes.count + 1)))))
      if random.nextBool(probability: 0.7) { broken = bytes }
      for _ in 0..<random.next(below: 3) where !broken.isEmpty {
        broken[Int(random.next(below: UInt64(broken.count)))] = UInt8(random.next(below: 256))
      }
      if (try? SpotPriceHistory(json: broken)) != nil { read += 1 }
    }
    #expect(read > 100 && read < 1_900)
  }
}
