import HybridFlow
import OpenID

extension SecretFinder {
  /// Reads everything in an event that comes from outside.
  init(_ event: FlowEvent) {
    self.init()
    switch event {
    case .fetched(let purpose, let request, let response):
      read(request, url: request.url?.text ?? "")
      read(response, isAnswer: purpose == .token)
    case .browserExchanged(let request, let response):
      read(request, url: request.url?.text ?? "")
      read(response, isAnswer: false)
    case .witnessed(let exchange):
      read(exchange.request, url: exchange.request.url?.text ?? "")
      read(exchange.response, isAnswer: false)
    case .pageArrived(let page):
      read(address: page.url.text, guesses: true)
      for field in page.page.hiddenFields { read(field, guesses: true) }
    case .formFilled(let form):
      read(address: form.action.text, guesses: true)
      for field in form.fields { read(field, guesses: true) }
    case .callbackArrived(_, let request), .answerMisplaced(let request), .loggedOut(let request),
      .loginOpened(let request):
      read(request, url: request.url?.text ?? "")
    case .requestRefused(let refused):
      if let request = refused.request { read(request, url: request.url?.text ?? "") }
      if let response = refused.response { read(response, isAnswer: false) }
    case .answerPasted(let answer):
      for field in answer.fields { read(field, guesses: true) }
    case .originalKnown(.content(.request(let request))):
      read(request, url: request.url?.text ?? "")
    case .originalKnown(.content(.response(let response))): read(response, isAnswer: true)
    case .decrypted(_, .content(let content)): read(token: content.reveal())
    case .requestEdited(let edit): read(edit, guesses: false)
    case .exchangeEdited(let edit): read(edit, guesses: true)
    case .started, .advanced, .abandoned, .browserRequested, .clockAdvanced, .actionRequested,
      .examined, .exchangeRequested, .listenerReady, .listenerFailed, .fetchFailed, .browserOpened,
      .pageFailed, .signed, .decrypted(_, .failed), .decrypted(_, .unusable), .ledgerRead,
      .straysCounted, .originalKnown(.nothing), .remarked,
      .authorizeRefused:
      break
    }
  }

  private mutating func read(_ edit: RequestEdit, guesses: Bool) {
    for case .given(let field) in edit.rows { read(field, guesses: guesses) }
  }
}
