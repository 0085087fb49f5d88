import HybridFlow
import Lab
import Presentation
import TextUI

extension PictureBook {
  /// What a picture shows: a run, a stage of it, and the keys that are pressed there.
  public struct Scene: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
      /// A run, honest or with a fault.
      case run
      /// The page on which the person signs in.
      case signIn
      /// A round of a drill.
      case drill
      /// A step of the workshop.
      case workshop
    }

    /// The beginning of the file's name.
    public let name: String
    /// What the picture shows, in a few words.
    public let title: String
    /// The stage.
    public let stage: Stage
    /// The fault of the run; nil for the honest one.
    let fault: String?
    let kind: Kind
    /// The view.
    let view: DetailView
    /// The keys that are pressed.
    let keys: [Key]

    private init(
      _ name: String, _ title: String, _ stage: Stage, _ view: DetailView = .story,
      fault: String? = nil, kind: Kind = .run, keys: [Key] = []
    ) {
      (self.name, self.title, self.stage, self.view) = (name, title, stage, view)
      (self.fault, self.kind, self.keys) = (fault, kind, keys)
    }

    /// The story of a stage.
    public init(_ stage: Stage) {
      self.init(
        "\(stage.number < 10 ? "0" : "")\(stage.number)-\(stage.id)",
        "Stage \(stage.number) of 10: \(stage.sentence)", stage)
    }

    /// What is shown besides the stories of the ten stages.
    public static let others: [Scene] = [
      Scene("sign-in", "Stage 4: the demo tenant\u{2019}s own page", .authenticate, kind: .signIn),
      Scene(
        "checks", "Stage 5: what is checked before anything is believed", .callback, .checks),
      Scene("compare", "Stage 8: both ID tokens, claim by claim", .tokens, .compare),
      Scene(
        "bytes", "Stage 5: every byte has its meaning", .callback, .wire,
        keys: [.character("w"), .character("z"), .pageDown]),
      Scene(
        "attacker-swapped-code", "A swapped code, and the check that stops it", .callback, .checks,
        fault: "swapped-code"),
      Scene(
        "attacker-edited-claims", "Edited claims, and the check that stops them", .callback,
        .checks, fault: "edited-claims"),
      Scene(
        "attacker-mix-up", "A mix-up, and the check that stops it", .callback, .checks,
        fault: "mix-up"),
      Scene(
        "forged", "The forged message beside the honest one", .callback, .forged,
        fault: "swapped-code"),
      Scene(
        "follow", "One value, followed through the run", .callback, .decoded,
        keys: [.character(":")] + typed("follow nonce") + [.enter]),
      Scene(
        "palette", "Everything, found by a part of its name", .callback,
        keys: [.character(":")] + typed("nonce")),
      Scene(
        "drill", "A drill: which check must stop this run?", .callback, kind: .drill,
        keys: [.character("a")] + typed("nonce")),
      Scene(
        "workshop", "The workshop, given with two keys", .callback, fault: "swapped-code",
        kind: .workshop),
    ]

    private static func typed(_ text: String) -> [Key] {
      text.map(Key.character)
    }

    /// A drill that begins with a swapped code.
    static let drill = (1...500).lazy.map { Drill(seed: UInt64($0), count: 10) }.first {
      $0.rounds[0].fault?.id == "swapped-code"
    }
  }
}
