#if canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What the system says about its calls.
enum SystemCall {
  /// The system's words for an error number.
  static func message(_ code: Int32) -> String {
    var text = [CChar](repeating: 0, count: 256)
    guard strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
    return text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }
}

/// The system's `open`, which a method of the same name would hide.
func openPath(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }
