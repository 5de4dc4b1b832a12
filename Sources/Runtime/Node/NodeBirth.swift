import Experiment
import Glibc
import Raft
import Server
import Storage
import Wire

/// What a node starts from: its configuration, and for members what the disk holds.
final class NodeBirth: @unchecked Sendable {
  let configuration: NodeConfiguration
  let introduction: NodeIntroduction
  let random: RandomSource
  /// Which life of the node it is: differs between starts, in the 24 bits that names are made from.
  let life: UInt64
  /// Where a driven node reports; nil for others.
  let reports: ReportWriter?
  private var log: WriteAheadLog<DiskFiles>?
  private var recovered: RecoveredStorage?

  /// Reads what there is; for members, opens the log.
  init(_ configuration: NodeConfiguration, creates: Bool, reports: ReportWriter? = nil) throws(NodeRefusal) {
    self.configuration = configuration
    self.reports = reports
    if configuration.role.isMember {
      guard let data = configuration.data else {
        throw .configuration("data: found none, expected a directory: a member has a log")
      }
      let opened = try NodeBirth.open(configuration, in: data, creates: creates)
      (log, recovered) = (opened.log, opened.recovered)
      life = try StartCounter(directory: data).next()
    } else {
      life = configuration.life ?? NodeBirth.clockLife()
    }
    let storage = log?.identity.incarnation
    var system = SystemRandomNumberGenerator()
    random = RandomSource(seed: system.next())
    introduction = NodeIntroduction(
      node: configuration.node, incarnation: storage ?? life,
      role: configuration.role, locality: configuration.locality(of: configuration.site), site: configuration.site)
  }

  private static func open(
    _ configuration: NodeConfiguration, in data: String, creates: Bool
  ) throws(NodeRefusal) -> (log: WriteAheadLog<DiskFiles>, recovered: RecoveredStorage) {
    if creates, mkdir(data, 0o755) != 0, errno != EEXIST {
      throw .configuration("data: cannot make \(data): \(String(cString: strerror(errno)).lowercased())")
    }
    do {
      let files = creates ? try DiskFiles(directory: data + "/log") : try DiskFiles(existing: data + "/log")
      let found = try WriteAheadLog.identity(in: files)
      // Set up anew after a loss it would be other storage, which the others tell by its number.
      var system = SystemRandomNumberGenerator()
      let identity = StorageIdentity(
        cluster: configuration.cluster, node: configuration.node,
        incarnation: found?.incarnation ?? UInt64.random(in: 1 ... .max, using: &system))
      if creates, found == nil {
        try WriteAheadLog.setUp(
          files, identity: identity, bootstrap: configuration.bootstrap, settings: StorageSettings())
      }
      return try WriteAheadLog.open(files, identity: identity, settings: StorageSettings())
    } catch {
      throw .storage(error)
    }
  }

  /// Gives the log back, for a start that failed later.
  func abandon() { log = nil }

  /// Starts the thread that writes the log; nil for the fleet.
  func openDisk(report: @escaping @Sendable (StorageReport) -> Void) -> StorageWriter? {
    guard let log = log.take() else { return nil }
    return StorageWriter(log, report: report)
  }

  /// Starts what runs.
  func process() throws(NodeRefusal) -> ServerProcess {
    let now = MonotonicClock.now
    switch configuration.role {
    case .voter, .learner:
      let recovered = recovered.take()!
      do {
        return .member(
          try Server(
            id: configuration.node, state: recovered.state, snapshot: recovered.snapshot,
            raft: configuration.group.settings, settings: serverSettings, random: random,
            incarnation: life, now: now))
      } catch {
        throw .server(error)
      }
    case .secretary:
      var settings = SecretarySettings(locality: introduction.locality)
      let raft = configuration.group.settings
      settings.enlistmentInterval = min(raft.heartbeatInterval, raft.relayTimeout / 3)
      settings.longestHold = raft.electionTimeout.lowerBound / 2
      settings.feedExpiry = raft.feedExpiry
      return .secretary(
        SecretaryServer(
          id: configuration.node, incarnation: Incarnation(life), settings: settings,
          contacts: configuration.members, now: now))
    case .observer:
      var settings = ObserverSettings()
      settings.feed = configuration.feed == .leader ? .leader : .nearest
      return .observer(
        ObserverServer(
          id: configuration.node, incarnation: Incarnation(life), observer: settings,
          settings: configuration.serverSettings, sources: configuration.members, now: now))
    }
  }

  private var serverSettings: ServerSettings {
    var settings = configuration.serverSettings
    settings.reportsApplied = reports?.reportsApplied == true
    return settings
  }

  /// Seconds of the clock, in the 24 bits that a life has. A life that is lower than the one before, since the clock was
  /// set back or half a year went by, is refused only while the earlier one is still connected.
  private static func clockLife() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(time.tv_sec) & 0xFF_FFFF
  }
}

extension NodeConfiguration {
  /// The configuration that a new group begins with, as a new member sees it; empty for one that joins later.
  var bootstrap: Configuration {
    guard nodes.contains(where: { $0.node == node }) else { return Configuration(voters: []) }
    return Configuration(
      voters: nodes.filter { $0.role == .voter }.map(\.node), learners: nodes.filter { $0.role == .learner }.map(\.node)
    )
  }

  /// The members that are known from the start.
  var members: [NodeID] { nodes.filter { $0.role.isMember && $0.node != node }.map(\.node) }

  /// How servers answer clients.
  var serverSettings: ServerSettings {
    var settings = ServerSettings()
    settings.snapshotEvery = group.snapshotEvery ?? 0
    settings.keepEntries = group.keepEntries
    settings.boundedAge = group.boundedAge
    settings.servesFollowerReads = followerReads
    return settings
  }
}
