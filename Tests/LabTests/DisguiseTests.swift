import DemoTenant
import HybridFlow
import Network
import OpenID
import Recording
import TestSupport
import Testing

@testable import Commands
@testable import Lab
@testable import Session

extension LabTests {
  /// Values in the wrong place: never opened, never believed, never kept.
  @Suite struct DisguiseTests {
    @Test func `an address in a key name is never asked`() throws {
      let loop = PollLoop()
      let server = HTTPServer(loop: loop)
      var requests = 0
      server.deferringHandler = { _, _, responder in
        requests += 1
        responder.respond(HTTPResponse(status: 200, mediaType: "application/json", text: "{}"))
      }
      let port = try server.listen(host: "127.0.0.1", port: 0)
      defer { server.stop() }
      let like = try #require(Lab.fault("kid-is-a-url"))
      for address in ["http://127.0.0.1:\(port)/jwks.json", "//127.0.0.1:\(port)/k"] {
        let fault = LabFault(
          "kid-is-a-url", .signature, .idTokenNoRemoteKey, also: like.companions,
          types: like.types, by: .tenant([.signature(.firstIDToken, .name(address))]),
          does: like.does, gain: like.gain, lesson: like.lesson)
        for off: Set<CheckID> in [[], [.idTokenNoRemoteKey, .idTokenKidKnown]] {
          let outcome = try LabWire.outcome(
            of: fault, type: .codeIDToken, checksOff: off, usesPKCE: true)
          #expect(outcome.status == (off.isEmpty ? .caught : .switchedOff))
          #expect(!outcome.messages.contains { $0.url.contains(":\(port)/") })
          for _ in 0..<20 { loop.turn(maximumMilliseconds: 0) }
          #expect(requests == 0, "\(address) was asked")
        }
      }
    }

    @Test func `a token that vouches for itself is believed once both checks are off`() throws {
      for id in ["kid-is-a-url", "kid-is-a-path", "kid-is-a-key"] {
        let fault = try #require(Lab.fault(id))
        let outcome = try Lab.outcome(
          of: fault, type: .codeIDToken, checksOff: fault.companions.union([.idTokenNoRemoteKey]))
        #expect(outcome.status == .switchedOff && outcome.stoppedAt == nil, "\(id)")
      }
    }

    @Test(arguments: ResponseType.allCases)
    func `a password that comes along is nowhere in the run, its texts or its recording`(
      type: ResponseType
    ) throws {
      let fault = try #require(Lab.fault("redirect-307-after-password"))
      for off: Set<CheckID> in [[], [.callbackNoCredentials, .callbackMethod, .responseModeExact]] {
        var run = try ScriptedRun(scene: .init(fault: fault.tenantFault)) {
          fault.configure(&$0, type: type, checksOff: off)
        }
        run.runToEnd()
        let password = PersonAtKeyboard().password.reveal()
        let callback = run.machine.transcript[.callback]
        let arrived = try #require(callback.messages.first { $0.to == .application })
        let body = String(decoding: arrived.body, as: UTF8.self)
        #expect(body.contains("password=") && !body.contains(password), "\(body)")
        #expect(!body.contains("ada%40demo.example"))
        #expect(callback.values.allSatisfy { !$0.value.contains(password) })
        #expect(callback.checks.allSatisfy { $0.found != password && !$0.why.contains(password) })
        var writer = RecordingWriter(key: Array(repeating: 7, count: 32), replacesPersonal: true)
        let file = run.tape.flatMap { writer.lines(for: $0.event, at: $0.at) }.joined()
        #expect(file.contains("password=") && !file.contains("password=\(password)"))
        let outcome = LabOutcome(fault: fault, type: type, transcript: run.machine.transcript)
        #expect(outcome.status == (off.isEmpty ? .caught : .switchedOff))
        #expect((outcome.stoppedAt == .callback) == off.isEmpty)
      }
    }

    @Test func `two issuers at one redirect URI are told apart by iss, or not at all`() throws {
      let fault = try #require(Lab.fault("two-issuers-one-redirect"))
      for type in ResponseType.allCases {
        let outcome = try Lab.outcome(of: fault, type: type)
        let check = try #require(
          outcome.transcript[.callback].checks.first { $0.id == .responseIss })
        #expect(check.verdict == .fail && check.spec == .rfc(9700, "4.4.2"))
        // With iss, sharing the address does no harm.
        var run = try ScriptedRun {
          $0.responseType = type
          $0.mistakes = [.sharesRedirectURI]
        }
        run.runToEnd()
        #expect(
          LabOutcome(fault: nil, type: type, transcript: run.machine.transcript).complaints == [])
      }
    }

    @Test func `over sockets the client of the lab signs with a key of its own`() throws {
      let fault = try #require(Lab.fault("assertion-audience-injected"))
      let outcome = try LabWire.outcome(
        of: fault, type: .codeIDToken, checksOff: [], usesPKCE: true)
      #expect(outcome.status == .caught && outcome.stoppedAt == nil)
      let message = try #require(outcome.transcript.changedMessages.first)
      let honest = try #require(message.honest)
      let mine = try FormEncoding.decode(message.body)["client_assertion"]
      let careful = try FormEncoding.decode(honest.body)["client_assertion"]
      let claims = try [mine, careful].map { try CompactJWS(try #require($0)).claims() }
      #expect(claims[0]["aud"]?.string?.hasSuffix("/oauth/token") == true)
      let check = outcome.transcript[.exchange].checks.first { $0.id == .assertionAudience }
      #expect(claims[1]["aud"]?.string == check?.expected && check?.verdict == .warn)
    }
  }
}
