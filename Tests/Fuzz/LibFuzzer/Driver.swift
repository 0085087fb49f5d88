import Glibc

/// The parser that HYBRID_FLOW_FUZZ_PARSER names.
private let parser: FuzzParser = {
  let name = getenv("HYBRID_FLOW_FUZZ_PARSER").map { String(cString: $0) } ?? ""
  if let parser = FuzzParser.named(name) { return parser }
  let names = FuzzParser.all.map(\.name).joined(separator: ", ")
  say("HYBRID_FLOW_FUZZ_PARSER names no parser. There are: \(names).")
  exit(2)
}()

private func say(_ text: String) {
  let bytes = Array((text + "\n").utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}

/// What libFuzzer calls for every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  do {
    try parser.check(bytes)
  } catch {
    say("Property of \(parser.name): \(error)")
    abort()
  }
  return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ callback: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

/// SwiftPM calls the program's entry by this name, so libFuzzer's own `main` is not linked.
@_cdecl("fuzz_parsers_main")
public func fuzzMain(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  var count = count
  var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = arguments
  return runFuzzer(&count, &arguments) { fuzzOneInput($0, $1) }
}
