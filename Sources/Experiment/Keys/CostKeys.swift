import Cloud
import Raft

/// The keys of `budget` and `costs`.
enum CostKeys {
  static let budget = Codec<BudgetPlan>.section(
    {
      Section(fields: [
        Field(
          "per_epoch", Codec<Money>.usd.optional("none"), \.perEpoch,
          "The most that the instances of one epoch may cost, in US dollars."),
        Field(
          "total", Codec<Money>.usd.optional("none"), \.total,
          "The most that all instances of the run may cost, in US dollars."),
      ])
    }, initial: { BudgetPlan() })

  static let costs = Codec<CostPlan>.section(
    {
      Section(fields: [
        Field(
          "billing", .words(), \.billing,
          "`per-second`: at least 60, a first hour that the provider interrupts is free; `per-hour`: started hours, an "
            + "interrupted one is free."),
        Field(
          "on_demand", Codec<HourlyRate>.usdPerHour.optional("catalog"), \.onDemand,
          "What a voter's machine costs each hour, in US dollars; `catalog`: the price of `resources` in its region."),
        Field(
          "transfer", .flag, \.transfer,
          "Whether data between sites is billed, at the prices of AWS in 2022 by region of the sender."),
      ])
    }, initial: { CostPlan() })
}
