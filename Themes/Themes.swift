/// The theme files beside this source, as they were when the program was built.
///
/// Nothing is decoded here, so that a start costs only the one theme that is used.
public enum EmbeddedThemes {
  /// The themes in the order in which a list shows them: dark and light for every day first.
  public static let ids = [
    "calm-dark", "projector-light", "high-contrast-dark", "okabe-ito-dark", "okabe-ito-light",
    "nord", "gruvbox-dark", "selenized-white",
  ]

  /// The bytes of one file, found by the id that is also its name.
  public static func bytes(of id: String) -> [UInt8]? {
    switch id {
    case "calm-dark": PackageResources.calm_dark_json
    case "projector-light": PackageResources.projector_light_json
    case "high-contrast-dark": PackageResources.high_contrast_dark_json
    case "okabe-ito-dark": PackageResources.okabe_ito_dark_json
    case "okabe-ito-light": PackageResources.okabe_ito_light_json
    case "nord": PackageResources.nord_json
    case "gruvbox-dark": PackageResources.gruvbox_dark_json
    case "selenized-white": PackageResources.selenized_white_json
    default: nil
    }
  }

  /// Every file with its id.
  public static var all: [(id: String, bytes: [UInt8])] {
    ids.compactMap { id in bytes(of: id).map { (id, $0) } }
  }
}
