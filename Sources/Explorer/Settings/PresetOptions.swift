import OpenID

extension Invocation {
  /// The command line with what its preset knows filled in.
  func withPreset() throws(UsageFault) -> Invocation {
    guard let name = self["--preset"] else {
      for option in ["--domain", "--realm", "--tenant"] where has(option) {
        throw UsageFault("\(option) is for a preset: add --preset NAME, or give --issuer URL.")
      }
      return self
    }
    guard let preset = ProviderPreset(rawValue: name) else {
      let names = ProviderPreset.allCases.map(\.rawValue)
      let hint = Spelling.nearest(to: name, among: names).map { " Did you mean \($0)?" } ?? ""
      throw UsageFault(
        "--preset \(name): it is one of \(names.joined(separator: ", ")).\(hint)")
    }
    guard !has("--issuer") else {
      throw UsageFault("--issuer and --preset exclude each other: the preset makes the issuer.")
    }
    var result = self
    result.values["--issuer"] = [try preset.issuer(self)]
    if !has("--scope") { result.values["--scope"] = [preset.scope] }
    return result
  }
}
