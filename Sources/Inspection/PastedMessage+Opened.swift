import HybridFlow
import OpenID

extension PastedMessage {
  /// The same, with what a signed authorization response carries beside it.
  ///
  /// JARM, section 2.1. Whether to believe it is another question: the checks of the JWT say that.
  var opened: PastedMessage {
    guard let token = tokens.first(where: { $0.use == .responseObject }), let claims = token.claims
    else { return self }
    var carried = PastedMessage(
      .values, wrapping: nil, carrier: carrier, fields: ResponseJWT.fields(of: claims))
    // In a body nothing tells more than in a list of values.
    if carrier == "query" || carrier == "fragment" { carried.kind = .callback }
    guard carried.isAnswer else { return self }
    var opened = self
    opened.related.insert(carried, at: 0)
    return opened
  }
}
