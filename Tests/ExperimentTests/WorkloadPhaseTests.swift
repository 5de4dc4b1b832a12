import Raft
import Server
import Testing
import Workload

@testable import Experiment

/// How a phase's rate comes to the clients of its sites.
struct WorkloadPhaseTests {
  private func phase(_ sites: [String], _ arrival: Arrival) -> WorkloadPhase {
    WorkloadPhase(
      sites: sites,
      load: LoadPhase(
        start: .zero, mix: .readOnly, arrival: arrival, keys: .uniform, keyCount: 1, value: .constant(1),
        consistency: .local))
  }

  @Test func sharesAmongAllBusySitesComeToThePhasesRate() {
    // Clients divide by the number of sites that have any: here three, of which two take part.
    let two = phase(["a", "b"], .poisson(rate: 300))
    for site in ["a", "b"] { #expect(two.arrival(at: site, outOf: 3) == .poisson(rate: 450)) }
    #expect(two.arrival(at: "c", outOf: 3) == .constant(rate: 0))
    #expect(phase(["a", "b", "c"], .poisson(rate: 300)).arrival(at: "a", outOf: 3) == .poisson(rate: 300))
    let closed = Arrival.closed(clients: 4, think: .zero)
    #expect(phase(["a"], closed).arrival(at: "a", outOf: 3) == closed)
  }
}
