import Foundation
import Raft
import Testing

@testable import Traces

@Suite struct NumberFormatTests {
  private func text(_ body: (inout OutputBytes) -> Void) -> String {
    var output = OutputBytes(capacity: 64)
    body(&output)
    return output.withBytes { String(decoding: $0, as: UTF8.self) }
  }

  @Test func wholeNumbersLookAsSwiftWritesThem() {
    var numbers: [UInt64] = [0, .max, UInt64.max - 1, 99, 100, 101]
    var power: UInt64 = 1
    for _ in 0..<19 {
      power *= 10
      numbers += [power - 1, power, power + 1]
    }
    var random = RandomSource(seed: 1)
    for _ in 0..<2_000 { numbers.append(random.next() >> random.next(below: 64)) }
    #expect(numbers.allSatisfy { number in text { $0.append(decimal: number) } == String(number) })
    #expect(text { $0.append(decimal: Int64.min) } == String(Int64.min))
  }

  @Test(arguments: [
    (0, "0.000000"), (1_499, "0.000001"), (1_500, "0.000002"), (499, "0.000000"), (500, "0.000001"),
    (-499, "0.000000"), (-500, "-0.000001"), (59_999_999_999_500, "60000.000000"), (Int64.max, "9223372036.854775"),
    (1_234_567_890, "1.234568"),
  ])
  func secondsAreRoundedToTheNearestMicrosecondHalvesAwayFromZero(nanoseconds: Int64, expected: String) {
    #expect(text { $0.append(Fixed.microseconds(nanoseconds), decimals: 6) } == expected)
  }

  @Test func millisecondsHaveThreeDecimals() {
    #expect(text { $0.append(Fixed.microseconds(12_345_678), decimals: 3) } == "12.346")
    #expect(text { $0.append(Fixed.microseconds(1_000_000), decimals: 3) } == "1.000")
  }

  @Test func quotientsAreRoundedHalvesUpwards() {
    #expect(Ratio(1, of: 3)?.millionths == 333_333)
    #expect(Ratio(2, of: 3)?.millionths == 666_667)
    #expect(Ratio(1, of: 0) == nil)
    #expect(Rate(5, in: .seconds(2))?.thousandths == 2_500)
    #expect(Rate(1, in: .zero) == nil)
    #expect(Rate(.max, in: .nanoseconds(1))?.thousandths == .max)
  }

  @Test func checksumIsThatOfZlib() {
    var crc = CRC32()
    crc.update(Array("123456789".utf8))
    #expect(crc.hexadecimal == "cbf43926")
    let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    var (whole, parts) = (CRC32(), CRC32())
    whole.update(bytes)
    for start in stride(from: 0, to: 1_000, by: 13) { parts.update(Array(bytes[start..<min(start + 13, 1_000)])) }
    #expect(whole == parts)
    #expect(CRC32().hexadecimal == "00000000")
  }
}
