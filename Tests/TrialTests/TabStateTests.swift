import OpenID
import Testing

@testable import Trial

@Suite struct TabStateTests {
  private func sent(_ id: String, _ type: String = "Document", frame: String = "F") -> JSONValue {
    [
      "requestId": .string(id), "loaderId": .string(type == "Document" ? id : "1"),
      "type": .string(type), "frameId": .string(frame),
      "request": ["url": .string("http://a/\(id)")],
    ]
  }

  private func state(_ events: [(String, JSONValue)]) -> TabState {
    var state = TabState(frame: "F")
    for (event, about) in events { _ = state.take(event, about) }
    return state
  }

  private func came(_ id: String, _ status: Int64) -> (String, JSONValue) {
    (
      "Network.responseReceived",
      [
        "requestId": .string(id), "loaderId": .string(id), "type": "Document", "frameId": "F",
        "response": ["status": .number(JSONNumber(status))],
      ]
    )
  }

  private func stands(_ id: String, fragment: String? = nil) -> (String, JSONValue) {
    var frame: JSONValue = ["id": "F", "loaderId": .string(id), "url": .string("http://a/\(id)")]
    if let fragment { frame.set("urlFragment", .string(fragment)) }
    return ("Page.frameNavigated", ["frame": frame])
  }

  @Test func `a document that came and is loaded stands with its status and its fragment`() {
    let state = state([
      ("Network.requestWillBeSent", sent("1")), came("1", 404), stands("1", fragment: "#x"),
      ("Network.loadingFinished", ["requestId": "1"]), ("Page.loadEventFired", [:]),
    ])
    #expect(state.isLoaded && state.isIdle && !state.awaitsDocument)
    #expect(state.status == 404 && state.url == "http://a/1#x" && state.documents == 1)
    #expect(state.failure == nil && state.pageless == nil)
  }

  @Test func `a request of a script keeps it busy, an event stream and a frame do not`() {
    var state = state([
      ("Network.requestWillBeSent", sent("1")), came("1", 200), stands("1"),
      ("Network.loadingFinished", ["requestId": "1"]), ("Page.loadEventFired", [:]),
      ("Network.requestWillBeSent", sent("2", "EventSource")),
      ("Network.requestWillBeSent", sent("3", "Fetch")),
    ])
    #expect(!state.isIdle && !state.awaitsDocument)
    let isSign = state.take(
      "Network.loadingFailed", ["requestId": "3", "errorText": "net::ERR_X"])
    #expect(isSign)
    #expect(state.isIdle && state.failure == nil)
    _ = state.take("Network.requestWillBeSent", sent("4", frame: "G"))
    #expect(!state.isIdle && !state.awaitsDocument && state.documents == 1)
    let isFrameSign = state.take("Network.webSocketFrameReceived", [:])
    #expect(!isFrameSign)
  }

  @Test func `what the former page asked for is over when another takes its place`() {
    let state = state([
      ("Network.requestWillBeSent", sent("1")), came("1", 200), stands("1"),
      ("Network.requestWillBeSent", sent("9", "Fetch")), ("Page.loadEventFired", [:]),
      ("Network.requestWillBeSent", sent("2")), came("2", 200), stands("2"),
    ])
    #expect(!state.isLoaded && state.awaitsDocument)
    #expect(state.documents == 2)
  }

  @Test func `a failure has its address and the browser's word`() {
    let state = state([
      ("Network.requestWillBeSent", sent("1")),
      (
        "Network.loadingFailed",
        ["requestId": "1", "errorText": "net::ERR_CONNECTION_REFUSED"]
      ),
    ])
    #expect(state.failure?.url == "http://a/1")
    #expect(state.failure?.error == "net::ERR_CONNECTION_REFUSED")
  }

  @Test func `a status without a page is one, and an address that is left is none`() {
    let aborted: JSONValue = ["requestId": "1", "errorText": "net::ERR_ABORTED"]
    let none = state([
      ("Network.requestWillBeSent", sent("1")), came("1", 204), ("Network.loadingFailed", aborted),
    ])
    #expect(none.pageless?.status == 204 && none.failure == nil)
    let left = state([
      ("Network.requestWillBeSent", sent("1")), ("Network.loadingFailed", aborted),
    ])
    #expect(left.pageless == nil && left.failure == nil && left.isIdle)
  }
}
