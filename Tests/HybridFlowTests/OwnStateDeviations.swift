import HybridFlow
import OpenID
import Testing

/// What an application does wrong with its own cookie and with its own accounts.
enum OwnStateDeviations {
  static let cookie: [Deviation] = [
    .stop("the cookie is Lax", .callback, [.sessionCookieReturned]) { own, _ in
      own.sessionCookie = SessionCookie(.lax)
    },
    .stop("the cookie is Strict", .callback, [.sessionCookieReturned]) { own, _ in
      own.sessionCookie = SessionCookie(.strict)
    },
    .stop("the cookie has no SameSite", .callback, [.sessionCookieReturned]) { own, _ in
      own.sessionCookie = SessionCookie(.unset)
    },
    .warn("the browser keeps no cookie of http", [.sessionCookieReturned]) { own, provider in
      own.sessionCookie = SessionCookie()
      provider.editCallback = { $0.headers.lines.removeAll { $0.name == "Cookie" } }
    },
    .stop("another value came", .callback, [.sessionCookieReturned]) { own, provider in
      own.sessionCookie = SessionCookie()
      provider.editCallback = { $0.headers.set("Cookie", "__Host-session_8931=planted") }
    },
    .stop("two of the name came", .callback, [.sessionCookieReturned]) { own, provider in
      own.sessionCookie = SessionCookie(.none, hasHostPrefix: false)
      provider.editCallback = {
        $0.headers.set("Cookie", "session_8931=planted; " + ($0.headers["Cookie"] ?? ""))
      }
    },
    .warn("a browser lets a cookie without SameSite pass", [.sessionCookieReturned]) {
      own, provider in
      own.sessionCookie = SessionCookie(.unset)
      let value = Sample.secrets.session.reveal()
      provider.editCallback = { $0.headers.add("Cookie", "__Host-session_8931=\(value)") }
    },
  ]

  static let account: [Deviation] = [
    .stop("the account is looked up by e-mail address", .data, [.accountKey]) { own, _ in
      own.accounts = AccountBook(key: .email)
    },
    .stop("the account is looked up by sub alone", .data, [.accountKey]) { own, _ in
      own.accounts = AccountBook(key: .subject)
    },
  ]
}
