/// The settings of the test of an application, and of the plans that the lab shares with it.
extension Setting {
  package static let start = Setting(
    "--start", "URL", .application, [.testApp], .text,
    "the address of your application that begins a login; it must lead to the tenant by itself")
  package static let signedIn = Setting(
    "--signed-in", "TEXT", .application, [.testApp], .text,
    usual: .words("learnt from two good logins and a declined one"),
    "words on the page of a signed-in person, and on no other")
  package static let signOut = Setting(
    "--sign-out", "URL", .application, [.testApp], .text,
    "the address that signs out; asked after each login")
  package static let restart = Setting(
    "--restart", "COMMAND", .application, [.testApp], .text,
    "restarts your application and ends; run without a shell, before each fault in what "
      + "applications fetch once and keep: metadata and keys")
  package static let only = Setting(
    "--only", "ID,...", .application, [.testApp], .text, repeatable: true,
    "try these faults only; 'hybrid-flow test-app --list' has their names")
  package static let ownHost = Setting(
    "--i-own-this", "HOST", .application, [.testApp], .text,
    "also go to this host, which is yours; without it, to this machine only")
  package static let markdown = Setting(
    "--markdown", "FILE", .application, [.testApp], .text, suggests: .file,
    "write the report as Markdown to a new file")

  package static let plan = Setting(
    "--plan", "NAME", .lab, [.lab, .testApp],
    .choice(["hybrid", "form-post", "fapi1-advanced", "jarm"]),
    "go through a plan of the OpenID Foundation’s tests for applications, module by module: hybrid, "
      + "form-post, fapi1-advanced or jarm")
}
