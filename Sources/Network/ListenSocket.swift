import Glibc
import OpenID

/// Why a port could not be listened on.
public enum ListenError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Another program listens there; its name, if the system tells.
  case portInUse(port: Int, holder: String?)
  /// The system reserves the port, usually one below 1024.
  case notAllowed(port: Int)
  /// The address does not belong to this machine, or cannot be used for another reason.
  case cannotBind(address: String, reason: String)

  /// What happened and what to do, for a person.
  public var description: String {
    switch self {
    case .portInUse(let port, let holder):
      "port \(port) is in use by \(holder ?? "another program"); stop it, or choose another port"
    case .notAllowed(let port):
      "port \(port) is not open to this user; choose one above 1023"
    case .cannotBind(let address, let reason):
      "cannot listen on \(address): \(reason)"
    }
  }
}

/// A numeric address and a port, of either family.
struct SocketAddress {
  var storage = sockaddr_storage()
  var length: socklen_t

  var family: Int32 { Int32(storage.ss_family) }

  /// Reads a numeric address; IPv6 without brackets.
  init?(_ address: String, port: Int) {
    let networkPort = in_port_t(truncatingIfNeeded: port).bigEndian
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, address, &four) == 1 {
      length = socklen_t(MemoryLayout<sockaddr_in>.size)
      var value = sockaddr_in()
      value.sin_family = sa_family_t(AF_INET)
      value.sin_port = networkPort
      value.sin_addr = four
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: value, as: sockaddr_in.self) }
    } else if inet_pton(AF_INET6, address, &six) == 1 {
      length = socklen_t(MemoryLayout<sockaddr_in6>.size)
      var value = sockaddr_in6()
      value.sin6_family = sa_family_t(AF_INET6)
      value.sin6_port = networkPort
      value.sin6_addr = six
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: value, as: sockaddr_in6.self) }
    } else {
      return nil
    }
  }

  /// Reads the address that a system call returns.
  init?(_ fill: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) {
    var filled = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = withUnsafeMutablePointer(to: &filled) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { fill($0, &size) }
    }
    guard result >= 0 else { return nil }
    storage = filled
    length = size
  }

  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    withUnsafePointer(to: storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }

  var port: Int {
    withUnsafeBytes(of: storage) { bytes in
      family == AF_INET6
        ? Int(in_port_t(bigEndian: bytes.load(as: sockaddr_in6.self).sin6_port))
        : Int(in_port_t(bigEndian: bytes.load(as: sockaddr_in.self).sin_port))
    }
  }

  var address: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN) + 1)
    withUnsafeBytes(of: storage) { bytes in
      if family == AF_INET6 {
        var value = bytes.load(as: sockaddr_in6.self).sin6_addr
        _ = inet_ntop(AF_INET6, &value, &text, socklen_t(text.count))
      } else {
        var value = bytes.load(as: sockaddr_in.self).sin_addr
        _ = inet_ntop(AF_INET, &value, &text, socklen_t(text.count))
      }
    }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Sockets that listen on one port, one for each address.
struct ListenSockets {
  /// Attempts to find a port that is free in both families.
  static let freePortAttempts = 20
  static let backlogConnections: Int32 = 512

  var descriptors: [Int32]
  var port: Int

  /// Listens on the loopback addresses of `localhost`, or on one numeric address.
  init(host: String, port: Int) throws(ListenError) {
    let bare = host.dropping(prefix: "[")?.dropping(suffix: "]").map { String($0) } ?? host
    let name = bare.asciiLowercased
    guard (0...65535).contains(port) else {
      throw .cannotBind(address: "\(host):\(port)", reason: "a port is a number up to 65535")
    }
    guard name == "localhost" || name.ends(with: ".localhost") else {
      let one = try Self.open(bare, port: port)
      descriptors = [one.descriptor]
      self.port = one.port
      return
    }
    var attempt = 1
    while true {
      let four = try Self.open("127.0.0.1", port: port)
      do throws(ListenError) {
        // The name may resolve to either family, and a browser may try IPv6 first.
        let six = try Self.open("::1", port: four.port)
        descriptors = [four.descriptor, six.descriptor]
        self.port = four.port
        return
      } catch {
        if case .cannotBind = error {
          descriptors = [four.descriptor]
          self.port = four.port
          return
        }
        close(four.descriptor)
        guard port == 0, attempt < Self.freePortAttempts else { throw error }
        attempt += 1
      }
    }
  }

  private static func open(
    _ address: String, port: Int
  ) throws(ListenError) -> (descriptor: Int32, port: Int) {
    guard let target = SocketAddress(address, port: port) else {
      throw .cannotBind(address: address, reason: "not a numeric address or localhost")
    }
    let descriptor = socket(target.family, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else {
      throw .cannotBind(address: address, reason: systemReason(errno))
    }
    makeNonBlocking(descriptor)
    var on: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    // Old connections in TIME_WAIT do not block the port; another listener still does.
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
    if target.family == AF_INET6 {
      setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, size)
    }
    var result = target.withPointer { bind(descriptor, $0, $1) }
    if result == 0 { result = listen(descriptor, backlogConnections) }
    guard result == 0 else {
      let code = errno
      close(descriptor)
      switch code {
      case EADDRINUSE: throw .portInUse(port: port, holder: PortHolder.find(port: port))
      case EACCES, EPERM: throw .notAllowed(port: port)
      default: throw .cannotBind(address: address, reason: systemReason(code))
      }
    }
    let local = SocketAddress { getsockname(descriptor, $0, $1) }
    return (descriptor, local?.port ?? port)
  }
}

/// Finds the program that listens on a port, as far as the system lets this user see it.
enum PortHolder {
  /// A text like `python3 (pid 123)`; nil when nothing is found.
  static func find(port: Int) -> String? {
    let inodes = Set(
      ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { listeningInodes(in: $0, port: port) })
    guard !inodes.isEmpty else { return nil }
    let wanted = Set(inodes.map { "socket:[\($0)]" })
    for pid in names(in: "/proc") where pid.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
      for descriptor in names(in: "/proc/\(pid)/fd") {
        guard let link = linkTarget("/proc/\(pid)/fd/\(descriptor)"), wanted.contains(link) else {
          continue
        }
        let name = readFile("/proc/\(pid)/comm", limitBytes: 1024) ?? []
        // A program chooses its own name: only safe characters are shown.
        let shown = name.filter { $0 > 0x20 && $0 < 0x7F }
        let text = shown.isEmpty ? "a program" : String(decoding: shown, as: UTF8.self)
        return "\(text) (pid \(pid))"
      }
    }
    return nil
  }

  private static func listeningInodes(in file: String, port: Int) -> [String] {
    guard let bytes = readFile(file, limitBytes: 4 * 1024 * 1024) else { return [] }
    let listening = "0A"
    return String(decoding: bytes, as: UTF8.self).split(at: "\n").dropFirst().compactMap {
      let columns = $0.split(at: " ")
      guard columns.count > 9, columns[3] == listening,
        let local = columns[1].split(at: ":").last, Int(local, radix: 16) == port
      else { return nil }
      return String(columns[9])
    }
  }

  private static func names(in folder: String) -> [String] {
    FolderNames.all(in: folder) { !$0.begins(with: ".") }
  }

  private static func linkTarget(_ path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.withMemoryRebound(to: CChar.self) { chars in
        chars.baseAddress.map { readlink(path, $0, chars.count) } ?? -1
      }
    }
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }
}
