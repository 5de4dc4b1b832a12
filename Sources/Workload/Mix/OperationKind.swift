/// The kinds of operation that a mix is made of.
///
/// The store has no compound operations, so a client performs some kinds in steps, each of which is an operation of
/// its own with a record of its own, under the kind's name and counted from the end of the step before:
/// `read-modify-write` is a get and then a put, as in YCSB; `compare-and-swap` is a get and then a swap from what the
/// get found; `scan` is a run of gets of consecutive keys, one after the other. A step that fails ends the operation.
public enum OperationKind: String, Hashable, Sendable, CaseIterable {
  /// A get.
  case read
  /// A put of a key that is expected to exist.
  case update
  /// A put of a key that no client has used before.
  case insert
  /// A get, then a put.
  case readModifyWrite = "read-modify-write"
  /// Gets of consecutive keys.
  case scan
  /// Removes a key.
  case delete
  /// A get, then a swap from the value found.
  case compareAndSwap = "compare-and-swap"
  /// Adds 1 to a counter; counters have keys of their own.
  case increment
  /// Appends a short mark that names the client and its sequence number.
  case append
}
