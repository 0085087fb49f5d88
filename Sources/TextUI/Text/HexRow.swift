/// Up to sixteen bytes of a dump: offset, digits, text, and the fields that begin here.
public struct HexRow: Sendable {
  /// A byte and how it is shown.
  public struct Byte: Sendable {
    package var value: UInt8
    package var role: Role = .text
    /// Whether it belongs to a secret.
    public var isHidden = false

    /// Makes a byte of a dump.
    package init(
      value: UInt8, role: Role = .text, isHidden: Bool = false
    ) {
      self.value = value
      self.role = role
      self.isHidden = isHidden
    }
  }
  package var offset: Int
  package var bytes: [Byte]
  /// The fields that begin in this row, decoded.
  public var label: [Span] = []

  /// Makes a row of a dump.
  public init(
    offset: Int, bytes: [Byte], label: [Span] = []
  ) {
    self.offset = offset
    self.bytes = bytes
    self.label = label
  }

  package static let length = 16
  /// Digits, a wider gap in the middle, and text.
  private static let fullWidth = 6 + 3 * 16 + 1 + 1 + 16
  /// The room that a label needs beside the dump.
  private static let labelWidth = 16

  package func laid(_ width: Int) -> [Line] {
    let each = width >= Self.fullWidth ? Self.length : Self.length / 2
    var rows = stride(from: 0, to: bytes.count, by: each).map { start in
      Line(spans(start..<min(start + each, bytes.count), each))
    }
    guard !label.isEmpty else { return rows }
    if width >= Self.fullWidth + 2 + Self.labelWidth, var first = rows.first {
      let gap = Self.fullWidth - first.spans.width + 2
      first.spans += [Span(String(repeating: " ", count: gap))] + label
      first.spans = first.spans.fitted(width)
      rows[0] = first
    } else {
      rows.insert(Line([Span("      ")] + label), at: 0)
    }
    return rows
  }

  private func spans(_ range: Range<Int>, _ each: Int) -> [Span] {
    var digits: [Span] = []
    var texts: [Span] = []
    for index in 0..<each {
      if index == Self.length / 2 { digits.append(Span(" ")) }
      guard range.lowerBound + index < range.upperBound else {
        digits.append(Span("   "))
        continue
      }
      let byte = bytes[range.lowerBound + index]
      let isPlain = (0x20..<0x7F).contains(byte.value)
      let role: Role = byte.isHidden ? .wireMasked : isPlain ? byte.role : .textMuted
      let pair = String(byte.value, radix: 16)
      digits.append(
        Span(
          byte.isHidden ? "\u{2022}\u{2022} " : (pair.utf8.count < 2 ? "0" : "") + pair + " ", role)
      )
      texts.append(
        Span(
          byte.isHidden ? "\u{2022}" : isPlain ? String(Unicode.Scalar(byte.value)) : ".", role))
    }
    let hex = String(offset + range.lowerBound, radix: 16)
    let place = String(repeating: "0", count: max(0, 4 - hex.utf8.count)) + hex
    return Self.merged(
      [Span(TextFitting.pad(place, 6), .textMuted)] + digits + [Span(" ")] + texts)
  }

  /// Joins adjacent spans of one role.
  private static func merged(_ spans: [Span]) -> [Span] {
    var result: [Span] = []
    for span in spans {
      if let last = result.last, last.role == span.role {
        result[result.count - 1].text += span.text
      } else {
        result.append(span)
      }
    }
    return result
  }
}
