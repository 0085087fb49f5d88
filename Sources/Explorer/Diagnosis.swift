import HybridFlow
import OpenID

/// What probably went wrong, and what to do about it.
struct Diagnosis: Equatable {
  var cause: String
  var fix: String

  init(_ failure: FlowFailure) {
    switch failure {
    case .provider(.checksFailed(let ids)):
      let first = ids.first
      cause = first?.rule.shows ?? "A check failed."
      fix =
        "Do not trust this answer. Look at the check \(first?.rawValue ?? "") and compare what "
        + "was expected with what was found."
    case .provider(.refused(let error)): (cause, fix) = Self.refusal(error)
    case .provider(.unreadable):
      cause = "What came is not what the specification describes."
      fix = "Check that the URL is the provider's own, and look at the response."
    case .environment(.transport(let failure)):
      (cause, fix) = Self.transport(failure.kind)
    case .environment(.listener):
      cause = "The port of the redirect URI is not to be had."
      fix = "Stop the program that has it, or choose another port with --redirect-uri."
    case .person(.declined):
      cause = "The permissions were not granted."
      fix = "Run it again and allow them, or ask for fewer with --scope."
    case .person(.abandoned):
      cause = "The run was given up before it was over."
      fix = "Run it again."
    case .person(.noCallback):
      cause = "Nobody signed in, or the browser could not reach the redirect URI."
      fix = "Open the URL yourself, or allow more time with --wait."
    }
  }

  private static func transport(_ kind: TransportFailure.Kind) -> (String, String) {
    switch kind {
    case .cannotResolve:
      ("The host's name leads nowhere.", "Check the spelling and the network connection.")
    case .cannotConnect:
      (
        "Nothing answers at that address.",
        "Check that the server runs, its port, and what is between."
      )
    case .timedOut:
      ("The server took too long.", "Try again, or allow it more time with --timeout.")
    case .tls:
      (
        "The connection cannot be trusted.",
        "Check the host name and the clock; add a private authority with --ca FILE."
      )
    case .tooLarge:
      (
        "The answer is larger than any such answer should be.",
        "Check that the URL is the provider's own."
      )
    case .notHTTP:
      ("Something else than a web server answers there.", "Check scheme and port of the URL.")
    case .reset: ("The server broke the connection off.", "Try again, and look at its log.")
    case .insecureURL:
      ("The provider names a URL without https.", "Use the provider's https address.")
    case .other:
      (
        "The request could not be sent, or its answer could not be read.",
        "Look at the messages of the stage at which it stopped."
      )
    }
  }

  private static func refusal(_ error: OAuthError) -> (String, String) {
    switch error.code {
    case "invalid_client":
      (
        "The client id and secret do not belong together, or the method is not the registered one.",
        "Check the secret, and try --client-auth basic or --client-auth post."
      )
    case "invalid_grant":
      (
        "The code was used, is too old, or belongs to another client or redirect URI.",
        "Begin again; compare the redirect URI of both requests."
      )
    case "unauthorized_client", "unsupported_response_type":
      (
        "The application may not use this response type.",
        "Switch on the implicit and the authorization code grant of the application."
      )
    case "invalid_scope": ("A scope is not known there.", "Ask for others with --scope.")
    case "login_required", "consent_required", "interaction_required":
      (
        "prompt=none was asked for, and the person would have had to do something.",
        "Leave --prompt none out."
      )
    case "insufficient_scope":
      ("The access token lacks a scope of the API.", "Ask for it with --scope and --audience.")
    case "invalid_token":
      (
        "The API does not accept the access token: it is too old, or meant for another API.",
        "Name the API's identifier with --audience."
      )
    default:
      (
        "The provider refused at its \(error.endpoint.rawValue) endpoint.",
        "Read what it says, and look at the application's settings there."
      )
    }
  }
}
