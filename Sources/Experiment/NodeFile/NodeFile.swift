import Foundation
import Raft
import Wire

/// Reads and writes the configuration files of nodes.
public enum NodeFile {
  /// Reads the configuration in a file; relative paths in it are meant from the file's directory.
  ///
  /// Throws everything that is wrong with it, each in one line.
  public static func load(path: String) throws(SpecRefusal) -> NodeConfiguration {
    let file = try SpecFile(path: path)
    var configuration = try parse(file)
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    func resolve(_ name: String) -> String { URL(fileURLWithPath: name, relativeTo: folder).path }
    configuration.data = configuration.data.map(resolve)
    if let tls = configuration.tls {
      configuration.tls?.certificate = resolve(tls.certificate)
      configuration.tls?.key = resolve(tls.key)
      configuration.tls?.authority = resolve(tls.authority)
    }
    return configuration
  }

  /// Reads the configuration in `text`, which problems call `source`.
  public static func parse(_ text: String, source: String = "node.yaml") throws(SpecRefusal) -> NodeConfiguration {
    try parse(SpecFile(text: text, source: source))
  }

  /// The file that is read back as `configuration`.
  public static func yaml(_ configuration: NodeConfiguration) -> String {
    YAMLText.document(NodeKeys.section.write(configuration))
  }

  private static func parse(_ file: SpecFile) throws(SpecRefusal) -> NodeConfiguration {
    let reading = file.reading()
    var configuration = NodeConfiguration()
    if let root = SpecLoader.tree(file.bytes, overrides: [], seed: nil, reading) {
      if NodeKeys.section.read(root, "", into: &configuration, reading) { check(configuration, reading) }
    }
    guard !reading.hasErrors else { throw SpecRefusal(problems: reading.sortedProblems) }
    return configuration
  }

  // MARK: What must fit together

  private static func check(_ configuration: NodeConfiguration, _ reading: Reading) {
    if configuration.role.isMember, configuration.data == nil {
      reading.refuse("data", at: reading.place(of: "role"), "found none, expected a directory: a member has a log")
    }
    if let life = configuration.life, life >= 1 << 24 {
      reading.refuse("life", "found \(life), expected less than \(1 << 24)")
    }
    if let status = configuration.status, !status.isLoopback {
      reading.refuse("status", "found \(status), expected a loopback address")
    }
    if configuration.tls == nil {
      for (key, address) in [("listen", configuration.listen), ("clients", configuration.clients)] {
        guard let address, !address.isLoopback else { continue }
        reading.refuse(
          key,
          "found \(address) without `tls`, expected a loopback address or certificates for everybody")
      }
    }
    checkMessages(configuration, reading)
    checkSite("site", configuration.site, in: configuration, reading)
    checkNodes(configuration, reading)
    let timeout = configuration.group.raft.electionTimeout
    if configuration.group.raft.heartbeatInterval >= timeout.lowerBound {
      reading.refuse(
        "group.heartbeat",
        "found \(configuration.group.raft.heartbeatInterval), expected less than the election timeout, \(timeout.lowerBound)"
      )
    }
  }

  /// Messages that others would refuse are not to be made.
  private static func checkMessages(_ configuration: NodeConfiguration, _ reading: Reading) {
    let raft = configuration.group.raft
    let limits = FrameLimits()
    for (key, found, limit) in [
      ("group.max_batch", raft.maximumEntriesPerMessage, limits.entries),
      ("group.max_batch_bytes", raft.maximumBytesPerMessage, limits.bodyBytes / 2),
      ("group.snapshot_chunk", raft.snapshotChunkBytes, limits.snapshotChunkBytes),
    ] where found > limit {
      reading.refuse(key, "found \(found), expected at most \(limit) between real nodes")
    }
  }

  private static func checkNodes(_ configuration: NodeConfiguration, _ reading: Reading) {
    for (position, known) in configuration.nodes.enumerated() {
      let key = "nodes[\(position)]"
      checkSite("\(key).site", known.site, in: configuration, reading)
      if configuration.nodes[..<position].contains(where: { $0.node == known.node }) {
        reading.refuse("\(key).node", "found \(known.node.rawValue) twice")
      }
      if known.node == configuration.node, known.role != configuration.role {
        reading.refuse(
          "role",
          "found \(configuration.role), but \(key) says that node \(known.node.rawValue) is a \(known.role)")
      }
      if configuration.tls == nil, !known.address.isLoopback {
        reading.refuse(
          "\(key).address",
          "found \(known.address) without `tls`, expected a loopback address or certificates for everybody")
      }
    }
    if !configuration.nodes.contains(where: { $0.role == .voter }) {
      reading.refuse("nodes", "found no voter, expected at least one")
    }
  }

  private static func checkSite(
    _ key: String, _ site: String, in configuration: NodeConfiguration, _ reading: Reading
  ) {
    guard !configuration.sites.contains(site) else { return }
    let near = Words.suggestion(for: site, among: configuration.sites)
    reading.refuse(
      key,
      "found \(site), expected one of \(configuration.sites.joined(separator: ", "))\(near)")
  }
}
