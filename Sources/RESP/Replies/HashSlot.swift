import KeyValue

/// The hash slots of Redis Cluster, of which there are 16384: they only serve to name a slot in a redirect, since keys
/// belong to groups by the router's own hash.
public enum HashSlot {
  /// The slot of a key: the CRC-16 (XMODEM) of its bytes, or of those between the first `{` and the next `}`.
  public static func of(_ key: Key) -> Int {
    let bytes = key.bytes
    if let open = bytes.firstIndex(of: UInt8(ascii: "{")),
      let close = bytes[(open + 1)...].firstIndex(of: UInt8(ascii: "}")), close > open + 1
    {
      return Int(crc16(bytes[(open + 1)..<close]) & 0x3FFF)
    }
    return Int(crc16(bytes[...]) & 0x3FFF)
  }

  private static func crc16(_ bytes: ArraySlice<UInt8>) -> UInt16 {
    var crc: UInt16 = 0
    for byte in bytes {
      crc ^= UInt16(byte) << 8
      for _ in 0..<8 { crc = crc & 0x8000 == 0 ? crc << 1 : (crc << 1) ^ 0x1021 }
    }
    return crc
  }
}
