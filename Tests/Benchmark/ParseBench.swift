import Cryptography
import OpenID

/// JSON and tokens, in bytes a second.
enum ParseBench {
  static func rows(_ bench: Bench) throws -> [Row] {
    var rows: [Row] = []
    var least: [Double] = []
    for kibibytes in [64, 256, 1024] {
      let text = document(bytes: kibibytes << 10)
      let each = Clock.each { _ = try? JSONParser.parse(text) }
      least.append(each.median)
      rows.append(
        Row("parsing", "JSON of \(kibibytes) KiB", "MB/s", speed(text.count, each)))
    }
    rows.append(
      Row("parsing", "JSON, 4 times the bytes (64 to 256 KiB)", "x", least[1] / least[0]).atMost(6))
    rows.append(
      Row("parsing", "JSON, 4 times the bytes (256 to 1024 KiB)", "x", least[2] / least[1]).atMost(
        6))
    for algorithm in [SignatureAlgorithm.rs256, .ps256, .es256] {
      let key = try SigningKey.generate(algorithm, keyID: "bench")
      let input = [UInt8](repeating: 7, count: 700)
      let signature = try key.sign(input)
      let each = Clock.each {
        _ = try? Signature.verify(
          signature: signature, of: input, algorithm: algorithm, key: key.publicJWK)
      }
      let perSecond = Samples(values: each.values.map { 1000 / $0 })
      rows.append(
        Row("parsing", "\(algorithm.rawValue) verifying, key read each time", "/s", perSecond))
    }
    return rows
  }

  private static func speed(_ bytes: Int, _ each: Samples) -> Samples {
    Samples(values: each.values.map { Double(bytes) / $0 / 1000 })
  }

  private static func document(bytes: Int) -> [UInt8] {
    var text = #"{"keys":["#
    let entry =
      #"{"name":"a claim \u00e9","values":[1,2.5,true,null],"text":"some words of a usual length"}"#
    while text.utf8.count < bytes { text += (text.hasSuffix("[") ? "" : ",") + entry }
    return Array((text + "]}").utf8)
  }
}
