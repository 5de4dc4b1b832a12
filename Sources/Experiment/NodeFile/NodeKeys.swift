import Raft
import Wire

/// The keys of a node's configuration file.
enum NodeKeys {
  static var section: Section<NodeConfiguration> {
    Section(fields: [
      Field(
        "cluster", cluster, \.cluster, isRequired: true,
        "The cluster's name, the same for all nodes: 32 hexadecimal digits. Nodes of other clusters are refused."),
      Field("node", node, \.node, isRequired: true, "The node's number, unique in the cluster and never used again."),
      Field("role", role, \.role, isRequired: true, "The part that the node plays."),
      Field(
        "sites", Codec<String>.siteName.list("a list of sites", of: "sites"), \.sites,
        "The names of all sites; a site's place in the list is its number."),
      Field("site", .siteName, \.site, "The site where the node stands."),
      Field("listen", address, \.listen, isRequired: true, "Where the node listens for other nodes."),
      Field("clients", address.optional("none"), \.clients, "Where the node listens for clients that speak RESP2."),
      Field("status", address.optional("none"), \.status, "Where the node serves metrics and its status; on loopback."),
      Field(
        "data", Codec<String>.word.optional("none"), \.data,
        "The directory of the node's log and snapshots, relative to this file; members need one. A member that lost it "
          + "does not come back under its number: it is removed, and another one is added."),
      Field(
        "life", Codec<UInt64>.seed.optional("clock"), \.life,
        "The life of a node without a directory: higher than those before it, below 2^24; `clock` counts seconds."),
      Field(
        "nodes", known.list("a list of nodes", of: "nodes"), \.nodes, isRequired: true,
        "The members that the group begins with, and what other nodes are known from the start."),
      Field("writes", .words(), \.writes, "What a server does with a client's write when it does not lead."),
      Field("feed", .words(), \.feed, "Where an observer takes its feed from."),
      Field(
        "follower_reads", .flag, \.followerReads,
        "Whether followers answer linearizable reads by a read index of the leader."),
      Field("group", behaviour, \.group, fallback: "see the keys below", "How members behave."),
      Field("tls", tls.optional("none"), \.tls, "Mutual TLS, without which only loopback addresses are accepted."),
      Field(
        "links", LinkKeys.codec.optional("none"), \.links,
        "For a testbed on one machine: what is sent to other sites is delayed as by these links."),
      Field(
        "interruption", interruption.optional("none"), \.interruption,
        "Where the node asks whether its machine is to be interrupted."),
    ])
  }

  /// The keys of a spec's `group` but for those that say who is in it.
  private static let behaviour = Codec<GroupPlan>.section(
    {
      Section(fields: GroupKeys.section.fields.filter { !["voters", "count", "learners"].contains($0.name) })
    }, initial: { GroupPlan() })

  private static let known = Codec<KnownNode>.section(
    {
      Section(fields: [
        Field("node", node, \.node, isRequired: true, "Its number."),
        Field("role", role, \.role, "The part that it plays."),
        Field("site", .siteName, \.site, "The site where it stands."),
        Field("address", address, \.address, isRequired: true, "Where it listens for other nodes."),
        Field("clients", address.optional("none"), \.clients, "Where it listens for clients."),
      ])
    }, initial: { KnownNode() })

  private static let tls = Codec<TLSFiles>.section(
    {
      Section(fields: [
        Field("certificate", .word, \.certificate, isRequired: true, "The node's certificate, PEM."),
        Field("key", .word, \.key, isRequired: true, "The node's private key, PEM."),
        Field("authority", .word, \.authority, isRequired: true, "The authority that signed everybody's, PEM."),
      ])
    }, initial: { TLSFiles() })

  private static let interruption = Codec<InterruptionSource>.section(
    {
      Section(fields: [
        Field("metadata", service, \.metadata, "The metadata service, such as http://169.254.169.254 on EC2."),
        Field("interval", .positiveDuration, \.interval, "The time between two questions."),
      ])
    }, initial: { InterruptionSource() })

  private static let role = Codec<NodeRole>.choice(
    [("voter", .voter), ("learner", .learner), ("secretary", .secretary), ("observer", .observer)])

  private static let node = Codec<NodeID>.scalar(
    "node number", expected: nodeExpected,
    parse: { text throws(QuantityError) in
      guard let value = WholeNumber.parse(text), (0...65_535).contains(value) else {
        throw .malformed(expected: nodeExpected)
      }
      return NodeID(UInt32(value))
    },
    format: { "\($0.rawValue)" })

  private static let nodeExpected = "a whole number from 0 to \(NodeID.largest.rawValue)"

  private static let address = Codec<NetworkAddress>.scalar(
    "address", expected: "host:port, such as 127.0.0.1:7001",
    parse: { text throws(QuantityError) in
      guard let address = NetworkAddress(text) else {
        throw .malformed(expected: "host:port, such as 127.0.0.1:7001")
      }
      return address
    },
    format: { $0.description })

  private static let service = Codec<NetworkAddress>.scalar(
    "address", expected: serviceExpected,
    parse: { text throws(QuantityError) in
      let scheme = "http://"
      guard text.hasPrefix(scheme) else { throw .malformed(expected: serviceExpected) }
      let rest = text.dropFirst(scheme.count)
      let place = String(rest.hasSuffix("/") ? rest.dropLast() : rest)
      guard let address = NetworkAddress(place) ?? NetworkAddress("\(place):80") else {
        throw .malformed(expected: serviceExpected)
      }
      return address
    },
    format: { $0.port == 80 ? "http://\($0.host)" : "http://\($0)" })

  private static let serviceExpected = "an address such as http://169.254.169.254"

  private static let cluster = Codec<ClusterID>.scalar(
    "cluster", expected: "32 hexadecimal digits",
    parse: { text throws(QuantityError) in
      guard let cluster = ClusterID(text) else { throw .malformed(expected: "32 hexadecimal digits") }
      return cluster
    },
    format: { $0.description })
}
