import TextUI

/// Draws a model: the same model and size give the same frame.
public struct ExplorerScreen: Sendable {
  private let model: ExplorerModel

  /// Makes a screen of a model.
  public init(_ model: ExplorerModel) { self.model = model }

  /// The frame for any size.
  public func frame(size: ScreenSize) -> Frame {
    var model = model
    model.size = size
    let layout = Layout(size: size, focus: model.focus, isZoomed: model.isZoomed)
    model.focus = layout.focus(model.focus)
    var painter = Painter(model, layout)
    painter.paint()
    return painter.frame
  }
}
