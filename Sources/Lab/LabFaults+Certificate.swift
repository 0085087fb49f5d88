import DemoTenant
import HybridFlow
import OpenID

/// What goes wrong with mutual TLS: the client proves itself with a certificate, and its access
/// tokens are bound to it.
extension Lab {
  /// The thumbprint that RFC 8705 has as its example, section 3.1: of nobody's certificate here.
  private static let foreignThumbprint = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"

  static let certificateFaults: [LabFault] = [
    LabFault(
      "cnf-missing", .certificate, .accessTokenCnfCertificate, types: [.codeIDToken], at: .tokens,
      by: .tenant([.claims(.secondAccessToken, [.drop("cnf")])]),
      prepare: { $0.clientAuthentication = .tlsClientAuth },
      does: "The access token does not say to which certificate it is bound.",
      gain: "Whoever reads the access token somewhere can use it from any machine.",
      lesson: """
        The application has shown its certificate, and the provider promises tokens that are bound \
        to it. The binding is one claim: cnf with x5t#S256, the SHA-256 of the certificate. Without \
        it the token is an ordinary bearer token, and every API takes it from anybody. Nothing in \
        the login looks different, so a careful application compares the claim with its own \
        certificate before it relies on the promise.
        """),
    LabFault(
      "cnf-of-another-certificate", .certificate, .accessTokenCnfCertificate, types: [.codeIDToken],
      at: .tokens,
      by: .tenant([
        .claims(
          .secondAccessToken,
          [.set("cnf", .object([JSONMember("x5t#S256", .string(foreignThumbprint))]))])
      ]),
      prepare: { $0.clientAuthentication = .tlsClientAuth },
      does: "The access token is bound to the certificate of somebody else.",
      gain: "The token works for that somebody, and for nobody here.",
      lesson: """
        A proxy in front of the provider often ends the TLS connection and passes the certificate \
        on in a header. If it passes the wrong one, such as its own, or one of an earlier request, \
        the token is bound to a stranger. Our calls are then refused with invalid_token, and the \
        cause looks like a fault of the API. The comparison of x5t#S256 with our own certificate \
        shows at once where it went wrong.
        """),
    LabFault(
      "front-token-unbound", .certificate, .accessTokenFrontUnbound,
      types: LabFault.withAccessToken, sections: [.rfc(8705, "3")], by: .application([]),
      prepare: { $0.clientAuthentication = .tlsClientAuth },
      does: "The application asks for an access token through the browser as well.",
      gain:
        "A script that reads it in the browser can use it from anywhere: it is bound to nothing.",
      lesson: """
        A token can be bound to a certificate only where one is shown. The authorization endpoint \
        is for browsers, and a browser shows no certificate of the application. So with a response \
        type that brings an access token there is one bound token, and beside it a bearer token that \
        opens the same API. Whoever wants bound tokens asks for code id_token, or for code alone, \
        and takes the access token from the token endpoint.
        """),
    LabFault(
      "mtls-alias-ignored", .certificate, .mtlsAliasUsed, types: [.codeIDToken], at: .exchange,
      by: .application([.ignoresAlias]),
      prepare: { $0.clientAuthentication = .tlsClientAuth },
      does: "The application sends the code to the ordinary token endpoint, not to its alias.",
      gain: "Nothing: nobody asks for a certificate there, and the provider refuses the client.",
      lesson: """
        A server that asks for certificates would make every browser show a dialogue, so providers \
        put that server at another address. The metadata name it in mtls_endpoint_aliases, with one \
        alias for each endpoint. An application that reads only token_endpoint reaches a server \
        that never asks, shows nothing, and gets invalid_client, although its certificate is right. \
        The certificate is not the first thing to doubt then.
        """),
    LabFault(
      "mtls-client-id-left-out", .certificate, tenantRule: "mtls-client-id",
      types: [.codeIDToken], sections: [.rfc(8705, "2")], by: .application([.leavesOutClientID]),
      prepare: { $0.clientAuthentication = .tlsClientAuth },
      does: "The application shows its certificate and does not say which client it is.",
      gain: "Nothing: the provider cannot tell whose certificate it is to compare.",
      lesson: """
        With a secret in the Authorization header the client id travels there, and the form needs \
        none. A certificate is different: it says who its owner is in the words of the authority \
        that issued it, and the provider does not look for that name among its clients. So client_id \
        has to stand in the form. Code that was changed from a secret to a certificate easily \
        forgets it.
        """),
    LabFault(
      "certificate-of-another-client", .certificate, tenantRule: "mtls-registered",
      types: [.codeIDToken], sections: [.rfc(8705, "2.1")],
      by: .application([.showsOtherCertificate]),
      prepare: { $0.clientAuthentication = .tlsClientAuth },
      does: "The application shows a good certificate of the same authority, issued to another.",
      gain: "Nothing: a certificate of the right authority is not enough.",
      lesson: """
        An authority issues certificates to many. If a provider only looked who has issued one, \
        each of those clients could act for every other. So it also compares the name: exactly one \
        of the subject or an entry of subjectAltName is registered for each client. A certificate \
        of a test system, or one that was renewed under a new name, fails the same way, and the \
        answer is only invalid_client.
        """),
    LabFault(
      "bound-token-without-certificate", .certificate, .boundTokenWithCertificate,
      types: [.codeIDToken], at: .api, by: .application([.callsWithoutCertificate]),
      prepare: { $0.clientAuthentication = .tlsClientAuth },
      does: "The application calls the API with a bound token, and shows no certificate.",
      gain: "Nothing: the API refuses the token, as it would refuse a thief.",
      lesson: """
        The token endpoint and the API are often asked by two parts of an application, each with a \
        connection of its own. Only the first may know the certificate. The API compares the \
        certificate of its own connection with x5t#S256 in the token, finds none, and answers 401 \
        with invalid_token. That is the point of the binding: a copied token alone is worth \
        nothing, whoever holds it.
        """),
    LabFault(
      "introspection-without-cnf", .certificate, .cnfSameInIntrospection, types: [.codeIDToken],
      at: .data, by: .tenant([.document(.introspection, [.drop("cnf")])]),
      then: [.introspect(.accessToken)],
      prepare: { $0.clientAuthentication = .tlsClientAuth },
      does: "The introspection endpoint does not tell to which certificate a token is bound.",
      gain: "An API that asks there takes a stolen token from anybody.",
      lesson: """
        Some APIs do not read a token themselves, and opaque tokens nobody can read. They ask the \
        introspection endpoint, and act on its answer alone. If the answer leaves out cnf, the API \
        cannot know that the token is bound, and takes it from everybody. The token, the answer and \
        the certificate have to say the same: one claim that is lost on one of the ways undoes the \
        binding.
        """),
  ]
}
