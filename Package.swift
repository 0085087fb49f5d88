// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every Swift target: warnings are errors, existentials are spelled out.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// For the modules in which the tests spend most of their time, which are those of bytes and cells.
///
/// They are optimized in a debug build too: that halves the time of the tests.
let quick: [SwiftSetting] =
  strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// What the parsers' fuzzing stands on; the two targets of Tests/Fuzz share its files.
let fuzzed: [Target.Dependency] = [
  "Commands", "Cryptography", "Diagnosis", "HybridFlow", "Inspection", "OpenID", "Platform",
  "Presentation", "Recording", "Redaction", "Session", "Settings", "Terminal", "TextUI",
]

let package = Package(
  name: "hybrid-flow",
  targets: [
    // The wire vocabulary: values, encodings, parsers. No policy, no order of steps.
    .target(name: "OpenID", swiftSettings: quick),
    // The ten stages as one state machine: events in, effects out; checks, transcript, blame.
    .target(name: "HybridFlow", dependencies: ["OpenID"], swiftSettings: strict),
    // What is secret, and how it is shown.
    .target(name: "Redaction", dependencies: ["HybridFlow", "OpenID"], swiftSettings: quick),
    // From what was seen to cause and remedy; what is known of each provider.
    .target(name: "Diagnosis", dependencies: ["HybridFlow", "OpenID"], swiftSettings: strict),
    // What people paste: read, and judged as far as it can be.
    .target(
      name: "Inspection", dependencies: ["HybridFlow", "OpenID", "Redaction"],
      swiftSettings: strict),
    // What each byte of a message and each character of a token is.
    .target(name: "Anatomy", dependencies: ["HybridFlow", "OpenID"], swiftSettings: strict),
    // libcrypto behind a few verbs.
    .target(name: "Cryptography", dependencies: ["COpenSSL", "OpenID"], swiftSettings: strict),
    // One poll loop: libcurl, the loopback HTTP server, the browser launcher.
    .target(
      name: "Network", dependencies: ["CCurl", "COpenSSL", "CSystem", "Cryptography", "OpenID"],
      swiftSettings: strict),
    // Files, paths and standard streams of this machine.
    .target(
      name: "Platform", dependencies: ["CSystem", "Network", "OpenID"], swiftSettings: strict),
    // An authorization server and API as a value: the independent witness, never HybridFlow.
    .target(name: "DemoTenant", dependencies: ["Cryptography", "OpenID"], swiftSettings: strict),
    // The faults: who commits them, what must catch them, what they teach. Knows no screen.
    .target(
      name: "Lab", dependencies: ["DemoTenant", "HybridFlow", "OpenID"], swiftSettings: strict),
    // The recordings that come along, packed and embedded in the binary.
    .target(
      name: "Recordings", resources: [.embedInCode("recordings.pack")], swiftSettings: strict),
    // A run as a file: written, read, gone through again.
    .target(
      name: "Recording",
      dependencies: [
        "Cryptography", "HybridFlow", "OpenID", "Platform", "Recordings", "Redaction",
      ],
      swiftSettings: strict),
    // Options, profiles and the settings file, read into a connection.
    .target(
      name: "Settings",
      dependencies: [
        "Cryptography", "DemoTenant", "Diagnosis", "HybridFlow", "Network", "OpenID", "Platform",
      ],
      swiftSettings: strict),
    // One run with everything around it: the machine, and those who do what it asks for.
    .target(
      name: "Session",
      dependencies: [
        "Cryptography", "DemoTenant", "HybridFlow", "Lab", "Network", "OpenID", "Platform",
        "Recording", "Settings",
      ],
      swiftSettings: strict),
    // The lab's faults against another's application: what applies, what was seen, what it means.
    .target(
      name: "Trial",
      dependencies: ["DemoTenant", "HybridFlow", "Lab", "Network", "OpenID", "Session"],
      swiftSettings: strict),
    // What keeps a login from working, looked for before the first login.
    .target(
      name: "Preflight",
      dependencies: [
        "Cryptography", "Diagnosis", "HybridFlow", "Network", "OpenID", "Platform", "Recording",
        "Session", "Settings",
      ],
      swiftSettings: strict),
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
    // Cells, lines, documents, layout, themes, pictures: knows nothing of the flow.
    .target(name: "TextUI", dependencies: ["OpenID", "Themes"], swiftSettings: quick),
    // The explorer's model, its views and overlays, keys, lessons.
    .target(
      name: "Presentation",
      dependencies: [
        "Anatomy", "Cryptography", "Diagnosis", "HybridFlow", "Inspection", "Lab", "OpenID",
        "Redaction", "TextUI",
      ],
      swiftSettings: strict),
    // A run as it is handed on: HAR, Markdown, Mermaid, curl, JSON lines, text.
    .target(
      name: "Export",
      dependencies: [
        "Anatomy", "Diagnosis", "HybridFlow", "Lab", "OpenID", "Platform", "Presentation",
        "Recording", "Redaction", "TextUI",
      ],
      swiftSettings: strict),
    // ncurses: enter, leave, keys in, cells out, signals.
    .target(
      name: "Terminal", dependencies: ["CNcurses", "CSystem", "OpenID", "TextUI"],
      swiftSettings: strict),
    // Joins session and screen; knows the screen only as a protocol.
    .target(
      name: "Explorer",
      dependencies: [
        "Cryptography", "DemoTenant", "Diagnosis", "Export", "HybridFlow", "Lab", "Network",
        "OpenID", "Platform", "Preflight", "Presentation", "Recording", "Redaction", "Session",
        "Settings", "TextUI",
      ],
      swiftSettings: strict),
    // A file a command: what it reads, what it prints, how it ends.
    .target(
      name: "Commands",
      dependencies: [
        "Cryptography", "DemoTenant", "Diagnosis", "Explorer", "Export", "HybridFlow", "Inspection",
        "Lab", "Network", "OpenID", "Platform", "Preflight", "Presentation", "Recording",
        "Recordings", "Redaction", "Session", "Settings", "TextUI", "Trial",
      ],
      swiftSettings: strict),
    // The executable: arguments, wiring.
    .executableTarget(
      name: "hybrid-flow",
      dependencies: [
        "Commands", "Diagnosis", "Explorer", "Export", "HybridFlow", "Lab", "Network", "OpenID",
        "Platform", "Presentation", "Recording", "Session", "Settings", "Terminal", "TextUI",
      ],
      path: "Sources/hybrid-flow",
      swiftSettings: strict),

    // C shims: one named function per meaning.
    .target(
      name: "CNcurses",
      cSettings: [.define("NCURSES_WIDECHAR", to: "1")],
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    // Not linked: libcurl is loaded with the first request.
    .target(name: "CCurl"),
    // Not linked either: libcrypto is loaded with the first call, libssl with the first https port.
    .target(name: "COpenSSL"),
    // Signal handlers and the start of programs.
    .target(name: "CSystem"),
    .testTarget(
      name: "DemoTenantTests", dependencies: ["Cryptography", "DemoTenant", "OpenID"],
      swiftSettings: strict),
    // For every test target: the fixtures, seeded random numbers, programs of other languages.
    .target(
      name: "TestSupport", dependencies: ["Cryptography", "HybridFlow", "OpenID"],
      path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(
      name: "CryptographyTests",
      dependencies: ["COpenSSL", "Cryptography", "OpenID", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "OpenIDTests", dependencies: ["OpenID", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "HybridFlowTests",
      dependencies: [
        "Cryptography", "Diagnosis", "HybridFlow", "Inspection", "OpenID", "Redaction",
        "TestSupport",
      ],
      exclude: ["Goldens"], swiftSettings: strict),
    .testTarget(
      name: "AnatomyTests",
      dependencies: ["Anatomy", "HybridFlow", "OpenID", "Session", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "InspectionTests",
      dependencies: [
        "Cryptography", "HybridFlow", "Inspection", "OpenID", "Redaction", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SessionTests",
      dependencies: [
        "Cryptography", "DemoTenant", "HybridFlow", "Lab", "OpenID", "Recording", "Redaction",
        "Session", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "RedactionTests", dependencies: ["HybridFlow", "OpenID", "Redaction", "TestSupport"],
      swiftSettings: strict),
    .testTarget(name: "TidyTests", swiftSettings: strict),
    .testTarget(
      name: "LessonTests",
      dependencies: [
        "Cryptography", "DemoTenant", "HybridFlow", "Lab", "OpenID", "Presentation", "Session",
        "TestSupport", "TextUI",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "TextUITests", dependencies: ["OpenID", "TestSupport", "TextUI", "Themes"],
      swiftSettings: strict),
    .executableTarget(
      name: "terminal-probe", dependencies: ["Terminal", "TextUI"],
      path: "Tests/TerminalProbe", swiftSettings: strict),
    .testTarget(
      name: "TerminalTests",
      dependencies: [
        "CNcurses", "hybrid-flow", "HybridFlow", "OpenID", "Presentation", "Redaction", "Session",
        "Terminal", "terminal-probe", "TestSupport", "TextUI",
      ],
      swiftSettings: strict),
    // Figures, with ratios taken in the same run: swift run -c release hybrid-flow-bench.
    .executableTarget(
      name: "hybrid-flow-bench",
      dependencies: [
        "Commands", "Cryptography", "Explorer", "hybrid-flow", "HybridFlow", "Network", "OpenID",
        "Platform", "Presentation", "Recording", "Redaction", "Session", "Settings", "TextUI",
      ],
      path: "Tests/Benchmark", exclude: ["Peers", "README.md"], swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests", dependencies: ["hybrid-flow", "OpenID", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "NetworkTests", dependencies: ["Cryptography", "Network", "OpenID", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ExplorerTests",
      dependencies: [
        "Commands", "Cryptography", "DemoTenant", "Diagnosis", "Explorer", "Export", "HybridFlow",
        "Inspection", "Lab", "Network", "OpenID", "Platform", "Preflight", "Presentation",
        "Recording", "Redaction", "Session", "Settings", "TestSupport", "TextUI",
      ], swiftSettings: strict),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "Commands", "Cryptography", "hybrid-flow", "HybridFlow", "Network", "OpenID", "Platform",
        "Presentation",
        "Settings", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SettingsTests",
      dependencies: [
        "Commands", "Cryptography", "Diagnosis", "Explorer", "HybridFlow", "Network", "OpenID",
        "Platform", "Presentation", "Session", "Settings",
      ], swiftSettings: strict),
    .testTarget(
      name: "PreflightTests",
      dependencies: [
        "Commands", "Cryptography", "DemoTenant", "Diagnosis", "Explorer", "HybridFlow", "Network",
        "OpenID", "Platform", "Preflight", "Session", "Settings",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "TrialTests", dependencies: ["DemoTenant", "HybridFlow", "Lab", "OpenID", "Trial"],
      swiftSettings: strict),
    .testTarget(
      name: "LabTests",
      dependencies: [
        "Commands", "Cryptography", "DemoTenant", "Diagnosis", "Explorer", "Export", "HybridFlow",
        "Lab", "Network", "OpenID", "Platform", "Recording", "Redaction", "Session", "Settings",
        "TestSupport", "TextUI",
      ],
      exclude: ["agreement.py"], swiftSettings: strict),
    .testTarget(
      name: "RecordingTests",
      dependencies: [
        "Commands", "Cryptography", "Diagnosis", "hybrid-flow", "HybridFlow", "Lab", "OpenID",
        "Platform", "Recording", "Recordings", "Redaction", "Session", "Settings", "TestSupport",
      ], swiftSettings: strict),
    .testTarget(
      name: "PresentationTests",
      dependencies: [
        "Commands", "DemoTenant", "Diagnosis", "Explorer", "HybridFlow", "Inspection", "Lab",
        "OpenID",
        "Presentation", "Recording", "Redaction", "Session", "TestSupport", "TextUI",
      ],
      exclude: ["Goldens"], swiftSettings: strict),
    .testTarget(
      name: "DiagnosisTests", dependencies: ["Diagnosis", "HybridFlow", "OpenID", "TestSupport"],
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
