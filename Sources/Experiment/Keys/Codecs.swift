import Emulation
import Raft

// The scalars that keys of all sections share.

extension Codec<TimeSpan> {
  /// A length of time longer than zero.
  static let positiveDuration = duration("a positive duration") { $0 > .zero }
  /// A length of time, zero allowed.
  static let duration = duration("a duration that is not negative") { $0 >= .zero }

  private static func duration(_ expected: String, _ passes: @escaping @Sendable (TimeSpan) -> Bool) -> Codec {
    Codec.scalar(
      "duration", expected: DurationText.expected, parse: DurationText.parse, format: DurationText.format
    ).filtered(expected, passes)
  }
}

extension Codec<Int> {
  /// A size in bytes, at least one.
  static let positiveSize = Codec.scalar(
    "size", expected: SizeText.expected, parse: SizeText.parse, format: SizeText.format
  ).filtered("a positive size") { $0 > 0 }

  /// A whole number within bounds.
  static func integer(_ bounds: ClosedRange<Int>) -> Codec {
    let expected = "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
    return Codec.scalar(
      "whole number", expected: expected,
      parse: { text throws(QuantityError) in
        guard let value = WholeNumber.parse(text).flatMap(Int.init(exactly:)), bounds.contains(value) else {
          throw .malformed(expected: expected)
        }
        return value
      },
      format: { "\($0)" })
  }
}

extension Codec<UInt64> {
  /// A whole number of 64 bits.
  static let seed = Codec.scalar(
    "whole number", expected: "a whole number from 0 to \(UInt64.max)",
    parse: { text throws(QuantityError) in
      guard let value = WholeNumber.parse(text).flatMap(UInt64.init(exactly:)) else {
        throw .malformed(expected: "a whole number from 0 to \(UInt64.max)")
      }
      return value
    },
    format: { "\($0)" })
}

extension Codec<Double> {
  /// A probability, in 0 ... 1.
  static let probability = Codec.scalar(
    "probability", expected: FractionText.expected, parse: FractionText.parseProbability, format: FractionText.format)

  /// A number greater than zero.
  static let positiveNumber = Codec.scalar(
    "number", expected: NumberText.expected, parse: NumberText.parse, format: NumberText.format
  ).filtered("a positive number") { $0 > 0 && $0 <= 1e12 }

  /// Operations per second, more than zero.
  static let positiveRate = Codec.scalar(
    "rate", expected: RateText.expected, parse: RateText.parse, format: RateText.format
  ).filtered("a positive rate") { $0 > 0 }

  /// Operations per second, zero allowed.
  static let rate = Codec.scalar(
    "rate", expected: RateText.expected, parse: RateText.parse, format: RateText.format
  ).filtered("a rate that is not negative") { $0 >= 0 }
}

extension Codec<Bool> {
  /// `true` or `false`.
  static let flag = choice([("true", true), ("false", false)])
}

extension Codec<Bandwidth> {
  /// Bits per second.
  static let bandwidth = Codec.scalar(
    "bandwidth", expected: BandwidthText.expected, parse: BandwidthText.parse, format: BandwidthText.format)
}

extension Codec<String> {
  /// The name of an experiment.
  static let experimentName = name(
    "name", "a name of 1 to 64 letters, digits, -, _ and ., starting with a letter or digit",
    Naming.isExperiment)

  /// The name of a site that the spec declares, or is about to.
  static let siteName = name(
    "site", "a site's name of 1 to 64 letters, digits, - and _, starting with a letter or digit",
    { Naming.isSite($0) && !Target.roles.contains($0) })

  private static func name(
    _ type: String, _ expected: String, _ passes: @escaping @Sendable (String) -> Bool
  ) -> Codec {
    Codec.scalar(
      type, expected: expected,
      parse: { text throws(QuantityError) in
        guard passes(text) else { throw .malformed(expected: expected) }
        return text
      },
      format: { $0 })
  }
}

extension Codec<String> {
  /// Any text.
  static let word = Codec.scalar(
    "word", expected: "a word", parse: { text throws(QuantityError) in text }, format: { $0 })
}

extension Codec<[String]> {
  /// `all` (an empty array), one site or a list of sites.
  static let sites = Codec(
    type: "`all`, or a list of sites",
    read: { node, key, reading in
      if node.text == "all" { return [] }
      if node.text != nil { return Codec<String>.siteName.read(node, key, reading).map { [$0] } }
      return Codec<String>.siteName.list("list of sites", of: "sites, or all").read(node, key, reading)
    },
    write: { $0.isEmpty ? .text("all") : .list($0.map(SpecNode.text)) })
}

extension Codec<Target> {
  static let expected =
    "a node (us-east-1.0), a site, leader, or follower, learner or any (also with a site: follower@us-west-2)"

  /// Whom a fault concerns.
  static let target = Codec.scalar(
    "target", expected: expected,
    parse: { text throws(QuantityError) in
      guard let target = Target(text) else { throw .malformed(expected: expected) }
      return target
    },
    format: { $0.description })
}

/// Whole numbers as people write them: digits, and `_` between them.
enum WholeNumber {
  static func parse(_ text: String) -> Int128? {
    let digits = text.filter { $0 != "_" }
    guard digits.utf8.count <= 20, text.first != "_", text.last != "_", !digits.isEmpty,
      digits.drop(while: { $0 == "-" }).allSatisfy({ ("0"..."9").contains($0) })
    else { return nil }
    return Int128(digits)
  }
}
