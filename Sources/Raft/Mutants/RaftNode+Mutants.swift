/// Where the core asks whether it plays a known-bad variant.
extension RaftNode {
  #if Mutants
    /// Plays a known-bad variant from now on; for checking the checkers only.
    package mutating func play(_ mutant: Mutant) {
      self.mutant = mutant
      quorum = quorumInForce
    }

    /// A leader's own batch that came back: the variant takes it for a follower's and cuts its log behind it.
    mutating func takeForFollowersShare(_ envelope: Envelope) {
      guard mutant == .relaySendsToLeader, role == .leader, case .appendEntries(let message) = envelope.message,
        message.term == term, message.lastIndex >= commitIndex, message.lastIndex < log.lastIndex
      else { return }
      log.truncate(from: message.lastIndex.next)
    }
  #endif

  /// Whether the node plays this variant: never, and at no cost, without the trait.
  @inlinable
  @inline(__always)
  package func plays(_ variant: Mutant) -> Bool {
    #if Mutants
      mutantTag == variant.tag
    #else
      false
    #endif
  }

  /// The quorums of the configuration in force.
  var quorumInForce: Quorum {
    #if Mutants
      if mutant == .outgoingHalfIgnored { return Quorum(Configuration(voters: configuration.voters)) }
      if mutant == .commitsOnHalf {
        var quorum = Quorum(configuration)
        quorum.takesHalfForMajority = true
        return quorum
      }
    #endif
    return Quorum(configuration)
  }

  /// Whether a promise leaves before what it rests on is durable.
  @inline(__always)
  func breaksPromise(_ message: Message) -> Bool {
    #if Mutants
      switch message {
      case .voteResponse: mutant == .voteBeforeDurable
      case .appendAccepted: mutant == .acknowledgedBeforeDurable
      default: false
      }
    #else
      false
    #endif
  }

  /// The configuration after a change.
  func next(after change: ConfigurationChange) throws(ConfigurationRefusal) -> Configuration {
    #if Mutants
      if mutant == .twoChangesAtOnce, !change.leavesJoint, !configuration.isJoint {
        var next = try configuration.applying(change)
        if next.isJoint { next = Configuration(voters: next.voters, learners: next.learners + next.learnersNext) }
        return next
      }
    #endif
    return try configuration.applying(change)
  }
}
