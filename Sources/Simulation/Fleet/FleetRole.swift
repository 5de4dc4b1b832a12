import Raft

/// What a machine of the fleet does.
public enum FleetRole: Hashable, Sendable {
  /// Passes batches on to followers near it; `capacity` of them at most.
  case secretary(capacity: UInt16)
  /// Answers reads near it.
  case observer(ObserverSettings)
}

/// Where a machine of the fleet is in its life.
public enum FleetStatus: Hashable, Sendable {
  /// It works.
  case working
  /// It knows that it is to go, and still works.
  case leaving
  /// It stands still.
  case paused
  /// It is gone; another may take its place, under its number and with nothing of its memory.
  case gone
}
