// swift-tools-version: 6.1

import Foundation
import PackageDescription

/// CI sets `ERAFT_STRICT=1`: there a warning is an error.
let strict = ProcessInfo.processInfo.environment["ERAFT_STRICT"] == "1"

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (strict ? [.unsafeFlags(["-warnings-as-errors"])] : [])

/// A room of the design: one library target under `Sources`.
func room(_ name: String, uses dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of one room, under `Tests/<room>Tests`; `excluded` files there are no sources, and tests find them by path.
func tests(of name: String, uses dependencies: [Target.Dependency] = [], excluding excluded: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: [.init(stringLiteral: name)] + dependencies,
    exclude: excluded,
    swiftSettings: settings
  )
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let deques = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heaps = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let nio: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOHTTP1"].map { .product(name: $0, package: "swift-nio") }
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let certificates: [Target.Dependency] = [
  .product(name: "X509", package: "swift-certificates"), .product(name: "SwiftASN1", package: "swift-asn1"),
  .product(name: "Crypto", package: "swift-crypto"),
]
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
  name: "eraft",
  products: [
    .executable(name: "eraft", targets: ["eraft"]),
    .library(name: "Raft", targets: ["Raft"]),
  ],
  traits: [
    .default(enabledTraits: ["Mutants"]),
    .trait(
      name: "Mutants",
      description: "Known-bad variants of the protocol for `eraft fuzz --mutants`; without it no node can play one"
    ),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.3.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    // The rooms, lowest first; a room may use only rooms above it in this list.
    room("Raft"),
    room("KeyValue", uses: ["Raft"]),
    room("Storage", uses: ["Raft", "CRC32CIntrinsics"]),
    room("Server", uses: ["Raft", "KeyValue", "Storage", deques]),
    room("Wire", uses: ["Raft", "KeyValue", "Server"]),
    room("RESP", uses: ["Raft", "KeyValue", "Server"]),
    room("Emulation", uses: ["Raft"]),
    room("Cloud", uses: ["Raft", "Emulation"]),
    room("Workload", uses: ["Raft", "KeyValue", "Server", "Emulation"]),
    room("Policies", uses: ["Raft", "Emulation"]),
    room("PolicyProcess", uses: ["Raft", "Emulation", "Policies"]),
    room(
      "Experiment", uses: ["Raft", "KeyValue", "Server", "Wire", "Emulation", "Cloud", "Workload", "Policies", yams]),
    room("Traces", uses: ["Raft", "KeyValue", "Server", "Emulation", "Workload"]),
    room("Verification", uses: ["Raft", "KeyValue", "Server", "Emulation", "Workload", "Traces"]),
    room(
      "Simulation", uses: ["Raft", "KeyValue", "Storage", "Server", "Emulation", "Workload", "Verification", deques]),
    room(
      "Fuzzing",
      uses: ["Raft", "KeyValue", "Server", "Emulation", "Workload", "Verification", "Simulation"]),
    room(
      "Runtime",
      uses: [
        "Raft", "KeyValue", "Storage", "Server", "Wire", "RESP", "Emulation", "Experiment", deques, heaps, nioSSL,
        logging,
        lifecycle, signals, "Workload", "ProcessIntrinsics",
      ] + nio + certificates),
    room(
      "Driver",
      uses: [
        "Raft", "KeyValue", "Server", "Emulation", "Cloud", "Workload", "Policies", "PolicyProcess", "Experiment",
        "Traces",
        "Verification", "Simulation", "Runtime", "Wire", logging,
      ]),
    .executableTarget(
      name: "eraft",
      dependencies: [
        "Raft", "KeyValue", "Server", "Emulation", "Cloud", "Workload", "Policies", "PolicyProcess", "Experiment",
        "Traces",
        "Verification", "Simulation", "Fuzzing", "Driver", "Wire", "Storage", "Runtime", argumentParser, lifecycle,
        signals, logging,
      ],
      swiftSettings: settings
    ),
    // Inline wrappers of the processor's checksum instruction, for `Storage`: a header without sources.
    .systemLibrary(name: "CRC32CIntrinsics"),
    // A call of the system that Swift cannot make, for `Runtime`: a header without sources.
    .systemLibrary(name: "ProcessIntrinsics"),
    // Counts allocations for the benchmarks, which alone link it.
    .target(name: "AllocationCounter"),
    .executableTarget(
      name: "eraft-bench",
      dependencies: [
        "AllocationCounter",
        "Raft", "KeyValue", "Storage", "Server", "Wire", "RESP", "Emulation", "Workload", "Experiment", "Traces",
        "Verification", "Simulation", "Driver", argumentParser,
      ],
      path: "Sources/Benchmarks",
      swiftSettings: settings
    ),

    tests(of: "Raft", excluding: ["Transcripts/README.md", "Transcripts/Scenarios"]),
    tests(of: "KeyValue", uses: ["Raft"]),
    tests(of: "Storage", uses: ["Raft"]),
    tests(of: "Server", uses: ["Raft", "KeyValue", "Storage"]),
    tests(of: "Wire", uses: ["Raft", "KeyValue", "Server"]),
    tests(of: "RESP", uses: ["Raft", "KeyValue", "Server"]),
    tests(of: "Emulation", uses: ["Raft"]),
    tests(of: "Cloud", uses: ["Raft", "Emulation"]),
    tests(of: "Workload", uses: ["Raft", "KeyValue", "Server", "Emulation"]),
    tests(of: "Policies", uses: ["Raft", "Emulation"]),
    tests(of: "PolicyProcess", uses: ["Raft", "Emulation", "Policies"]),
    tests(of: "Experiment", uses: ["Raft", "KeyValue", "Server", "Wire", "Emulation", "Workload"]),
    tests(of: "Traces", uses: ["Raft", "KeyValue", "Server", "Emulation", "Workload"]),
    tests(of: "Verification", uses: ["Raft", "KeyValue", "Server", "Emulation", "Workload", "Traces"]),
    tests(of: "Simulation", uses: ["Raft", "KeyValue", "Storage", "Server", "Emulation", "Workload", "Verification"]),
    tests(
      of: "Fuzzing",
      uses: ["Raft", "KeyValue", "Server", "Emulation", "Workload", "Verification", "Simulation"]),
    tests(
      of: "Driver",
      uses: [
        "Raft", "KeyValue", "Server", "Emulation", "Workload", "Experiment", "Traces", "Verification", "Simulation",
      ]),
    tests(
      of: "Runtime",
      uses: ["Raft", "KeyValue", "Storage", "Server", "Wire", "RESP", "Emulation", "Workload", "Experiment", logging]
        + nio),
    .testTarget(
      name: "eraftTests",
      dependencies: [
        "eraft", "Storage", "Raft", "KeyValue", "Server", "Emulation", "Workload", "Experiment", "Traces",
        "Verification",
        "Fuzzing", argumentParser,
      ],
      swiftSettings: settings
    ),
  ]
)
