import KeyValue
import Raft
import Server
import Testing

@testable import Wire

/// What a decoder lets pass may be nonsense; no server may crash over it, nor say what cannot be put into a frame.
@Suite("Servers that hear decoded nonsense") struct HostilePeerTests {
  /// Draws envelopes to a node: as a peer might send them, and with damage that the decoder lets pass.
  private struct Peer {
    var frames: RandomFrames

    init(seed: UInt64) { frames = RandomFrames(seed: seed, isPlausible: true) }

    mutating func envelope(to node: NodeID) -> Envelope? {
      let kinds = FrameKind.allCases.filter(\.isMessage)
      let kind = kinds[frames.below(kinds.count)]
      guard case .message(var sent) = frames.frame(kind) else { return nil }
      if kind == .enlistmentAnswer, frames.below(4) > 0 {
        sent.message = .enlistmentAnswer(EnlistmentAnswer(term: frames.term(), leader: sent.from))
      }
      var bytes = FrameEncoder.bytes(of: .message(sent), group: .first)
      for _ in 0..<frames.below(3) {
        bytes[FrameHeader.size + frames.below(bytes.count - FrameHeader.size)] ^= 1 << UInt8(frames.below(8))
      }
      guard case .message(let received)? = try? decode(bytes) else { return nil }
      let via = received.via == nil ? nil : frames.isTrue() ? received.via : node
      return Envelope(
        from: received.from, to: frames.below(9) > 0 ? node : received.to, message: received.message, via: via)
    }

    /// Everything that a server says can be sent.
    func encode(_ effects: ServerEffects) throws {
      for message in effects.messages {
        #expect(try decode(FrameEncoder.bytes(of: .message(message), group: .first)) == .message(message))
      }
      for reply in effects.replies {
        #expect(
          try decode(FrameEncoder.bytes(of: .clientReply(reply.reply), group: .first)) == .clientReply(reply.reply))
      }
    }
  }

  private static let seeds = 0..<150 as Range<UInt64>

  @Test("A member of a group")
  func server() throws {
    var handled = 0
    var led = 0
    for seed in HostilePeerTests.seeds {
      var peer = Peer(seed: seed)
      var now = Instant.zero
      let members = (0..<UInt32(1 + seed % 4)).map { NodeID($0) }
      var raft = Settings()
      raft.acknowledgements = seed % 2 == 0 ? .carried : .direct
      var server = try Server(
        id: NodeID(0), state: DurableState(bootstrap: Configuration(voters: seed % 7 == 6 ? [] : members)),
        snapshot: nil, raft: raft, settings: ServerSettings(), random: RandomSource(seed: seed), incarnation: 1,
        now: now)
      for _ in 0..<120 where server.node.fault == nil {
        if peer.frames.below(8) == 0 {
          now = max(now, min(server.nextDeadline, now + .seconds(3)))
          server.advance(to: now)
        }
        if let envelope = peer.envelope(to: NodeID(0)) { server.receive(envelope, at: now) }
        if peer.frames.below(6) == 0 {
          server.receive(peer.frames.clientRequest(), from: ClientAddress(1), at: now)
          server.receive(peer.frames.shardRequest(), from: ClientAddress(1), at: now)
        }
        if server.node.role == .leader { led += 1 }
        handled += 1
        server.endTurn(at: now)
        while !server.effects.isEmpty {
          var effects = ServerEffects()
          swap(&effects, &server.effects)
          try peer.encode(effects)
          if let last = effects.writes.last { server.writesCompleted(through: last.sequence, at: now) }
          for save in effects.snapshots { server.snapshotSaved(save, at: now) }
          server.endTurn(at: now)
        }
      }
    }
    #expect(handled > 3_000)
    #expect(led > 100)
  }

  @Test("A secretary")
  func secretary() throws {
    var sent = 0
    for seed in HostilePeerTests.seeds {
      var peer = Peer(seed: 1_000 + seed)
      var now = Instant.zero
      var server = SecretaryServer(
        id: NodeID(9), incarnation: Incarnation(3), settings: SecretarySettings(locality: Locality(0)),
        contacts: [NodeID(0), NodeID(1)], now: now)
      for _ in 0..<120 {
        if peer.frames.below(8) == 0 {
          now = max(now, server.nextDeadline)
          server.advance(to: now)
        }
        if let envelope = peer.envelope(to: NodeID(9)) { server.receive(envelope, at: now) }
        server.receive(peer.frames.clientRequest(), from: ClientAddress(1))
        server.endTurn(at: now)
        try peer.encode(server.effects)
        sent += server.effects.messages.count
        server.effects.removeAll()
      }
    }
    #expect(sent > 1_000)
  }

  @Test("An observer")
  func observer() throws {
    var applied = 0
    for seed in HostilePeerTests.seeds {
      var peer = Peer(seed: 2_000 + seed)
      var now = Instant.zero
      var settings = ObserverSettings()
      settings.readIndex = seed % 2 == 0 ? .leader : .quorum
      var answers = ServerSettings()
      answers.reportsObserved = true
      var server = ObserverServer(
        id: NodeID(9), incarnation: Incarnation(3), observer: settings, settings: answers,
        sources: [NodeID(0), NodeID(1)], now: now)
      var stream: FeedStream?
      for _ in 0..<120 {
        if peer.frames.below(8) == 0 {
          now = max(now, server.nextDeadline)
          server.advance(to: now)
        }
        if var envelope = peer.envelope(to: NodeID(9)) {
          // Its own stream's name, as a source would have it from the request.
          if let stream, case .feedEntries(var entries) = envelope.message {
            entries.stream = stream
            envelope.message = .feedEntries(entries)
          } else if let stream, case .feedSnapshot(var chunk) = envelope.message {
            chunk.stream = stream
            envelope.message = .feedSnapshot(chunk)
          }
          server.receive(envelope, at: now)
        }
        server.receive(peer.frames.clientRequest(), from: ClientAddress(1), at: now)
        server.endTurn(at: now)
        try peer.encode(server.effects)
        applied += server.effects.observed.count
        for message in server.effects.messages {
          if case .feedRequest(let request) = message.message { stream = request.stream }
        }
        server.effects.removeAll()
      }
    }
    #expect(applied > 0)
  }
}
