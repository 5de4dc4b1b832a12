import Emulation

/// What data costs that leaves a region, billed to the sender; what comes in is free.
public struct TransferTariff: Hashable, Sendable {
  /// The price out of one region.
  public struct Region: Hashable, Sendable {
    /// The region's name.
    public var name: String
    /// To any other region without a price of its own.
    public var elsewhere: TransferRate
    /// To the internet, first paid tier.
    public var internet: TransferRate
    /// To regions with a price of their own.
    public var exceptions: [String: TransferRate]

    /// Describes a region's prices.
    public init(
      name: String, elsewhere: TransferRate, internet: TransferRate, exceptions: [String: TransferRate] = [:]
    ) {
      self.name = name
      self.elsewhere = elsewhere
      self.internet = internet
      self.exceptions = exceptions
    }
  }

  /// The regions.
  public var regions: [Region]
  /// What traffic within one region costs at each of its two ends, for nodes in different availability zones; nil when
  /// all nodes of a site stand in one zone, which is free.
  public var betweenZones: TransferRate?

  /// Makes a tariff.
  public init(regions: [Region], betweenZones: TransferRate? = nil) {
    self.regions = regions
    self.betweenZones = betweenZones
  }

  /// What one gigabyte costs, both ends together.
  ///
  /// Throws ``TariffError`` when a region is not in the tariff.
  public func rate(from source: String, to destination: TransferEnd) throws(TariffError) -> TransferRate {
    guard let region = regions.first(where: { $0.name == source }) else { throw unknown(source) }
    switch destination {
    case .internet: return region.internet
    case .region(source): return TransferRate(nanoUSDPerGigabyte: 2 * (betweenZones ?? .free).nanoUSDPerGigabyte)
    case .region(let name):
      guard regions.contains(where: { $0.name == name }) else { throw unknown(name) }
      return region.exceptions[name] ?? region.elsewhere
    }
  }

  private func unknown(_ region: String) -> TariffError {
    TariffError(region: region, nearest: NearestName.of(region, among: regions.map(\.name)))
  }
}

/// Where data goes.
public enum TransferEnd: Hashable, Sendable {
  /// To a region, the sender's own included.
  case region(String)
  /// To clients outside the provider's network.
  case internet
}

/// A region for which a tariff has no price.
public struct TariffError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The region's name.
  public let region: String
  /// The region of the tariff that is probably meant.
  public let nearest: String?

  /// The error in one line.
  public var description: String {
    "the tariff of data transfer has no region '\(excerpt(region))'\(suggestion(nearest))"
  }
}
