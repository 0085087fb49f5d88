import CNcurses
import TextUI

/// Draws the rows of frames with ncurses in the colours of one theme.
final class CellPainter {
  let theme: Theme
  private let depth: ColorDepth
  private var brushes: [Surface: Brush] = [:]
  private var glyphs: [String: [UInt32]] = [:]

  private struct Surface: Hashable {
    var role: Role, surface: Role, emphasis: Emphasis
  }

  private struct Brush {
    var attributes: UInt32
    var pair: Int32
  }

  init(theme: Theme, depth: ColorDepth) {
    (self.theme, self.depth) = (theme, depth)
  }

  func paint(row: Int, columns: ClosedRange<Int>, of frame: Frame) {
    var last: (surface: Surface, brush: Brush)?
    var isRightHalf = false
    for column in columns {
      let cell = frame[column, row]
      // The left half is drawn already, and covers this one.
      if isRightHalf, cell.glyph.isEmpty {
        isRightHalf = false
        continue
      }
      let surface = Surface(role: cell.role, surface: cell.surface, emphasis: cell.emphasis)
      let brush: Brush
      if let last, last.surface == surface {
        brush = last.brush
      } else {
        brush = self.brush(for: surface)
        last = (surface, brush)
      }
      let isWide = column + 1 < frame.size.columns && frame[column + 1, row].glyph.isEmpty
      let scalars = scalars(of: cell.glyph, isWide: isWide)
      isRightHalf = scalars.first.map { locale_width($0) == 2 } ?? false
      screen_put(
        Int32(row), Int32(column), scalars, Int32(scalars.count), brush.attributes, brush.pair)
    }
  }

  private func brush(for surface: Surface) -> Brush {
    if let known = brushes[surface] { return known }
    let style = theme.style(
      for: surface.role, on: surface.surface, emphasis: surface.emphasis)
    let look = depth.look(of: style, isSelected: surface.surface == .selection)
    let brush = Brush(
      attributes: UInt32(look.emphasis.rawValue),
      pair: depth == .monochrome ? 0 : screen_pair(look.foreground, look.background))
    brushes[surface] = brush
    return brush
  }

  /// The scalars for ncurses: a question mark if the C library gives a glyph another width than the
  /// frame, because everything to its right would shift; a blank for half a glyph.
  private func scalars(of glyph: String, isWide: Bool) -> [UInt32] {
    if glyph.utf8.count == 1, let byte = glyph.utf8.first, byte >= 0x20, byte < 0x7F {
      return [UInt32(byte)]
    }
    let known: [UInt32]
    if let cached = glyphs[glyph] {
      known = cached
    } else {
      known = Array(glyph.unicodeScalars.map(\.value).prefix(Int(SCREEN_SCALARS_MAX)))
      if glyphs.count < Self.glyphsMax { glyphs[glyph] = known }
    }
    guard let first = known.first else { return [0x20] }
    return locale_width(first) == (isWide ? 2 : 1) ? known : [0x3F]
  }

  private static let glyphsMax = 4096
}
