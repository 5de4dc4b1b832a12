import Emulation
import Raft

/// Collects what a run uses and makes its bill.
public struct Ledger: Sendable {
  /// The sites' regions; a site's number is its place in this list.
  public let regions: [String]
  private let rule: BillingRule
  /// By source and destination; after each source's sites comes the internet.
  private let rates: [TransferRate]
  private var instances: [InstanceCharge] = []
  private var bytes: [UInt64]

  /// Opens an empty ledger for the sites of a run.
  ///
  /// Throws ``TariffError`` when the tariff has no price for a region.
  public init(regions: [String], tariff: TransferTariff, rule: BillingRule) throws(TariffError) {
    self.regions = regions
    self.rule = rule
    var rates: [TransferRate] = []
    for source in regions {
      for destination in regions { rates.append(try tariff.rate(from: source, to: .region(destination))) }
      rates.append(try tariff.rate(from: source, to: .internet))
    }
    self.rates = rates
    bytes = [UInt64](repeating: 0, count: rates.count)
  }

  /// Enters the life of an instance at its market's prices.
  public mutating func add(_ life: InstanceLife, prices: PriceSeries) {
    instances.append(InstanceCharge(life, prices: prices, rule: rule))
  }

  /// Enters bytes sent from one site to another, or within one.
  public mutating func add(bytes count: UInt64, from source: SiteID, to destination: SiteID) {
    bytes[source.slot * (regions.count + 1) + destination.slot] += count
  }

  /// Enters bytes sent from a site to the internet.
  public mutating func add(bytesToInternet count: UInt64, from source: SiteID) {
    bytes[source.slot * (regions.count + 1) + regions.count] += count
  }

  /// The bill so far: instances in the order of their numbers, then transfer by source and destination.
  public var bill: Bill {
    let width = regions.count + 1
    let transfers = bytes.indices.filter { bytes[$0] > 0 }.map { index in
      TransferCharge(
        source: SiteID(UInt16(index / width)),
        destination: index % width == regions.count ? .internet : .site(SiteID(UInt16(index % width))),
        bytes: bytes[index], rate: rates[index])
    }
    let lives = instances.enumerated().sorted {
      ($0.element.life.instance, $0.offset) < ($1.element.life.instance, $1.offset)
    }
    return Bill(instances: lives.map(\.element), transfers: transfers)
  }
}
