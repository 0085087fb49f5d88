import Glibc
import HybridFlow

/// The commands of the program, in the order of their groups.
public enum Subcommand: String, Sendable, Hashable, CaseIterable {
  case explore, run, watch
  case check, decode, explain, compare
  case testApp = "test-app"
  case tenant
  case lab, drill, workshop
  case replay, export
  case theme, paths, completion, man, help
  case screenshots

  /// What people want who give the command.
  public var purpose: Purpose {
    switch self {
    case .explore, .run, .watch: .see
    case .check, .decode, .explain, .compare: .diagnose
    case .testApp, .tenant: .test
    case .lab, .drill, .workshop: .teach
    case .replay, .export: .keep
    case .theme, .paths, .completion, .man, .help, .screenshots: .housekeeping
    }
  }

  /// What the command does, in one line.
  public var summary: String {
    switch self {
    case .explore: "steps through the ten stages on the screen (the default)"
    case .run: "goes through the ten stages without the screen"
    case .check: "looks at a tenant before anyone logs in, and says what is wrong"
    case .decode: "decodes a token, callback or response, and checks what it can"
    case .explain: "says what a pasted error means: cause and fix"
    case .lab: "breaks the flow on purpose and says which check notices it"
    case .drill: "hides a fault in a run, for you to find, and keeps the score"
    case .workshop: "gives a workshop of 45 minutes with two keys, notes and handouts"
    case .replay: "goes through a recording or a HAR, offline"
    case .compare: "lays two recordings side by side"
    case .export: "hands a run on: HAR, report, diagram, curl, asciicast, picture"
    case .tenant: "serves the demo tenant alone, for any client"
    case .testApp: "commits faults against your application: caught, or let through"
    case .watch: "shows the logins of your own application, stage by stage"
    case .screenshots: "draws the pictures of screenshots/ from frames"
    case .theme: "lists the themes, or checks whether one can be read"
    case .paths: "says where it looks for its files"
    case .completion: "prints the completion script of a shell"
    case .man: "prints the manual page"
    case .help: "says more about a command"
    }
  }

  /// The operands in the help; empty when there are none.
  public var operands: String {
    switch self {
    case .explore: "[FILE]"
    case .run, .check, .drill, .workshop, .tenant, .testApp, .watch, .paths, .man: ""
    case .decode: "[FILE|-]"
    case .explain: "[TEXT|FILE|-]"
    case .lab: "[FAULT...]"
    case .replay: "[FILE|NAME]"
    case .compare: "FIRST SECOND"
    case .export: "[RECORDING]"
    case .screenshots: "[DIR]"
    case .theme: "list|check FILE"
    case .completion: "bash|zsh|fish"
    case .help: "[COMMAND|PRESET]"
    }
  }

  /// The most operands.
  public var mostOperands: Int {
    switch self {
    case .lab: 200
    case .theme, .compare: 2
    default: operands.isEmpty ? 0 : 1
    }
  }

  /// Example command lines, each with a description.
  public var examples: [(line: String, what: String)] {
    let tenant = "--issuer https://TENANT.eu.auth0.com/ --client-id ID"
    switch self {
    case .explore:
      return [
        ("hybrid-flow", "the explorer on the built-in demo tenant"),
        ("hybrid-flow explore \(tenant)", "on your own tenant"),
        ("hybrid-flow explore --projector", "light, for a projector"),
        ("hybrid-flow explore login.har", "the login in a browser\u{2019}s HAR, offline"),
      ]
    case .run:
      return [
        ("hybrid-flow run", "the ten stages on the demo tenant"),
        ("hybrid-flow run --json --response-type 'code id_token token'", "one object a line"),
        ("hybrid-flow run --then refresh,userinfo,logout", "and what comes after the flow"),
        ("hybrid-flow run --plain", "the story of each stage, in reading order"),
        ("hybrid-flow run --full", "and every message, token and check"),
        ("hybrid-flow run --sign-on-only", "ends after stage 5"),
        ("hybrid-flow run --record run.jsonl", "and keeps the run, without its secrets"),
        ("hybrid-flow run \(tenant)", "on your own tenant"),
      ]
    case .decode:
      return [
        ("hybrid-flow decode callback.txt", "a form, URL, token, JSON, curl line or HAR"),
        ("xclip -o | hybrid-flow decode", "from the clipboard"),
        ("hybrid-flow decode --issuer URL --client-id ID token.txt", "with the keys"),
        ("hybrid-flow decode --key key.pem --nonce NONCE token.txt", "with a key of your own"),
        ("hybrid-flow decode --json - < response.json", "one object, for a script"),
      ]
    case .explain:
      return [
        ("hybrid-flow explain 'AADSTS50011: …'", "an error as it was shown"),
        ("hybrid-flow explain --json - < provider.log", "a log, for a script"),
        ("hybrid-flow explain --issuer URL 'invalid_grant'", "where it came from is known"),
      ]
    case .check:
      return [
        ("hybrid-flow check \(tenant)", "before the first login"),
        (
          "hybrid-flow check --preset keycloak --domain HOST --realm NAME --client-id ID", "a realm"
        ),
        ("hybrid-flow check --profile work --json", "one object a line"),
      ]
    case .lab:
      return [
        ("hybrid-flow lab --list", "every fault, and what must catch it"),
        ("hybrid-flow lab swapped-code", "commits one and tells what happened"),
        ("hybrid-flow lab kid-left-out", "odd and allowed: nothing may complain"),
        ("hybrid-flow lab --all --json", "every fault, and every oddity that must pass"),
        (
          "hybrid-flow lab swapped-code --without-check c-hash-match",
          "what the attacker gains, on the demo tenant only"
        ),
      ]
    case .drill:
      return [
        ("hybrid-flow drill", "ten rounds in the explorer; a answers, h takes a hint"),
        ("hybrid-flow drill --seed 7", "the same ten rounds for a whole class"),
        ("hybrid-flow drill --seed 7 --json > result.json", "line by line; a result to hand in"),
        ("hybrid-flow drill --plain --count 3", "in plain lines, for screen readers and pipes"),
      ]
    case .workshop:
      return [
        ("hybrid-flow workshop --projector", "Right is the next step, Left the one before"),
        ("hybrid-flow workshop --notes", "in a second terminal: what to say, and the clock"),
        ("hybrid-flow workshop --handout pages", "the questions for the class"),
        ("hybrid-flow workshop --print-script > mine.json", "the list, to be changed"),
        ("hybrid-flow workshop --script mine.json", "and given"),
      ]
    case .replay:
      return [
        ("hybrid-flow replay --list", "the recordings that come along, and your own"),
        ("hybrid-flow replay swapped-code", "one that comes along, in the explorer"),
        ("hybrid-flow replay --json run.jsonl", "what run --json printed then; ends as it ended"),
        ("hybrid-flow replay login.har", "the login in a browser\u{2019}s HAR, stage by stage"),
        ("hybrid-flow replay login.har --login 2", "one of several logins"),
      ]
    case .compare:
      return [
        ("hybrid-flow compare honest-code-id_token swapped-code", "what a stolen code changes"),
        ("hybrid-flow compare --json yesterday.jsonl today.jsonl", "one object a row"),
      ]
    case .export:
      return [
        (
          "hybrid-flow export --format har --output run.har",
          "for a browser\u{2019}s developer tools"
        ),
        ("hybrid-flow export --format markdown --lab swapped-code", "a report for a ticket"),
        ("hybrid-flow export --format curl --output run.sh", "the back channel as commands"),
        ("hybrid-flow export run.jsonl --format markdown", "of a recording"),
        ("hybrid-flow export --format mermaid --profile work", "of your own tenant"),
      ]
    case .tenant:
      return [
        ("hybrid-flow tenant", "on port 9000, nobody registered"),
        (
          "hybrid-flow tenant --client 'id=a,secret-file=s,redirect-uri=http://[::1]/'",
          "for an application of your own"
        ),
        ("hybrid-flow tenant --settings tenant.json", "everything from a file"),
      ]
    case .testApp:
      return [
        ("hybrid-flow test-app --list", "the faults, and what must catch each"),
        (
          "hybrid-flow test-app --start URL --client 'id=a,secret-file=s,redirect-uri=U'",
          "an application that is configured for the issuer http://localhost:9000/"
        ),
        (
          "hybrid-flow test-app --start URL --settings tenant.json --only nonce-altered",
          "one fault; the client stands in a file"
        ),
        (
          "hybrid-flow test-app --start URL --settings tenant.json --junit report.xml",
          "in a CI job; exit code 3 if something is let through"
        ),
        (
          "hybrid-flow test-app --start URL --settings tenant.json --browser",
          "in Chromium: for an application whose own scripts sign in"
        ),
      ]
    case .watch:
      return [
        (
          "hybrid-flow watch --client 'id=a,secret-file=s,redirect-uri=URI'",
          "your application signs in; its ten stages fill"
        ),
        ("hybrid-flow watch --settings tenant.json", "several applications, from a file"),
        ("hybrid-flow watch --json --settings tenant.json", "one object a stage, for a script"),
      ]
    case .screenshots: return [("hybrid-flow screenshots", "writes the pictures to screenshots/")]
    case .theme:
      return [
        ("hybrid-flow theme list", "the names for --theme"),
        ("hybrid-flow theme check mine.json", "contrast, and colour-blind people"),
      ]
    case .paths: return [("hybrid-flow paths", "one place a line")]
    case .completion:
      return [
        ("source <(hybrid-flow completion bash)", "in ~/.bashrc"),
        ("source <(hybrid-flow completion zsh)", "in ~/.zshrc, behind compinit"),
        ("hybrid-flow completion fish | source", "in ~/.config/fish/config.fish"),
      ]
    case .man: return [("hybrid-flow man | man -l -", "reads it without installing it")]
    case .help:
      return [
        ("hybrid-flow help run", "the options of run"),
        ("hybrid-flow help auth0", "what to switch on at Auth0"),
      ]
    }
  }
}
