#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A colour as light: linear red, green and blue from 0 to 1.
public struct LinearColor: Sendable, Hashable {
  /// The amounts.
  public var red: Double, green: Double, blue: Double

  /// Makes a colour from amounts.
  public init(red: Double, green: Double, blue: Double) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// Makes a colour from 0xRRGGBB, undoing the curve of sRGB.
  public init(rgb: UInt32) {
    self.init(
      red: Self.linear(rgb >> 16), green: Self.linear(rgb >> 8), blue: Self.linear(rgb))
  }

  private static func linear(_ channel: UInt32) -> Double {
    let share = Double(channel & 0xFF) / 255
    return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
  }

  /// How bright it is, from 0 to 1.
  ///
  /// WCAG 2.2, relative luminance.
  public var luminance: Double { 0.2126 * red + 0.7152 * green + 0.0722 * blue }

  /// The contrast with another colour, from 1 to 21.
  ///
  /// WCAG 2.2, contrast ratio; do not round it up for a comparison.
  public func contrast(with other: LinearColor) -> Double {
    let (high, low) = (max(luminance, other.luminance), min(luminance, other.luminance))
    return (high + 0.05) / (low + 0.05)
  }

  /// The colour as a person with this deficiency sees it.
  ///
  /// Machado, Oliveira and Fernandes (2009), at full severity.
  public func seen(with deficiency: ColorDeficiency) -> LinearColor {
    let rows = deficiency.rows
    func mix(_ row: [Double]) -> Double {
      min(1, max(0, row[0] * red + row[1] * green + row[2] * blue))
    }
    return LinearColor(red: mix(rows[0]), green: mix(rows[1]), blue: mix(rows[2]))
  }

  /// How different two colours look: the distance in CIELAB, as CIE defined it in 1976.
  public func difference(from other: LinearColor) -> Double {
    let (mine, theirs) = (lab, other.lab)
    let (dl, da, db) = (
      mine.lightness - theirs.lightness, mine.a - theirs.a, mine.b - theirs.b
    )
    return (dl * dl + da * da + db * db).squareRoot()
  }

  /// Lightness and two opponent axes, under daylight (D65).
  public var lab: (lightness: Double, a: Double, b: Double) {
    let x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    let y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    let z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    func f(_ t: Double) -> Double {
      t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116
    }
    let (fx, fy, fz) = (f(x), f(y), f(z))
    return (116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz))
  }
}

/// A colour vision deficiency: one of the three cone types is missing.
public enum ColorDeficiency: String, Sendable, Hashable, CaseIterable {
  /// No red cones.
  case protanopia
  /// No green cones: the most common.
  case deuteranopia
  /// No blue cones.
  case tritanopia

  fileprivate var rows: [[Double]] {
    switch self {
    case .protanopia:
      [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
      ]
    case .deuteranopia:
      [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
      ]
    case .tritanopia:
      [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
      ]
    }
  }
}

/// The 256 colours of terminals, and the search for the nearest.
public enum IndexedPalette {
  /// The colour of an index from 16 to 255: a cube of six levels, then 24 greys.
  ///
  /// Nil for 0 to 15: people choose those themselves.
  public static func rgb(_ index: UInt8) -> UInt32? {
    guard index >= 16 else { return nil }
    if index >= 232 {
      let grey = UInt32(index - 232) * 10 + 8
      return grey << 16 | grey << 8 | grey
    }
    let cell = UInt32(index - 16)
    func level(_ step: UInt32) -> UInt32 { step == 0 ? 0 : step * 40 + 55 }
    return level(cell / 36) << 16 | level(cell / 6 % 6) << 8 | level(cell % 6)
  }

  /// The most similar index among those that keep a contrast with the given backgrounds.
  ///
  /// The nearest colour alone would break the contrast of most known palettes. If no index keeps
  /// it, the one with the most contrast is taken.
  public static func nearest(
    to rgb: UInt32, floor: Double = 0, on grounds: [LinearColor] = []
  ) -> UInt8 {
    let wanted = LinearColor(rgb: rgb)
    var best: (index: UInt8, distance: Double)?
    var strongest: (index: UInt8, contrast: Double) = (16, 0)
    for index in UInt8(16)...255 {
      guard let candidate = self.rgb(index).map(LinearColor.init(rgb:)) else { continue }
      let contrast = grounds.map { candidate.contrast(with: $0) }.min() ?? 21
      if contrast > strongest.contrast { strongest = (index, contrast) }
      guard contrast >= floor else { continue }
      let distance = candidate.difference(from: wanted)
      if distance < best?.distance ?? .infinity { best = (index, distance) }
    }
    return best?.index ?? strongest.index
  }

  /// The one of the sixteen colours for text of this colour; the terminal's default for greys.
  public static func nearestANSI(to rgb: UInt32) -> ANSIColor {
    let lab = LinearColor(rgb: rgb).lab
    let chroma = (lab.a * lab.a + lab.b * lab.b).squareRoot()
    guard chroma >= 15 else { return .default }
    let hue = atan2(lab.b, lab.a) * 180 / .pi
    // The hues of the six colours in CIELAB.
    let hues: [(ANSIColor, Double)] = [
      (.red, 40), (.yellow, 95), (.green, 140), (.cyan, -145), (.blue, -70), (.magenta, -30),
    ]
    func gap(_ other: Double) -> Double {
      let raw = abs(hue - other)
      return min(raw, 360 - raw)
    }
    return hues.min { gap($0.1) < gap($1.1) }?.0 ?? .default
  }
}
