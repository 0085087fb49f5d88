// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every Swift target: warnings are errors, existentials are spelled out.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// What the parsers' fuzzing stands on; the two targets of Tests/Fuzz share its files.
let fuzzed: [Target.Dependency] = [
  "Cryptography", "Explorer", "HybridFlow", "OpenID", "Presentation", "Terminal",
]

let package = Package(
  name: "hybrid-flow",
  targets: [
    // The wire vocabulary: values, encodings, parsers. No policy, no order of steps.
    .target(name: "OpenID", swiftSettings: strict),
    // The ten stages as one state machine: events in, effects out; checks, transcript, blame.
    .target(name: "HybridFlow", dependencies: ["OpenID"], swiftSettings: strict),
    // The theme files of the top-level folder, embedded in the binary.
    .target(
      name: "Themes",
      path: "Themes",
      exclude: ["CREDITS.md"],
      resources: [
        .embedInCode("calm-dark.json"), .embedInCode("gruvbox-dark.json"),
        .embedInCode("high-contrast-dark.json"), .embedInCode("nord.json"),
        .embedInCode("okabe-ito-dark.json"), .embedInCode("okabe-ito-light.json"),
        .embedInCode("projector-light.json"), .embedInCode("selenized-white.json"),
      ],
      swiftSettings: strict),
    // The recordings that come along, packed and embedded in the binary.
    .target(
      name: "Recordings", resources: [.embedInCode("recordings.pack")], swiftSettings: strict),
    // State to view model to frame; layout; keys to commands; lessons.
    .target(
      name: "Presentation", dependencies: ["HybridFlow", "OpenID", "Themes"], swiftSettings: strict),
    // libcrypto behind a few verbs.
    .target(name: "Cryptography", dependencies: ["COpenSSL", "OpenID"], swiftSettings: strict),
    // One poll loop: libcurl, the loopback HTTP server, the browser launcher.
    .target(name: "Network", dependencies: ["CCurl", "OpenID"], swiftSettings: strict),
    // An authorization server and API as a value: the independent witness, never HybridFlow.
    .target(name: "DemoTenant", dependencies: ["OpenID", "Cryptography"], swiftSettings: strict),
    // ncurses: enter, leave, keys in, cells out, signals.
    .target(
      name: "Terminal", dependencies: ["CNcurses", "OpenID", "Presentation"],
      swiftSettings: strict),
    // Joins them: session, effect runner, faces. Knows the screen only as a protocol.
    .target(
      name: "Explorer",
      dependencies: [
        "Cryptography", "DemoTenant", "HybridFlow", "Network", "OpenID", "Presentation",
        "Recordings", "Themes",
      ],
      swiftSettings: strict),
    // The executable: arguments, exit codes, wiring.
    .executableTarget(
      name: "hybrid-flow",
      dependencies: ["Explorer", "HybridFlow", "Network", "OpenID", "Presentation", "Terminal"],
      path: "Sources/hybrid-flow",
      swiftSettings: strict),

    // C shims: one named function per meaning.
    .target(
      name: "CNcurses",
      cSettings: [.define("NCURSES_WIDECHAR", to: "1")],
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    // Not linked: libcurl is loaded with the first request.
    .target(name: "CCurl"),
    // Not linked either: libcrypto is loaded with the first call.
    .target(name: "COpenSSL"),
    .testTarget(
      name: "DemoTenantTests", dependencies: ["Cryptography", "DemoTenant", "OpenID"],
      swiftSettings: strict),
    // For every test target: the fixtures, seeded random numbers, programs of other languages.
    .target(
      name: "TestSupport", dependencies: ["OpenID"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(
      name: "CryptographyTests",
      dependencies: ["COpenSSL", "Cryptography", "OpenID", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "OpenIDTests", dependencies: ["OpenID", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "HybridFlowTests",
      dependencies: ["Cryptography", "HybridFlow", "OpenID", "TestSupport"],
      exclude: ["Goldens"], swiftSettings: strict),
    .testTarget(name: "TidyTests", dependencies: ["Presentation"], swiftSettings: strict),
    .testTarget(
      name: "LessonTests",
      dependencies: [
        "Cryptography", "DemoTenant", "Explorer", "HybridFlow", "OpenID", "Presentation",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ThemeTests", dependencies: ["OpenID", "Presentation", "TestSupport", "Themes"],
      swiftSettings: strict),
    .executableTarget(
      name: "terminal-probe", dependencies: ["Presentation", "Terminal"],
      path: "Tests/TerminalProbe", swiftSettings: strict),
    .testTarget(
      name: "TerminalTests",
      dependencies: [
        "CNcurses", "Explorer", "HybridFlow", "OpenID", "Presentation", "Terminal",
        "hybrid-flow", "terminal-probe",
      ],
      swiftSettings: strict),
    // Figures, with ratios taken in the same run: swift run -c release hybrid-flow-bench.
    .executableTarget(
      name: "hybrid-flow-bench",
      dependencies: [
        "Cryptography", "Explorer", "HybridFlow", "Network", "OpenID", "Presentation",
        "hybrid-flow",
      ],
      path: "Tests/Benchmark", exclude: ["Peers"], swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests", dependencies: ["OpenID", "hybrid-flow"], swiftSettings: strict),
    .testTarget(
      name: "NetworkTests", dependencies: ["Network", "OpenID"], swiftSettings: strict),
    .testTarget(
      name: "ExplorerTests",
      dependencies: [
        "Cryptography", "DemoTenant", "Explorer", "HybridFlow", "Network", "OpenID", "Presentation",
        "TestSupport",
      ], swiftSettings: strict),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "Cryptography", "Explorer", "Network", "OpenID", "TestSupport", "hybrid-flow",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SettingsTests",
      dependencies: [
        "Cryptography", "Explorer", "HybridFlow", "Network", "OpenID", "Presentation",
      ], swiftSettings: strict),
    .testTarget(
      name: "TenantCheckTests",
      dependencies: ["Cryptography", "DemoTenant", "Explorer", "HybridFlow", "Network", "OpenID"],
      swiftSettings: strict),
    .testTarget(
      name: "LabTests",
      dependencies: [
        "Cryptography", "DemoTenant", "Explorer", "HybridFlow", "OpenID", "TestSupport",
      ],
      exclude: ["agreement.py"], swiftSettings: strict),
    .testTarget(
      name: "RecordingTests",
      dependencies: [
        "Cryptography", "DemoTenant", "Explorer", "HybridFlow", "Network", "OpenID",
        "Presentation", "Recordings", "TestSupport", "hybrid-flow",
      ], swiftSettings: strict),
    .testTarget(
      name: "PresentationTests",
      dependencies: ["Explorer", "HybridFlow", "OpenID", "Presentation"],
      exclude: ["Goldens"], swiftSettings: strict),
    .testTarget(
      name: "DiagnosisTests", dependencies: ["HybridFlow", "OpenID", "TestSupport"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11
)

// libFuzzer's program needs compiler options that no other target has: see Tests/Fuzz/README.md.
if Context.environment["HYBRID_FLOW_LIBFUZZER"] == nil {
  package.targets.append(
    .testTarget(
      name: "FuzzTests", dependencies: fuzzed + ["TestSupport"], path: "Tests/Fuzz",
      exclude: [
        "Corpus", "LibFuzzer", "README.md", "decoders.py", "fuzz.sh", "sanitize.sh", "valgrind.sh",
      ],
      sources: ["Parsers", "Suite"], swiftSettings: strict))
} else {
  package.targets.append(
    .executableTarget(
      name: "fuzz-parsers", dependencies: fuzzed, path: "Tests/Fuzz",
      exclude: [
        "Corpus", "Suite", "README.md", "decoders.py", "fuzz.sh", "sanitize.sh", "valgrind.sh",
      ],
      sources: ["Parsers", "LibFuzzer"], swiftSettings: strict))
}
