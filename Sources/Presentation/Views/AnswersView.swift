import HybridFlow
import OpenID
import TextUI

// The JSON documents of the flow, member by member: metadata, keys, tokens, data.
extension Reader {
  func addData(to document: inout Document) {
    for message in record.messages {
      guard let response = message.response, message.body.count <= MessageDocument.bodyBytesMax,
        let json = try? JSONParser.parse(message.body), let members = json.members
      else { continue }
      if answers(.body) { document.opensHere() }
      document.heading(
        "What \(HarmlessText.line(WebURLPath.of(message.url))) told",
        note: "HTTP \(response.status)")
      for member in members {
        addDatum(member, message, to: &document)
      }
    }
  }

  private func addDatum(
    _ member: JSONMember, _ message: Message, to document: inout Document
  ) {
    let id = "data:\(message.id):\(member.name)"
    // A name may have different meanings at the userinfo endpoint and at an API.
    let isUserinfo = WebURLPath.of(message.url).ends(with: "/userinfo")
    let places: [Glossary.Context] = isUserinfo ? [.userinfo, .apiBody] : [.apiBody, .userinfo]
    let place = places.first { Glossary.entry(member.name, in: $0) != nil } ?? places[0]
    var text = inline(member.value)
    var meaning = member.name == "sub" ? mark(.userinfoSub) : []
    if let moment = ClaimTime.moment(member.name, member.value.integer) {
      text += "  " + CivilTime(moment).text
      meaning += distance(moment, before: note(of: member.name, place))
    } else {
      meaning += note(of: member.name, place)
    }
    document.add(
      .row(
        TableRow(
          name: HarmlessText.line(member.name), nameRole: .jsonKey, value: text,
          valueRole: role(of: member.value), fold: id, isOpen: isOpen(id), meaning: meaning,
          source: Glossary.entry(member.name, in: place)?.source, copies: text)))
    addNested(member.value, id, atOnce: Self.dataRows, to: &document)
  }

  /// The data are the flow's goal: more of their rows are open.
  private static let dataRows = 60

  /// Adds the metadata and the keys of stage 1.
  func addProvider(to document: inout Document) {
    for message in record.messages where message.response != nil {
      guard message.body.count <= MessageDocument.bodyBytesMax,
        let json = try? JSONParser.parse(message.body), let members = json.members
      else { continue }
      if let keys = json["keys"]?.elements {
        for (index, key) in keys.enumerated() {
          document.heading("Key \(index + 1) of the tenant")
          for member in key.members ?? [] {
            add(member, .jwk, "key\(index)", to: &document)
          }
        }
      } else {
        document.heading("The tenant\u{2019}s metadata")
        for member in members { add(member, .metadata, "metadata", to: &document) }
      }
    }
  }

  /// Adds the token response, before its tokens are decoded.
  func addTokenResponse(to document: inout Document) {
    guard let message = record.messages.last(where: { $0.response != nil }),
      message.body.count <= Limit.jsonBytes, let json = try? JSONParser.parse(message.body),
      let members = json.members
    else { return }
    document.heading(
      "The answer of the token endpoint", note: "HTTP \(message.response?.status ?? 0)")
    for member in members {
      if let text = member.value.string {
        addField(FormField(member.name, text), .tokenResponse, "tokens", to: &document)
      } else {
        add(member, .tokenResponse, "tokens", to: &document)
      }
    }
  }

  private func add(
    _ member: JSONMember, _ place: Glossary.Context, _ owner: String, to document: inout Document
  ) {
    let id = "json:\(owner):\(member.name)"
    let text =
      member.value.strings.map { shown($0.joined(separator: ", ")) } ?? inline(member.value)
    document.add(
      .row(
        TableRow(
          name: HarmlessText.line(member.name), nameRole: .jsonKey, value: text,
          valueRole: role(of: member.value), fold: id, isOpen: isOpen(id),
          meaning: note(of: member.name, place),
          source: Glossary.entry(member.name, in: place)?.source, copies: text)))
    addNested(member.value, id, to: &document)
  }

  /// Adds the `WWW-Authenticate` header of an API or token endpoint that refused a request.
  func addChallenges(to document: inout Document) {
    for message in record.messages {
      for header in message.response?.headers.all("WWW-Authenticate") ?? [] {
        guard let challenge = AuthenticationChallenge(header: header) else { continue }
        document.heading("Refused: \(HarmlessText.line(challenge.scheme))")
        for field in challenge.parameters {
          addField(field, .challengeAttribute, "challenge\(message.id)", to: &document)
          if field.name == "error", let entry = Glossary.entry(field.value, in: .errorCode) {
            document.add(.paragraph([Span(entry.meaning, .statusWarn)], indent: 2))
          }
        }
      }
    }
  }
}
