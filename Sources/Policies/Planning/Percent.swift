/// A ratio as whole per cent, for a reason.
func percent(_ ratio: Double) -> String {
  guard ratio.isFinite, ratio.magnitude < 1e6 else { return "\(ratio)" }
  return "\(Int((ratio * 100).rounded())) %"
}
