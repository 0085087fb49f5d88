/// Why a page was not read.
public enum HTMLError: Error, Sendable, Equatable {
  /// More than ``Limit/responseBodyBytes``.
  case tooLarge(bytes: Int)
  /// More than ``Limit/formControls``.
  case tooManyControls
}

/// What a person would see of a page, and the forms in it.
///
/// HTML Living Standard, section 13.2.
///
/// A reader for a scripted user agent: it does no layout and runs no script. Broken markup is read
/// as browsers read it, as far as text and forms go.
public struct HTMLPage: Sendable, Equatable {
  /// Where the page came from.
  public let url: WebURL
  /// What relative addresses start from: `<base href>`, or the page's own URL.
  public let baseURL: WebURL
  /// The title; empty when there is none.
  public let title: String
  /// The visible text: one entry a heading, paragraph, list item, cell or label.
  public let lines: [String]
  /// The forms in the order of the document.
  public let forms: [HTMLForm]

  /// Reads a page.
  ///
  /// - Throws: ``HTMLError`` when a limit is passed; never for bad markup.
  public init(bytes: [UInt8], url: WebURL) throws(HTMLError) {
    guard bytes.count <= Limit.responseBodyBytes else { throw .tooLarge(bytes: bytes.count) }
    var reader = HTMLReader(bytes)
    try reader.read()
    self.url = url
    baseURL = reader.baseHref.flatMap { try? url.resolving($0) } ?? url
    title = reader.title
    lines = reader.lines
    forms = reader.forms()
  }

  /// The form that a script submits by itself; nil when there is none.
  public var automaticForm: HTMLForm? { forms.first(where: \.submitsItself) }

  /// Where a form goes.
  ///
  /// - Throws: ``WebURLError`` when its action is not an http or https URL.
  public func target(of form: HTMLForm, pressing button: HTMLButton? = nil) throws(WebURLError)
    -> WebURL
  {
    // Browsers drop line breaks of an address and white space at its ends.
    let written = (button?.action ?? form.action).unicodeScalars.filter {
      $0 != "\n" && $0 != "\r" && $0 != "\t"
    }
    let action = String(String.UnicodeScalarView(written)).trimmingBlanks
    return try action.isEmpty ? url.resolving("") : baseURL.resolving(action)
  }

  /// The request a browser would make of a form.
  ///
  /// A GET form replaces the query of its action with its fields.
  public func request(
    submitting form: HTMLForm, values: [FormField] = [], pressing button: HTMLButton? = nil
  ) throws(WebURLError) -> HTTPRequest {
    let target = try target(of: form, pressing: button)
    let encoded = FormEncoding.encode(form.submission(values: values, pressing: button))
    guard (button?.method ?? form.method) == "POST" else {
      let plain = target.text.before(anyOf: "?#")
      let url = try WebURL(plain + "?" + encoded)
      return HTTPRequest(method: "GET", url: url, headers: ["Host": url.authority])
    }
    let body = Array(encoded.utf8)
    let headers: HTTPHeaders = [
      "Host": target.authority, "Content-Type": "application/x-www-form-urlencoded",
      "Content-Length": String(body.count),
    ]
    return HTTPRequest(method: "POST", url: target, headers: headers, body: body)
  }
}

/// A form of a page.
public struct HTMLForm: Sendable, Equatable {
  /// `id`; empty when there is none.
  public let id: String
  /// `name`; empty when there is none.
  public let name: String
  /// `action` as it was written; empty when there is none, which means the page itself.
  public let action: String
  /// `GET` or `POST`.
  public let method: String
  /// Inputs and buttons in the order of the document.
  public let controls: [HTMLControl]
  /// Whether a script submits the form as soon as the page is loaded.
  ///
  /// A guess: some script or `onload` calls `submit()`, and the form has nothing to fill in.
  public let submitsItself: Bool

  /// The inputs in the order of the document.
  public var inputs: [HTMLInput] {
    controls.compactMap { if case .input(let input) = $0 { input } else { nil } }
  }

  /// The submit buttons in the order of the document.
  public var buttons: [HTMLButton] {
    controls.compactMap { if case .button(let button) = $0 { button } else { nil } }
  }

  /// The fields a browser would send.
  ///
  /// `values` are what the person filled in: a text replaces the value of the visible input of that
  /// name; a box is checked when its own value is among them. Hidden and disabled inputs cannot be
  /// changed, and names that the form does not have are left out.
  public func submission(values: [FormField], pressing button: HTMLButton?) -> [FormField] {
    var filled: [String: [String]] = [:]
    for field in values { filled[field.name, default: []].append(field.value) }
    var used: [String: Int] = [:]
    var fields: [FormField] = []
    for control in controls {
      switch control {
      case .button(let candidate):
        guard candidate == button, !candidate.isDisabled else { continue }
        fields += candidate.fields
      case .input(let input):
        guard !input.name.isEmpty, !input.isDisabled else { continue }
        var value = input.value
        if let given = filled[input.name], !input.isHidden {
          if input.isCheckable {
            guard given.contains(where: { $0.isIdentical(to: value) }) else { continue }
          } else {
            let position = used[input.name, default: 0]
            if position < given.count { value = given[position] }
            used[input.name] = position + 1
          }
        } else if input.isCheckable, !input.isChecked {
          continue
        }
        fields.append(FormField(input.name, Self.lineBreaksNormalized(value)))
      }
    }
    return fields
  }

  /// Writes every line break as CR LF, as browsers do before they encode a form.
  private static func lineBreaksNormalized(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x0D || $0 == 0x0A }) else { return text }
    var output: [UInt8] = []
    var afterReturn = false
    for byte in text.utf8 {
      if byte == 0x0D {
        output += [0x0D, 0x0A]
      } else if byte != 0x0A {
        output.append(byte)
      } else if !afterReturn {
        output += [0x0D, 0x0A]
      }
      afterReturn = byte == 0x0D
    }
    return String(decoding: output, as: UTF8.self)
  }
}

/// What a form is made of.
public enum HTMLControl: Sendable, Equatable {
  /// Something that holds a value.
  case input(HTMLInput)
  /// Something that sends the form.
  case button(HTMLButton)
}

/// An input, text area or choice of a form.
public struct HTMLInput: Sendable, Equatable {
  /// `name`; empty for an input that is never sent.
  public let name: String
  /// The initial value; `on` for a checkbox or radio button without one.
  public internal(set) var value: String
  /// `type`, lower case; `text` when there is none, `textarea` or `select` for these elements.
  public let type: String
  /// The text of its label; nil when it has none.
  public internal(set) var label: String?
  /// `placeholder`; empty when there is none.
  public let placeholder: String
  /// Whether a checkbox or radio button is checked.
  public let isChecked: Bool
  /// Whether the input is switched off and never sent.
  public let isDisabled: Bool
  /// The values to choose from; only a `select` has them.
  public internal(set) var choices: [String]

  /// Whether the input is hidden.
  public var isHidden: Bool { type == "hidden" }
  /// Whether the input is a checkbox or a radio button.
  public var isCheckable: Bool { type == "checkbox" || type == "radio" }
}

/// A button that sends its form.
public struct HTMLButton: Sendable, Equatable {
  /// `name`; empty for a button that sends nothing of its own.
  public let name: String
  /// `value`.
  public let value: String
  /// The text on the button.
  public internal(set) var label: String
  /// `formaction`, which replaces the form's action.
  public let action: String?
  /// `GET` or `POST` of `formmethod`, which replaces the form's method.
  public let method: String?
  /// Whether the button is switched off.
  public let isDisabled: Bool
  /// Whether it is an image, which sends the click position instead of a value.
  public let isImage: Bool
  /// The position among all controls of the page: two buttons may be equal in everything else.
  public let position: Int

  /// What pressing the button adds to the form.
  var fields: [FormField] {
    if isImage {
      let prefix = name.isEmpty ? "" : name + "."
      return [FormField(prefix + "x", "0"), FormField(prefix + "y", "0")]
    }
    return name.isEmpty ? [] : [FormField(name, value)]
  }
}
