/// What a run's bytes may depend on beside spec, seed and version: the machine and the compiler.
public struct HostFacts: Hashable, Sendable {
  /// The operating system, such as `Linux`.
  public var system: String
  /// The processor's architecture, such as `x86_64`.
  public var architecture: String
  /// The compiler, such as `6.3`.
  public var swift: String

  /// Makes facts.
  public init(system: String, architecture: String, swift: String) {
    self.system = system
    self.architecture = architecture
    self.swift = swift
  }

  /// The facts of this machine and this build.
  public static var current: HostFacts {
    let facts = POSIX.system()
    return HostFacts(system: facts.name, architecture: facts.machine, swift: compiler)
  }

  private static var compiler: String {
    #if compiler(>=6.5)
      "6.5 or later"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6.1"
    #endif
  }
}
