/// What the server says of itself and its commands.
extension ReplyWriter {
  /// The version of Redis whose commands and errors these are like; clients look at it to know what they may send.
  public static let likeRedis = "7.0.15"

  mutating func hello(connection: Int64) {
    array(14)
    bulk("server")
    bulk("redis")
    bulk("version")
    bulk(ReplyWriter.likeRedis)
    bulk("proto")
    integer(2)
    bulk("id")
    integer(connection)
    bulk("mode")
    bulk("standalone")
    bulk("role")
    bulk("master")
    bulk("modules")
    array(0)
  }

  mutating func commands(_ names: [CommandName?]) {
    array(names.count)
    for name in names {
      guard let specification = name?.specification else {
        nullArray()
        continue
      }
      array(10)
      bulk(specification.name.description)
      integer(Int64(specification.arity))
      let flags = specification.flags.description.split(separator: " ")
      array(flags.count)
      for flag in flags {
        byte(UInt8(ascii: "+"))
        text(flag.utf8)
        endLine()
      }
      integer(Int64(specification.keys.first))
      integer(Int64(specification.keys.last))
      integer(Int64(specification.keys.step))
      // Access categories, tips, key specifications and subcommands, of which nothing is said.
      for _ in 0..<4 { array(0) }
    }
  }

  mutating func names(of names: [CommandName]) {
    array(names.count)
    for name in names { bulk(name.specification.name.description) }
  }

  mutating func documentation(of names: [CommandName]) {
    array(2 * names.count)
    for name in names {
      let specification = name.specification
      bulk(specification.name.description)
      array(4)
      bulk("summary")
      bulk(specification.summary.description)
      bulk("group")
      bulk(specification.group.description)
    }
  }

  mutating func configuration(_ settings: [(name: String, value: String)], matching patterns: [[UInt8]]) {
    let found = settings.filter { setting in patterns.contains { Glob.matches($0, Array(setting.name.utf8)) } }
    array(2 * found.count)
    for setting in found {
      bulk(setting.name)
      bulk(setting.value)
    }
  }
}
