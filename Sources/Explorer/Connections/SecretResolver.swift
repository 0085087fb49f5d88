import Glibc
import Network
import OpenID
import Platform
import Settings

/// Finds a client secret without blocking the loop: a command runs in parallel.
final class SecretResolver {
  private var program: ProgramOutput?
  private let source: ClientSecretSource
  private let loop: PollLoop

  init(source: ClientSecretSource, loop: PollLoop) {
    (self.source, self.loop) = (source, loop)
  }

  /// Whether a command runs.
  var isWaiting: Bool { program != nil }

  /// Stops; nothing more is reported.
  func cancel() {
    program?.cancel()
    program = nil
  }

  /// Finds the secret; the result may come before this returns.
  ///
  /// - Parameter waiting: Called with the name of the program it waits for, if there is one.
  func find(
    _ origin: ClientSecretOrigin, waiting: (String) -> Void,
    then: @escaping (Result<Secret, UsageError>) -> Void
  ) {
    cancel()
    do throws(UsageError) {
      guard case .command(let line) = origin.source else {
        return then(.success(try source.secret(at: origin)))
      }
      let words = try ClientSecretSource.words(line, option: origin.place)
      waiting(words[0])
      program = ProgramOutput(
        words, environment: .ofSecretCommand(source.environment), loop: loop,
        bytesMax: ClientSecretSource.secretBytes,
        timeoutMilliseconds: ClientSecretSource.commandMilliseconds
      ) { [weak self] ending in
        self?.program = nil
        then(Self.secret(ending, "\(origin.place.text) \(words[0])"))
      }
    } catch {
      then(.failure(error))
    }
  }

  private static func secret(
    _ ending: ProgramOutput.Ending, _ origin: String
  ) -> Result<Secret, UsageError> {
    switch ending {
    case .failed(let reason): return .failure(UsageError("\(origin): \(reason)."))
    case .printed(let bytes):
      let first = bytes.prefix { $0 != UInt8(ascii: "\n") }
      do throws(UsageError) {
        return .success(try ClientSecretSource.secret(Array(first), origin))
      } catch {
        return .failure(error)
      }
    }
  }
}
