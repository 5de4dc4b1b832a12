import Cloud
import Policies

// Where the words of markets and of policies meet; both rooms know nothing of each other.

extension Policies.Market {
  /// How an instance is bought.
  init(_ purchase: Purchase) {
    self =
      switch purchase {
      case .onDemand: .onDemand
      case .spot: .spot
      }
  }
}

extension Purchase {
  /// How a policy wants an instance to be bought.
  init(_ market: Policies.Market) {
    self =
      switch market {
      case .onDemand: .onDemand
      case .spot: .spot
      }
  }
}

extension HourlyPrice {
  /// A market's rate, rounded up to a millionth of a US dollar.
  init(_ rate: HourlyRate) { self.init(microUSDPerHour: (rate.nanoUSDPerHour + 999) / 1_000) }
}

extension Policies.Money {
  /// An amount of the bill, rounded towards zero to a millionth of a US dollar.
  init(_ money: Cloud.Money) { self.init(microUSD: money.nanoUSD / 1_000) }
}
