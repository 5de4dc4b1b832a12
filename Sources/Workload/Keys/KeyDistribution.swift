/// How keys are chosen.
public enum KeyDistribution: Hashable, Sendable {
  /// Every key is equally likely, inserted ones included.
  case uniform
  /// A few keys are very likely, scattered over the keys that exist at the start (YCSB's scrambled zipfian); `theta`
  /// lies strictly between 0 and 1.
  case zipfian(theta: Double)
  /// The latest inserted keys are the likeliest (YCSB's latest); `theta` lies strictly between 0 and 1.
  case latest(theta: Double)
}
