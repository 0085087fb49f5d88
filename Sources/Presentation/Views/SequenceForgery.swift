import HybridFlow
import Lab
import OpenID
import TextUI

/// Who has forged or spoilt a message, as the diagram draws it.
enum Forgery: Sendable, Equatable {
  /// An attacker, in a lane of their own.
  case attacker
  /// The party that sends it.
  case party

  var role: Role { self == .attacker ? .attacker : .statusWarn }
}

/// The part of a forged message's way that an arrow draws.
enum ForgedLeg: Sendable, Equatable {
  /// The honest message, up to the attacker.
  case toAttacker
  /// The forged one, on from there.
  case fromAttacker
}

/// The check in front of whoever receives what is forged.
struct Barrier: Sendable, Equatable {
  enum State: Sendable, Equatable {
    /// It stops the run.
    case closed
    /// It is switched off.
    case open
    /// It warns or informs, and lets the run go on.
    case warned
  }
  var state: State
  /// `c-hash-match ✗`.
  var title: String
  /// What happens there, in a few words.
  var words: String

  var glyph: String { state == .closed ? "\u{258C}" : "\u{2506}" }
  var role: Role { state == .closed ? .statusFail : .statusWarn }
}

extension SequenceArrow {
  /// Draws what a fault of the lab has changed: its sender, what was changed, and the check before
  /// its receiver.
  ///
  /// - Parameters:
  ///   - concealed: A stage whose verdict is still to be guessed; nothing is given away then.
  ///   - words: What was changed, by message.
  static func forged(
    _ arrows: [SequenceArrow], in transcript: Transcript, concealing concealed: Stage?,
    words: [Int: ForgedWords]
  ) -> [SequenceArrow] {
    guard let fault = transcript.tampering.flatMap({ Lab.fault($0.faultID) }) else { return arrows }
    let forgery: Forgery = fault.culprit == .attacker ? .attacker : .party
    // A message in the place of the fault may be as it must be, such as the first of two.
    let forged = transcript.messages.filter {
      $0.tamperedBy != nil && $0.original != .content($0.content)
    }
    var output: [SequenceArrow] = []
    var isCarried = false
    for arrow in arrows {
      var arrow = arrow
      if let message = forged.first(where: { $0.id == arrow.message }) {
        arrow.forgery = forgery
        let told = concealed == nil ? words[message.id] : nil
        if forgery == .attacker {
          var honest = arrow
          (honest.forgery, honest.leg) = (nil, .toAttacker)
          output.append(honest)
          arrow.leg = .fromAttacker
          if let told {
            (arrow.label, arrow.shortLabel, arrow.shortestLabel) = (told.long, nil, told.short)
          }
        } else if let told {
          (arrow.shortLabel, arrow.shortestLabel) = (told.long, told.short)
          arrow.label += ": " + told.long
        }
        isCarried = message.stage == .callback && message.to == .browser
      } else if isCarried, arrow.kind == .message(from: .browser, to: .application) {
        arrow.forgery = forgery
        isCarried = false
      }
      output.append(arrow)
    }
    if concealed == nil { addBarrier(of: fault, in: transcript, to: &output) }
    return output
  }

  private static func addBarrier(
    of fault: LabFault, in transcript: Transcript, to arrows: inout [SequenceArrow]
  ) {
    for record in transcript.stages {
      guard let (barrier, actor) = barrier(of: fault, record) else { continue }
      let places = arrows.indices.filter {
        arrows[$0].stage == record.stage && arrows[$0].leg != .toAttacker
      }
      func arrives(_ index: Int) -> Bool {
        if case .message(_, actor) = arrows[index].kind { true } else { false }
      }
      let place =
        places.last { arrives($0) && arrows[$0].forgery != nil }
        ?? places.last { arrows[$0].kind == .local(actor) }
        ?? places.last(where: arrives)
        // The tenant tells its refusal later than the request came.
        ?? arrows.indices.last { arrives($0) && arrows[$0].leg != .toAttacker }
      if let place { arrows[place].barrier = barrier }
      return
    }
  }

  private static func barrier(of fault: LabFault, _ record: StageRecord) -> (Barrier, Actor)? {
    if case .tenant(let rule) = fault.catcher {
      guard record.serverChecks.contains(where: { $0.id == rule && $0.passed == false }) else {
        return nil
      }
      let words = stops(record.stage)
      return (
        Barrier(state: .closed, title: "\(rule) \u{2717}", words: words), .authorizationServer
      )
    }
    // A check may run twice, and pass at first.
    guard let id = fault.check,
      let check = record.checks.first(where: {
        $0.id == id && ($0.verdict == .fail || $0.verdict == .warn)
      })
    else { return nil }
    let name = id.rawValue
    switch check.verdict {
    case .fail where check.isOff || check.isOverruled:
      return (
        Barrier(state: .open, title: "\(name) off", words: "it would fail; it goes through"),
        .application
      )
    case .fail where check.isOfAnother:
      return (
        Barrier(
          state: .open, title: "\(name) \u{2717}", words: "a careful application stops here"),
        .application
      )
    case .fail:
      return (
        Barrier(state: .closed, title: "\(name) \u{2717}", words: stops(record.stage)), .application
      )
    case .warn:
      return (
        Barrier(state: .warned, title: "\(name) !", words: "warned, and let through"), .application
      )
    case .pass, .skip: return nil
    }
  }

  private static func stops(_ stage: Stage) -> String {
    switch stage {
    case .login: "the run stops here"
    case .authorize: "the request stops here"
    case .prompt, .authenticate, .callback, .exchange, .verify: "the code stops here"
    case .tokens: "the tokens stop here"
    case .api, .data: "the answer stops here"
    }
  }
}
