/// The workshop that comes along, in the form in which a person writes their own.
public enum BuiltInWorkshop {
  /// The list, as `workshop --print-script` prints it.
  public static let text = #"""
    {
      "title": "The hybrid flow in 45 minutes",
      "entries": [
        {
          "minutes": 5,
          "title": "The login button",
          "question": "State, nonce and PKCE verifier are made before the browser is sent anywhere. Which of these three may the browser see?",
          "show": ["1 story", "1 decoded"],
          "answer": "State and nonce: they travel in the authorize URL. The verifier stays with the application; the browser gets its hash only, the code challenge.",
          "say": "Ask who has ever pressed “Log in with …”. Show the button, then the three values and who holds each."
        },
        {
          "minutes": 5,
          "title": "To the tenant and back",
          "question": "Where does the password go? Who never learns it?",
          "show": ["2 wire", "2 holders", "3 holders", "4 holders"],
          "answer": "From the browser to the tenant, and to nobody else. The application never sees it, and neither does the API.",
          "say": "Read the authorize URL aloud, parameter by parameter. At each stage: who sees what?"
        },
        {
          "minutes": 6,
          "title": "The answer comes through the browser",
          "question": "This came from a browser. Why should we believe a word of it?",
          "show": ["5 story", "5 wire", "5 decoded", "5 checks"],
          "answer": "Because the tenant signed the ID token, and what is in the token holds the rest: nonce for this run, c_hash for this code. State ties it to this browser.",
          "say": "First the form as it was sent, then the token in it, then the checks. Nothing is believed before it is checked."
        },
        {
          "minutes": 4,
          "title": "A swapped code",
          "question": "The ID token is genuine. What is wrong?",
          "fault": "swapped-code",
          "check": "c-hash-match",
          "answer": "The code is another one. c_hash in the signed token is the hash of the right code, and the check c-hash-match compares them: the flow stops at stage 5.",
          "say": "First only the changed message: let the room look for it. The next key tells the verdict."
        },
        {
          "minutes": 3,
          "title": "An old ID token",
          "question": "What makes this token old, if it has not expired?",
          "fault": "replayed-id-token",
          "check": "nonce-match",
          "answer": "Its nonce: it was made for another run. nonce-match compares it with the one of this run.",
          "say": "Signature, issuer, audience and time are all right. Only the run is another one."
        },
        {
          "minutes": 3,
          "title": "Somebody else's login",
          "question": "Whose account is the victim in? Who gains?",
          "fault": "login-csrf",
          "check": "state-match",
          "answer": "In the attacker's. Whatever the victim stores there, the attacker can read. state-match sees that this browser never asked for it.",
          "say": "Short of time? Leave this entry out: the next key twice."
        },
        {
          "minutes": 2,
          "title": "A token without a signature",
          "question": "Who may choose the algorithm: the token, or the application?",
          "fault": "alg-none",
          "check": "id-token-alg-none",
          "answer": "The application. A token that says “none” of itself is refused by id-token-alg-none, before anything else is looked at.",
          "say": "Real libraries have fallen for this one."
        },
        {
          "minutes": 2,
          "title": "The public key as a password",
          "question": "And if the token asks for HS256, with the public key as its secret?",
          "fault": "hs256-confusion",
          "check": "id-token-alg-allowlist",
          "answer": "Everybody knows the public key, so everybody could sign. id-token-alg-allowlist takes only the algorithms that the application has chosen.",
          "say": "The same lesson as before, in a form that looks signed."
        },
        {
          "minutes": 4,
          "title": "One lock less",
          "question": "Was one lock not enough? Who turned the second?",
          "fault": "swapped-code",
          "check": "c-hash-match",
          "without_check": true,
          "answer": "Without c-hash-match nobody listens at stage 5, and the code goes to the tenant. There code-pkce holds: the verifier does not belong to that code.",
          "say": "The same attack as before, with the check switched off."
        },
        {
          "minutes": 5,
          "title": "The back channel",
          "question": "Why two ID tokens? Which differences are allowed?",
          "show": ["6 wire", "7 decoded", "8 decoded", "8 compare"],
          "answer": "One came through the browser, one past it. Issuer, subject and nonce must be equal; times and hashes may differ.",
          "say": "An honest run again. The exchange is between two servers: no browser sees it."
        },
        {
          "minutes": 3,
          "title": "The API answers about another person",
          "question": "The answer is from the real API. Why look whom it is about?",
          "fault": "userinfo-of-another-person",
          "check": "userinfo-sub",
          "answer": "A genuine answer can be about somebody else. userinfo-sub compares its subject with the one who signed in.",
          "say": "Stages 9 and 10 ran on the way here. Short of time? Leave this entry out."
        },
        {
          "minutes": 3,
          "title": "Your own application",
          "question": "Which checks does your application make?",
          "show": ["5 checks"],
          "answer": "Everybody takes one fault of hybrid-flow lab --list and finds its check, or plays hybrid-flow drill --seed 7: the same rounds for all.",
          "say": "Hand out the questions: hybrid-flow workshop --handout FOLDER."
        }
      ]
    }

    """#
}
