import DemoTenant
import HybridFlow
import Lab
import OpenID

/// The header by which a request to the demo tenant chooses a fault of the lab.
///
/// With an authorization request the fault holds for that whole login, although later requests do
/// not carry the header; with any other request, for its answer.
public enum FaultHeader {
  /// The name of the header.
  public static let name = "X-Hybrid-Flow-Fault"

  /// A header that chooses nothing that the tenant can do; the text says why.
  struct Refusal: Error {
    var text: String

    /// The answer to such a request.
    var response: HTTPResponse {
      HTTPResponse(status: 400, mediaType: "text/plain; charset=utf-8", text: text + "\n")
    }
  }

  /// The fault that a request chooses; nil without the header.
  static func fault(of request: HTTPRequest) throws(Refusal) -> Fault? {
    let lines = request.headers.all(name)
    guard let first = lines.first else { return nil }
    guard lines.count == 1 else { throw Refusal(text: "\(name) stands there twice.") }
    do throws(TenantFault.Refusal) {
      return try TenantFault.named(first.trimmingBlanks)
    } catch {
      throw Refusal(text: "\(name): \(HarmlessText.line(error.text))")
    }
  }
}

/// The faults of the lab that the tenant itself commits.
public enum TenantFault {
  /// A name that means no such fault; the text says why, and what to do.
  public struct Refusal: Error, Sendable, Equatable {
    /// What is wrong, in sentences.
    public var text: String
  }

  /// The fault of this name, or the harmless oddity.
  ///
  /// - Throws: ``Refusal`` for an unknown name, and for what somebody else does wrong.
  public static func named(_ id: String) throws(Refusal) -> Fault {
    guard let row = Lab.row(id) else {
      let near = Lab.names(near: id).joined(separator: ", ")
      throw Refusal(
        text: "\"\(String(id.prefix(scalars: 80)))\" is no fault of the lab."
          + (near.isEmpty ? "" : " Did you mean \(near)?") + " See hybrid-flow lab --list.")
    }
    guard let fault = row.tenantFault else {
      throw Refusal(
        text: "\(id) is no deed of the tenant: \(row.who) commits it. "
          + "\"hybrid-flow test-app --only \(id)\" tries it on an application, "
          + "\"hybrid-flow lab \(id)\" shows it.")
    }
    return fault
  }
}
