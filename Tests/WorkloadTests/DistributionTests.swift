import Raft
import Testing

@testable import Workload

@Suite("Key distributions")
struct DistributionTests {
  @Test("Zeta by its series equals the sum, term by term", arguments: [0.2, 0.5, 0.99])
  func zeta(theta: Double) {
    for count in [1, 2, 999, 1_000, 1_001, 20_000] {
      var sampler = ZipfSampler(count: 1, theta: theta)
      sampler.grow(to: count)
      let sum = 1 / sampler.probability(of: 0)
      #expect(abs(ZipfSampler.zeta(count, theta) / sum - 1) < 1e-12, "\(count)")
    }
  }

  @Test("Zipfian ranks come as often as the law says", arguments: [0.5, 0.99])
  func zipfianFrequencies(theta: Double) {
    let sampler = ZipfSampler(count: 1_000, theta: theta)
    var random = RandomSource(seed: 7)
    let draws = 60_000
    var counts = [Int](repeating: 0, count: 1_000)
    for _ in 0..<draws { counts[sampler.draw(&random)] += 1 }
    // Ranks 0 and 1 are exact: within four standard deviations.
    for rank in 0...1 {
      let expected = sampler.probability(of: rank) * Double(draws)
      #expect(abs(Double(counts[rank]) - expected) < 4 * expected.squareRoot(), "rank \(rank)")
    }
    // The others are those of the method, whose shares follow from inverting its formula; these were computed apart.
    let shares = theta == 0.5 ? [0.056268, 0.220098, 0.696011] : [0.203820, 0.297364, 0.304290]
    for (range, share) in zip([2..<10, 10..<100, 100..<1_000], shares) {
      let expected = share * Double(draws)
      let law = range.reduce(0) { $0 + sampler.probability(of: $1) }
      let found = Double(range.reduce(0) { $0 + counts[$1] })
      #expect(abs(found - expected) < 4 * expected.squareRoot(), "ranks \(range)")
      #expect(abs(share / law - 1) < 0.09, "the method itself is near the law")
    }
  }

  @Test("A handful of keys works too", arguments: [1, 2, 3])
  func fewKeys(count: Int) {
    let sampler = ZipfSampler(count: count, theta: 0.99)
    var random = RandomSource(seed: 1)
    let ranks = Set((0..<500).map { _ in sampler.draw(&random) })
    #expect(ranks == Set(0..<count))
  }

  @Test("Scattering is a bijection", arguments: [1, 2, 3, 10, 89, 1_000, 4_096])
  func scatter(count: Int) {
    let scatter = Scatter(count: count)
    #expect(Set((0..<count).map { scatter.position(of: $0) }) == Set(0..<count))
  }

  @Test("Uniform keys pass a chi-square test")
  func uniform() {
    var chooser = KeyChooser(.uniform, initial: 50)
    let space = KeySpace(place: SitePlace(index: 0, of: 1), firstInserted: 50)
    var random = RandomSource(seed: 3)
    var counts = [Int](repeating: 0, count: 50)
    for _ in 0..<25_000 { counts[chooser.position(in: space, &random)] += 1 }
    let statistic = counts.reduce(0) { $0 + (Double($1) - 500) * (Double($1) - 500) / 500 }
    // 49 degrees of freedom: 85.4 is passed once in a thousand.
    #expect(statistic < 85.4)
  }

  @Test("Latest prefers what was inserted last, and grows with the inserts")
  func latest() {
    var chooser = KeyChooser(.latest(theta: 0.99), initial: 100)
    var space = KeySpace(place: SitePlace(index: 1, of: 3), firstInserted: 100)
    var random = RandomSource(seed: 5)
    for _ in 0..<20 { _ = space.insert() }
    var newest = 0
    for _ in 0..<4_000 where chooser.position(in: space, &random) == 119 { newest += 1 }
    let expected = ZipfSampler(count: 120, theta: 0.99).probability(of: 0) * 4_000
    #expect(abs(Double(newest) - expected) < 4 * expected.squareRoot())
    #expect(space.number(at: 119, initial: 100) == 100 + 19 * 3 + 1)
  }

  @Test("No two sites insert the same key")
  func insertsAreDisjoint() {
    var numbers: [Int] = []
    for site in 0..<4 {
      var space = KeySpace(place: SitePlace(index: site, of: 4), firstInserted: 10)
      for _ in 0..<25 { numbers.append(space.insert()) }
    }
    #expect(Set(numbers) == Set(10..<110))
  }
}
