extension SpotPriceHistory {
  /// Reads what `aws ec2 describe-spot-price-history` prints:
  /// `{"SpotPriceHistory": [{"Timestamp": "2016-04-25T12:06:56.000Z", "ProductDescription": "Linux/UNIX",
  /// "InstanceType": "m3.medium", "SpotPrice": "0.009400", "AvailabilityZone": "us-east-1b"}]}`.
  ///
  /// Other keys are skipped. Throws ``ParseError`` at the first fault.
  public init(json bytes: some Collection<UInt8>) throws(ParseError) {
    var scanner = try JSONScanner(bytes)
    var records: [SpotPriceRecord]?
    try scanner.object { scanner, key throws(ParseError) in
      guard key == "SpotPriceHistory" else { return try scanner.skip() }
      var list: [SpotPriceRecord] = []
      try scanner.array { scanner throws(ParseError) in
        list.append(try Self.record(&scanner, number: list.count + 1))
      }
      records = list
    }
    try scanner.end()
    guard let records else {
      throw ParseError(.text, found: "an object without the key SpotPriceHistory", expected: "that key with a list")
    }
    self.init(records: records)
  }

  private static let fields = ["Timestamp", "ProductDescription", "InstanceType", "SpotPrice", "AvailabilityZone"]

  private static func record(_ scanner: inout JSONScanner, number: Int) throws(ParseError) -> SpotPriceRecord {
    var values = [String?](repeating: nil, count: fields.count)
    try scanner.object { scanner, key throws(ParseError) in
      guard let index = fields.firstIndex(of: key) else { return try scanner.skip() }
      values[index] = try scanner.string()
    }
    func value(_ name: String) throws(ParseError) -> String {
      guard let index = fields.firstIndex(of: name), let value = values[index], !value.isEmpty else {
        throw ParseError(.record(number, field: name), found: "nothing", expected: "a text")
      }
      return value
    }
    let (timestamp, price) = (try value("Timestamp"), try value("SpotPrice"))
    guard let time = CalendarTime(timestamp) else {
      throw ParseError(
        .record(number, field: "Timestamp"), found: "'\(timestamp)'",
        expected: "a time of the years 1970 to 2200 such as 2016-04-25T12:06:56.000Z")
    }
    guard let rate = HourlyRate(usdPerHour: price) else {
      throw ParseError(.record(number, field: "SpotPrice"), found: "'\(price)'", expected: HourlyRate.expectation)
    }
    return SpotPriceRecord(
      time: time, type: InstanceTypeName(try value("InstanceType")), zone: try value("AvailabilityZone"),
      product: try value("ProductDescription"), price: rate)
  }
}

extension HourlyRate {
  /// What a text must be to be a rate, for errors.
  static let expectation = "USD per hour in 0 ... 1000 with at most nine decimals"
}
