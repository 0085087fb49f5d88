import DemoTenant
import HybridFlow
import OpenID

/// Faults that show only after the flow: at a refresh, at the userinfo endpoint, at a logout.
extension Lab {
  private static let bob = "auth0|6743f0a1c0ffee0000000002"

  static let afterFaults: [LabFault] = [
    refreshed(
      "refreshed-token-of-another-person", .refreshSameIssSubAud, [.set("sub", .string(bob))],
      does: "After a refresh the ID token is about another person.",
      gain: "The session goes on under a changed name: one person sees the data of another.",
      lesson: """
        A refresh continues a sign-in; it never begins one. So the new ID token must name the same \
        issuer, the same person and the same application as the first. Programs that replace the \
        session’s profile by whatever the last token says would switch the account without anybody \
        signing in. Keep the ID token of the sign-in, and compare.
        """),
    refreshed(
      "refreshed-token-of-another-issuer", .refreshSameIssSubAud, also: [.idTokenIss],
      [.set("iss", "https://attacker.example/")],
      does: "After a refresh the ID token comes from another issuer.",
      gain: "A second provider could take over a session that the first one began.",
      lesson: """
        Applications with several providers keep refresh tokens of each. If one is sent to the \
        wrong endpoint, or an endpoint answers for another, the ID token says so: its issuer is not \
        the one of the sign-in. Two rules notice it, the general one of every ID token and the one \
        of the refresh. Believe neither token then.
        """),
    refreshed(
      "refreshed-token-for-another-client", .refreshSameIssSubAud,
      also: [.idTokenAud, .idTokenAudExtra], [.set("aud", "another-application")],
      does: "After a refresh the ID token is made for another application.",
      gain: "Tokens of an application with fewer rules would be taken for this one’s own.",
      lesson: """
        The audience of a refreshed ID token must still contain this application. It is easily \
        forgotten, because the refresh happens in the background and nobody looks: many programs \
        verify the first token with care and decode the later ones only. Every ID token goes \
        through the same list, whenever and wherever it comes from.
        """),
    refreshed(
      "refreshed-token-of-a-new-login", .refreshSameIssSubAud,
      [.moment("auth_time", seconds: 600)],
      does: "The refreshed ID token claims that the person has just signed in.",
      gain: "A login from this morning passes for a fresh one, and confirms a payment.",
      lesson: """
        Nobody sat at the keyboard when the refresh token was used, so the time of the login must \
        stay what it was. A token that moves auth_time forward makes an old session look fresh, and \
        every rule about the age of a login becomes worthless. iat tells when the token was made; \
        only auth_time tells when a person was there.
        """),
    refreshed(
      "refreshed-nonce-of-another-run", .nonceMatch,
      [.set("nonce", "nonce-of-another-run-0123456789")],
      does: "The refreshed ID token carries the nonce of somebody’s other sign-in.",
      gain: "A token of another session could be pushed under this one unnoticed.",
      lesson: """
        A nonce belongs to one authorization request, and a refresh has none. So a refreshed ID \
        token should not carry a nonce at all; if it does, it must be the one of the sign-in. \
        Another value means that the token was made for another sign-in, perhaps of the same \
        person at another device. It is not taken.
        """),
    LabFault(
      "refreshed-token-forged", .after, .idTokenSignature, at: .data,
      by: .tenant([.signature(.refreshedIDToken, .stranger)]), then: [.refresh],
      does: "The refreshed ID token is signed with a stranger’s key.",
      gain: "Anyone who stands between the servers writes the profile of a running session.",
      lesson: """
        The first two ID tokens were verified, and the program trusts the connection by now. That \
        is the moment to be careless: a refresh is code that runs rarely and is tested less. The \
        signature of each new ID token is verified with the issuer’s keys, which may have changed \
        since the sign-in and are then fetched once more.
        """),
    LabFault(
      "old-refresh-token-kept", .after, .refreshRotation, at: .data,
      by: .application([.keepsOldRefreshToken]), then: [.refresh, .refresh],
      does: "The application goes on with the refresh token that a refresh has replaced.",
      gain: "Nothing for an attacker; the person loses the login, and with it all tokens.",
      lesson: """
        Where refresh tokens rotate, each is good for one use, and the answer brings the next. If \
        a used one comes again, perhaps two hold it, and one of them may be a thief: the tenant \
        revokes the whole chain. An application that forgets to store the new token, or two of its \
        servers refreshing at once, looks exactly like that thief. Store it before anything else.
        """),
    LabFault(
      "userinfo-later-of-another-person", .after, .userinfoSub, at: .data,
      by: .tenant([.document(.userinfo, [.set("sub", .string(bob))])]), then: [.userinfo],
      prepare: { $0.alsoUserinfo = false },
      does: "Asked after the flow, the userinfo endpoint tells of another person.",
      gain: "The profile page of one person shows the name and address of another.",
      lesson: """
        Many applications ask for the profile later, when a page needs it, far from the code that \
        checked the sign-in. The rule is the same there: sub in the answer must be the sub of the \
        ID token, or the whole answer is thrown away. An access token of somebody else, mixed up in \
        a cache, is found in this way and in no other.
        """),
    LabFault(
      "logout-without-state", .after, .logoutState, at: .data,
      by: .tenant([.logoutAnswer([.drop("state")])]), then: [.logout],
      does: "After the logout the tenant sends the browser back without the state.",
      gain: "Any page can send people to the address of the logout and end their session here.",
      lesson: """
        The address to which a browser returns after a logout is public, and anybody may link to \
        it. If the application takes every visit for a finished logout, a picture on a strange page \
        signs people out, or makes them believe that they are. The state shows that this return \
        belongs to a logout that was asked for. Without it the page says nothing.
        """),
    LabFault(
      "logout-state-altered", .after, .logoutState, at: .data,
      by: .tenant([.logoutAnswer([.append("state", "1")])]), then: [.logout],
      does: "After the logout the state comes back with one character more.",
      gain: "A comparison of the beginning only would take returns that nobody asked for.",
      lesson: """
        The state of a logout is compared as that of a sign-in: byte by byte, with its length. A \
        value that is nearly right is wrong, no matter who changed it. It is a warning and not a failure, \
        because nothing is given away here: the application merely does not know whether the person \
        is signed out at the tenant, and must not claim it.
        """),
  ]

  private static func refreshed(
    _ id: String, _ check: CheckID, also: Set<CheckID> = [], _ edits: [JSONEdit],
    does: String, gain: String, lesson: String
  ) -> LabFault {
    LabFault(
      id, .after, check, also: also, at: .data, by: .tenant([.claims(.refreshedIDToken, edits)]),
      then: [.refresh], does: does, gain: gain, lesson: lesson)
  }
}
