import OpenID

extension Message {
  /// What a message that a fault of the lab has changed was without the fault.
  public enum Original: Sendable, Equatable {
    /// The same message, honest.
    case content(Content)
    /// There is no such message without the fault.
    case nothing
  }

  /// The honest message, if it is another one than this.
  public var honest: Content? {
    guard case .content(let honest) = original, honest != content else { return nil }
    return honest
  }

  /// Takes over a request as it was really sent, with the header lines that the HTTP client adds.
  mutating func complete(with sent: HTTPRequest) {
    if case .content(.request(var honest)) = original, let written = request {
      for line in sent.headers.lines where written.headers[line.name] == nil {
        if honest.headers[line.name] == nil { honest.headers.lines.append(line) }
      }
      // The handshake was one and the same, whichever certificate was to be shown.
      if honest.security != nil, let security = sent.security {
        let certificate = honest.security?.certificate
        honest.security = security
        honest.security?.certificate = certificate
      }
      original = .content(.request(honest))
    }
    content = .request(sent)
  }
}

extension Transcript {
  /// The messages in the place of the fault, in order.
  public var changedMessages: [Message] {
    guard tampering != nil else { return [] }
    return records.flatMap(\.messages).filter { $0.tamperedBy != nil }
  }

  /// Whether the newest message that a fault has changed is still without its original.
  public var lacksOriginal: Bool { newestChanged.map { self[$0].original == nil } ?? false }

  /// Keeps the original of the newest changed message, unless it has one already.
  mutating func keep(_ original: Message.Original) {
    guard let place = newestChanged, self[place].original == nil else { return }
    if case .content(let content) = original {
      switch (content, self[place].content) {
      case (.request, .request), (.response, .response): break
      case (.request, .response), (.response, .request): return
      }
    }
    self[place].original = original
  }

  /// Where a message stands.
  private struct Place {
    var isAfter: Bool
    var record: Int
    var message: Int
  }

  private subscript(place: Place) -> Message {
    get {
      let record = place.isAfter ? afterwards[place.record].record : stages[place.record]
      return record.messages[place.message]
    }
    set {
      if place.isAfter {
        afterwards[place.record].record.messages[place.message] = newValue
      } else {
        stages[place.record].messages[place.message] = newValue
      }
    }
  }

  private var newestChanged: Place? {
    guard tampering != nil else { return nil }
    for (isAfter, records) in [(true, afterwards.map(\.record)), (false, stages)] {
      for (index, record) in records.enumerated().reversed() {
        if let message = record.messages.lastIndex(where: { $0.tamperedBy != nil }) {
          return Place(isAfter: isAfter, record: index, message: message)
        }
      }
    }
    return nil
  }
}
