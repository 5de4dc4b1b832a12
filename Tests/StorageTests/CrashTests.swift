import Raft
import Testing

@testable import Storage

/// What went wrong with a storage after a crash; nil when nothing did.
private struct CrashTrial {
  /// Runs a history until the power fails in operation `point`, starts again, and compares; whether the power failed.
  static func run(seed: UInt64, point: Int?, steps: Int, defect: StorageDefect?) -> (violation: String?, failed: Bool) {
    do {
      var base = try Member.setUp(TestFiles()).base
      base.powerFailsAt = point.map { base.operations + $0 }
      var member = try Member.start(TestFiles(base, defect: defect), RandomSource(seed: seed))
      do throws(StorageError) {
        for _ in 0..<steps { try member.step() }
      } catch {
        guard member.log.files.base.isOff else { return ("\(error)", false) }
      }
      let off = member.log.files.base
      for (draw, survival) in [MemoryFiles.Survival.none, .all, .drawn, .drawn, .drawn].enumerated() {
        var random = RandomSource(seed: seed, stream: UInt64((point ?? 0) * 8 + draw))
        let found = off.afterPowerLoss(survival, &random)
        if let violation = check(found, member.possible, defect) {
          return ("power lost in operation \(point ?? -1), \(survival): \(violation)", off.isOff)
        }
      }
      return (nil, off.isOff)
    } catch {
      // The power failed before the member was there, or the start itself was refused.
      if case .file(let failure) = error, failure.reason == .powerLost { return (nil, true) }
      return ("\(error)", false)
    }
  }

  static func check(_ files: MemoryFiles, _ possible: [Model], _ defect: StorageDefect?) -> String? {
    do throws(StorageError) {
      let (_, recovered) = try Member.open(TestFiles(files, defect: defect))
      guard possible.contains(Model(recovered)) else {
        return "found \(recovered.state.hardState), end \(Model(recovered).end), expected one of "
          + possible.map { "\($0.hardState), end \($0.end)" }.joined(separator: " or ")
      }
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// The first violation of crashes at every operation of a history, and how many operations there were.
  static func all(seed: UInt64, steps: Int, defect: StorageDefect? = nil) -> (violation: String?, points: Int) {
    var point = 0
    while true {
      let (violation, failed) = run(seed: seed, point: point, steps: steps, defect: defect)
      if let violation { return (violation, point) }
      if !failed { return (nil, point) }
      point += 1
    }
  }
}

@Suite("Crashes: at every operation, everything reported durable is found, and nothing unknown") struct CrashTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func everyOperationOfAHistoryMayBeTheLast(seed: UInt64) {
    let (violation, points) = CrashTrial.all(seed: seed, steps: 60)
    #expect(violation == nil)
    #expect(points > 150)
  }

  @Test(arguments: [StorageDefect.acknowledgesBeforeSync, .neverSynchronizesDirectory])
  func aDefectIsFound(defect: StorageDefect) {
    #expect(CrashTrial.all(seed: 1, steps: 60, defect: defect).violation != nil)
  }

  @Test func oneLifeAfterAnother() throws {
    var random = RandomSource(seed: 99)
    var files = try Member.setUp(TestFiles())
    var (crashes, discarded, starts, segments) = (0, 0, 0, 0)
    var possible = [Model()]
    while crashes < 700 {
      let life = random.split()
      files.base.powerFailsAt = Int(random.next(below: 60))
      var member: Member
      do throws(StorageError) {
        let (log, recovered) = try Member.open(files)
        #expect(possible.contains(Model(recovered)))
        member = Member(log, Model(recovered), life)
        starts += 1
        if recovered.discarded != nil { discarded += 1 }
      } catch {
        // The power failed during the start. It may have made durable what nobody was told of, and no more.
        guard case .file(let failure) = error, failure.reason == .powerLost else { throw error }
        crashes += 1
        files = TestFiles(files.base.afterPowerLoss(.none, &random))
        continue
      }
      do throws(StorageError) {
        while true { try member.step() }
      } catch {
        guard member.log.files.base.isOff else { throw error }
      }
      crashes += 1
      possible = member.possible
      segments = max(segments, Int(member.log.segments.last?.number ?? 0))
      let survival: MemoryFiles.Survival = random.nextBool(probability: 0.2) ? .all : .drawn
      files = TestFiles(member.log.files.base.afterPowerLoss(survival, &random))
    }
    #expect(starts > 350)
    #expect(discarded > 4)
    #expect(segments > 20)
  }

  @Test func aSetUpMayBeInterruptedAnywhere() throws {
    var point = 0
    while true {
      var files = TestFiles()
      files.base.powerFailsAt = point
      do throws(StorageError) {
        try WriteAheadLog<TestFiles>.setUp(
          in: &files, identity: Member.identity, bootstrap: Model.bootstrap, settings: Member.settings)
        break
      } catch {
        #expect(files.base.isOff)
      }
      for (draw, survival) in [MemoryFiles.Survival.none, .all, .drawn, .drawn, .drawn].enumerated() {
        var random = RandomSource(seed: 5, stream: UInt64(point * 8 + draw))
        var again = TestFiles(files.base.afterPowerLoss(survival, &random))
        if try IdentityFile.read(&again) == nil { again = try Member.setUp(again) }
        let recovered = try Member.open(again).recovered
        #expect(Model(recovered) == Model())
      }
      point += 1
    }
    #expect(point > 10)
  }
}
