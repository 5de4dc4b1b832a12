import Emulation
import Raft

/// A model of spot prices: a mean-reverting walk of the logarithm, with rare spikes if wanted.
///
/// The log-price is an Ornstein-Uhlenbeck process sampled every `step`, started in its stationary distribution:
///
///     x(0) = N(0, 1),  x(k+1) = x(k) r + N(0, 1) √(1 - r²),  r = exp(-step / reversion)
///     price(k) = median · exp(deviation · x(k)), cut to lowest ... highest, rounded to 0.0001 USD per hour
///
/// AWS has moved prices in this gradual way since late 2017. Spikes stand for the markets before: a two-state Markov
/// chain that enters a spike with probability `step / interval` and leaves it with `step / length`; during a spike the
/// price is `spikes.price`. The model is ours; no parameter of it is fitted.
public struct GeneratedPrices: Hashable, Sendable {
  /// Rare times at a high price.
  public struct Spikes: Hashable, Sendable {
    /// The price during a spike.
    public var price: HourlyRate
    /// The mean time from the end of a spike to the next one.
    public var interval: TimeSpan
    /// The mean length of a spike.
    public var length: TimeSpan

    /// Makes spikes.
    public init(price: HourlyRate, interval: TimeSpan, length: TimeSpan) {
      self.price = price
      self.interval = interval
      self.length = length
    }
  }

  /// The median price.
  public var median: HourlyRate
  /// The standard deviation of the price's natural logarithm.
  public var deviation: Double
  /// The time in which a deviation decays to 1/e.
  public var reversion: TimeSpan
  /// How often the price may change.
  public var step: TimeSpan
  /// The lowest price.
  public var lowest: HourlyRate
  /// The highest price outside spikes.
  public var highest: HourlyRate
  /// Spikes, if there are any.
  public var spikes: Spikes?

  /// Makes a model; the defaults give prices that drift by some 10 % over days.
  public init(
    median: HourlyRate, deviation: Double = 0.1, reversion: TimeSpan = .seconds(2 * 86_400),
    step: TimeSpan = .seconds(3_600), lowest: HourlyRate = .free, highest: HourlyRate = .highest, spikes: Spikes? = nil
  ) {
    self.median = median
    self.deviation = deviation
    self.reversion = reversion
    self.step = step
    self.lowest = lowest
    self.highest = highest
    self.spikes = spikes
  }

  /// Prices from the start of a run until at least `horizon`; the last one holds after that.
  ///
  /// Throws ``ModelError`` when a parameter or the horizon is out of bounds.
  public func series(until horizon: TimeSpan, random: inout RandomSource) throws(ModelError) -> PriceSeries {
    if let fault = fault(until: horizon) { throw ModelError(model: "generated prices", fault: fault) }
    let memory = exponential(-step.seconds / reversion.seconds)
    let noise = (1 - memory * memory).squareRoot()
    var position = random.nextNormal()
    var inSpike = false
    var steps: [PriceSeries.Step] = []
    var at = TimeSpan.zero
    while at <= horizon {
      if let spikes {
        let mean = inSpike ? spikes.length : spikes.interval
        if random.nextBool(probability: step.seconds / mean.seconds) { inSpike.toggle() }
      }
      let price = inSpike ? spikes?.price : nil
      steps.append(PriceSeries.Step(at: at, value: price ?? self.price(position)))
      position = position * memory + random.nextNormal() * noise
      at = at + step
    }
    // There is a step at zero, and they are in order.
    return PriceSeries(steps)!
  }

  private func price(_ position: Double) -> HourlyRate {
    let tick: Int64 = 100_000
    let nanoUSD = Double(median.nanoUSDPerHour) * exponential(deviation * position)
    let cut = min(max(nanoUSD, Double(lowest.nanoUSDPerHour)), Double(highest.nanoUSDPerHour))
    return HourlyRate(nanoUSDPerHour: Int64((cut / Double(tick)).rounded()) * tick)
  }

  private func fault(until horizon: TimeSpan) -> String? {
    if step <= .zero { return "the step is \(step); it must be longer than 0s" }
    if horizon < .zero || horizon.nanoseconds / step.nanoseconds > 10_000_000 {
      return "the horizon is \(horizon); it must lie in 0s ... 10,000,000 steps"
    }
    if reversion <= .zero { return "the reversion time is \(reversion); it must be longer than 0s" }
    if !(deviation >= 0 && deviation <= 10) { return "the deviation is \(deviation); it must lie in 0 ... 10" }
    if lowest < .free || lowest > highest || highest > .highest {
      return "prices lie in \(lowest) ... \(highest); they must lie in 0 ... \(HourlyRate.highest)"
    }
    if median < .free || median > .highest {
      return "the median is \(median); it must lie in 0 ... \(HourlyRate.highest)"
    }
    guard let spikes else { return nil }
    if spikes.interval < step || spikes.length < step {
      return "spikes come every \(spikes.interval) for \(spikes.length); both must be at least the step, \(step)"
    }
    let isPrice = spikes.price >= .free && spikes.price <= .highest
    return isPrice ? nil : "a spike's price is \(spikes.price); it must lie in 0 ... \(HourlyRate.highest)"
  }
}
