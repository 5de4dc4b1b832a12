import Raft
import Testing

@testable import Storage

@Suite("CRC32C: both ways give what RFC 3720 says") struct ChecksumTests {
  static let vectors: [(bytes: [UInt8], checksum: UInt32)] = [
    ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    ((0..<32).map { UInt8($0) }, 0x46DD_794E),
    ((0..<32).reversed().map { UInt8($0) }, 0x113F_DB5C),
    (Array("123456789".utf8), 0xE306_9283),
    ([], 0),
  ]

  @Test func vectorsByTables() {
    for (bytes, checksum) in ChecksumTests.vectors {
      #expect(bytes.withUnsafeBytes { CRC32C.byTables($0, seed: 0) } == checksum)
    }
  }

  @Test(.enabled(if: CRC32C.isHardware)) func vectorsByInstruction() {
    for (bytes, checksum) in ChecksumTests.vectors {
      #expect(bytes.withUnsafeBytes { CRC32C.byInstruction($0, seed: 0) } == checksum)
    }
  }

  @Test(.enabled(if: CRC32C.isHardware)) func bothWaysAgreeAtEveryLengthAndAddress() {
    var random = RandomSource(seed: 8)
    let bytes = (0..<700).map { _ in UInt8(random.next() & 0xFF) }
    var differences = 0
    bytes.withUnsafeBytes { buffer in
      for start in 0..<9 {
        for end in stride(from: start, to: buffer.count, by: 1) {
          let part = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
          let seed = UInt32(truncatingIfNeeded: random.next())
          if CRC32C.byTables(part, seed: seed) != CRC32C.byInstruction(part, seed: seed) { differences += 1 }
        }
      }
    }
    #expect(differences == 0)
  }

  @Test func aChecksumGoesOnWhereTheLastOneEnded() {
    let whole = ChecksumTests.vectors[4].bytes
    let first = whole[..<4].withUnsafeBytes { CRC32C.checksum($0) }
    #expect(whole[4...].withUnsafeBytes { CRC32C.checksum($0, seed: first) } == 0xE306_9283)
  }
}
