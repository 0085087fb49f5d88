import HybridFlow
import Network
import OpenID

/// A browser that makes visits: it carries requests, and a ``Passage`` has the rules.
protocol VisitingBrowser: AnyObject {
  /// Whether its pages’ scripts run.
  var runsScripts: Bool { get }
  /// Begins a visit: no cookies, no history.
  func begin(_ passage: Passage)
  /// Goes to an address, follows redirects and fills in the tenant’s forms until a page stays.
  func rest(at url: WebURL) -> Visit.End
  /// Whether this address shows the application now, and does not send the browser to the tenant,
  /// and the page that it shows; nil when it does not answer.
  func home(at url: WebURL) -> (stays: Bool?, page: EndPage?)
  /// The visit is over.
  func end()
}

/// Sends single requests and waits for them.
final class Errands {
  private let loop: PollLoop
  private let client: HTTPClient
  /// How long one response may take.
  let timeoutMilliseconds: Int64
  /// Ends every wait, so that a signal ends the command.
  var isStopped = false
  /// Whether nobody listened where the last request went.
  var foundNobody = false

  init(loop: PollLoop, subject: TrialSubject, options: ClientOptions) {
    self.loop = loop
    var options = options
    if let own = subject.ownHost { options.plainHTTPHosts.insert(own.asciiLowercased) }
    client = HTTPClient(loop: loop, options: options)
    timeoutMilliseconds = Int64(options.timeoutMilliseconds)
  }

  func fetch(_ request: HTTPRequest) -> Result<HTTPResponse, TransportError> {
    var result: Result<HTTPExchange, TransportError>?
    let transfer = client.send(request) { result = $0 }
    while result == nil, !isStopped { loop.turn() }
    guard let result else {
      client.cancel(transfer)
      return .failure(.invalidRequest(reason: "stopped"))
    }
    foundNobody = if case .failure(.cannotConnect) = result { true } else { false }
    return result.map(\.response)
  }
}
