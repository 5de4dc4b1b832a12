/// The commands that exist.
public enum CommandName: UInt8, Hashable, Sendable, CaseIterable {
  case append, auth, cas, client, command, config, consistency, dbsize, decr, decrby, del, echo, exists, get, getset
  case hello, incr, incrby, info, mget, mset, ping, quit, readonly, readwrite, reset, select, set, setnx, strlen
}
