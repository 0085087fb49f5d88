import OpenID

/// What a tab of Chromium has told of itself: where it is, what is under way, what failed.
///
/// A value that takes events of the DevTools protocol; it asks nothing.
struct TabState: Sendable {
  /// Requests that stay open by their nature, or that nobody waits for.
  private static let unawaited: Set<String> = [
    "EventSource", "WebSocket", "Ping", "Media", "CSPViolationReport",
  ]

  /// The main frame.
  let frame: String
  /// The main frame’s address, with its fragment.
  private(set) var url = "about:blank"
  /// The document in the main frame.
  private(set) var loader = ""
  /// Whether that document is loaded, with everything it names.
  private(set) var isLoaded = false
  /// How many documents the main frame has asked for, redirects among them.
  private(set) var documents = 0
  /// Why the last document did not come: its address, and the browser’s word for it.
  private(set) var failure: (url: String, error: String)?
  /// A document that came without a page, such as a status 204 or a download.
  private(set) var pageless: (url: String, status: Int)?
  /// Whether its renderer has crashed.
  private(set) var hasCrashed = false
  /// The requests under way, with the document to which each belongs.
  private var underWay: [String: String] = [:]
  private var documentURLs: [String: String] = [:]
  private var statuses: [String: Int] = [:]

  init(frame: String) { self.frame = frame }

  /// Whether no request is under way.
  var isIdle: Bool { underWay.isEmpty }
  /// Whether a document for the main frame is under way.
  var awaitsDocument: Bool { underWay.keys.contains { documentURLs[$0] != nil } }
  /// The status of the document in the main frame; 200 where it came without a response.
  var status: Int { statuses[loader] ?? 200 }

  /// Takes an event; whether it is a sign that something goes on.
  mutating func take(_ event: String, _ about: JSONValue) -> Bool {
    switch event {
    case "Network.requestWillBeSent": began(about)
    case "Network.responseReceived":
      if let loader = about["loaderId"]?.string, isOfMainDocument(about) {
        statuses[loader] = about["response"]?["status"]?.integer.map(Int.init(clamping:))
      }
    case "Network.loadingFinished": ended(about, error: nil)
    case "Network.loadingFailed": ended(about, error: about["errorText"]?.string ?? "it failed")
    case "Page.frameNavigated":
      guard let frame = about["frame"], frame["id"]?.string == self.frame else { return true }
      url = (frame["url"]?.string ?? "") + (frame["urlFragment"]?.string ?? "")
      loader = frame["loaderId"]?.string ?? ""
      isLoaded = false
      underWay = underWay.filter { $0.value == loader }
    case "Page.navigatedWithinDocument":
      if about["frameId"]?.string == frame { url = about["url"]?.string ?? url }
    case "Page.loadEventFired": isLoaded = true
    case "Page.frameRequestedNavigation", "Page.frameScheduledNavigation",
      "Page.frameStartedNavigating":
      break
    case "Inspector.targetCrashed": hasCrashed = true
    default: return false
    }
    return true
  }

  /// A document is asked for anew: what failed before is over.
  mutating func navigate() {
    (failure, pageless) = (nil, nil)
    isLoaded = false
    documents = 0
  }

  private func isOfMainDocument(_ about: JSONValue) -> Bool {
    about["type"]?.string == "Document" && about["frameId"]?.string == frame
  }

  private mutating func began(_ about: JSONValue) {
    guard let id = about["requestId"]?.string, let type = about["type"]?.string,
      !Self.unawaited.contains(type)
    else { return }
    underWay[id] = about["loaderId"]?.string ?? ""
    guard isOfMainDocument(about) else { return }
    documents += 1
    documentURLs[id] = about["request"]?["url"]?.string ?? ""
  }

  private mutating func ended(_ about: JSONValue, error: String?) {
    guard let id = about["requestId"]?.string, let loader = underWay.removeValue(forKey: id),
      let url = documentURLs.removeValue(forKey: id), let error
    else { return }
    if error == "net::ERR_ABORTED" {
      if let status = statuses[loader] { pageless = (url, status) }
    } else {
      failure = (url, error)
    }
  }
}
