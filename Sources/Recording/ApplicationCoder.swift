import HybridFlow
import OpenID

/// Writes what the application is to a recording, its cookie and its accounts, and reads it.
enum ApplicationCoder {
  static func json(_ cookie: SessionCookie) -> JSONValue {
    .line(
      ("same_site", .string(cookie.sameSite.rawValue)),
      ("host_prefix", .flag(cookie.hasHostPrefix)))
  }

  static func cookie(_ row: FieldReader) throws(RecordingError) -> SessionCookie {
    SessionCookie(
      try row.choice("same_site", SessionCookie.SameSite.self),
      hasHostPrefix: try row.flag("host_prefix"))
  }

  static func json(_ book: AccountBook) -> JSONValue {
    .line(
      ("key", .string(book.key.rawValue)),
      (
        "rows",
        .array(
          book.rows.map { row in
            .line(
              ("owner", .string(row.owner)), ("iss", .text(row.issuer)),
              ("sub", .text(row.subject)), ("email", .text(row.email)),
              ("email_proven", .flag(row.isEmailProven)))
          })
      ))
  }

  static func accounts(_ row: FieldReader) throws(RecordingError) -> AccountBook {
    var book = AccountBook(key: try row.choice("key", AccountKey.self))
    for row in try row.objects("rows") {
      book.rows.append(
        Account(
          owner: try row.text("owner"), issuer: try row.optionalText("iss"),
          subject: try row.optionalText("sub"), email: try row.optionalText("email"),
          isEmailProven: try row.flag("email_proven")))
    }
    return book
  }
}
