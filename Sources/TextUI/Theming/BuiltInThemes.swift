/// The two themes that are not files.
///
/// `terminal` uses the sixteen colours of the person's terminal; `mono` uses none, and is the theme
/// for `NO_COLOR` and terminals without colours.
extension ThemeFile {
  /// The terminal's own colours.
  public static let terminal = ThemeFile(
    id: "terminal", name: "Terminal", author: "the colours of the terminal itself", isLight: false,
    roles: [
      .background: RoleEntry(background: "default"),
      .selection: RoleEntry(emphasis: .reverse),
      .text: RoleEntry(foreground: "default"),
      .textStrong: RoleEntry(emphasis: .bold),
      .borderFocus: RoleEntry(foreground: "cyan", emphasis: .bold),
      .title: RoleEntry(emphasis: .bold),
      .cursor: RoleEntry(emphasis: .reverse),
      .link: RoleEntry(foreground: "cyan", emphasis: .underline),
      .statusPass: RoleEntry(foreground: "green", emphasis: .bold),
      .statusFail: RoleEntry(foreground: "red", emphasis: .bold),
      // Yellow text cannot be read on a light background, which this theme may have.
      .statusWarn: RoleEntry(foreground: "yellow", emphasis: [.bold, .reverse]),
      .statusInfo: RoleEntry(foreground: "cyan"),
      .statusCurrent: RoleEntry(foreground: "cyan", emphasis: .bold),
      .sequenceActor: RoleEntry(emphasis: .bold),
      .sequenceArrowCurrent: RoleEntry(foreground: "cyan", emphasis: .bold),
      .sequenceFront: RoleEntry(foreground: "cyan"),
      .sequenceBack: RoleEntry(foreground: "magenta"),
      .wireMethod: RoleEntry(foreground: "magenta", emphasis: .bold),
      .wireStatusOK: RoleEntry(foreground: "green"),
      .wireStatusRedirect: RoleEntry(foreground: "cyan"),
      .wireStatusError: RoleEntry(foreground: "red"),
      .wireURL: RoleEntry(foreground: "cyan"),
      .wireParameter: RoleEntry(foreground: "magenta"),
      .wireHeader: RoleEntry(foreground: "magenta"),
      .wireToken: RoleEntry(foreground: "red"),
      .jsonKey: RoleEntry(foreground: "magenta"),
      .jsonString: RoleEntry(foreground: "green"),
      .jsonNumber: RoleEntry(foreground: "red"),
      .jsonLiteral: RoleEntry(foreground: "cyan"),
      .footerKey: RoleEntry(foreground: "cyan", emphasis: .bold),
    ])

  /// Weight, lines and reverse; no colour at all.
  public static let mono = ThemeFile(
    id: "mono", name: "Mono", author: "no colours", isLight: false,
    roles: [
      .background: RoleEntry(background: "default"),
      .selection: RoleEntry(emphasis: .reverse),
      .text: RoleEntry(foreground: "default"),
      .textStrong: RoleEntry(emphasis: .bold),
      .borderFocus: RoleEntry(emphasis: .bold),
      .title: RoleEntry(emphasis: .bold),
      .cursor: RoleEntry(emphasis: .reverse),
      .link: RoleEntry(emphasis: .underline),
      .statusPass: RoleEntry(emphasis: .bold),
      .statusFail: RoleEntry(emphasis: [.bold, .reverse]),
      .statusWarn: RoleEntry(emphasis: [.bold, .underline]),
      .statusCurrent: RoleEntry(emphasis: .bold),
      .sequenceActor: RoleEntry(emphasis: .bold),
      .sequenceArrowCurrent: RoleEntry(emphasis: .bold),
      .wireMethod: RoleEntry(emphasis: .bold),
      .wireStatusError: RoleEntry(emphasis: .bold),
      .wireParameter: RoleEntry(emphasis: .bold),
      .wireHeader: RoleEntry(emphasis: .bold),
      .jsonKey: RoleEntry(emphasis: .bold),
      .footerKey: RoleEntry(emphasis: .bold),
    ])
}
