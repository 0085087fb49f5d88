import Glibc
import Network
import OpenID
import Platform
import Settings

/// Finds a client secret without making the loop wait: a command runs beside it.
final class SecretResolver {
  private var program: ProgramOutput?
  private let source: ClientSecretSource
  private let loop: PollLoop

  init(source: ClientSecretSource, loop: PollLoop) {
    (self.source, self.loop) = (source, loop)
  }

  /// Whether a command runs.
  var isWaiting: Bool { program != nil }

  /// Gives up; nothing is told any more.
  func cancel() {
    program?.cancel()
    program = nil
  }

  /// Finds the secret; the answer may come before this returns.
  ///
  /// - Parameters:
  ///   - place: What messages call the place where the origin stands.
  ///   - waiting: Told the program that is waited for, if there is one.
  func find(
    _ origin: ClientSecretOrigin, place: String, waiting: (String) -> Void,
    then: @escaping (Result<Secret, UsageError>) -> Void
  ) {
    cancel()
    do throws(UsageError) {
      guard case .command(let line) = origin else {
        return then(.success(try source.secret(at: origin, place: place)))
      }
      let words = try ClientSecretSource.words(line, option: place)
      waiting(words[0])
      program = ProgramOutput(
        words, environment: .ofSecretCommand(source.environment), loop: loop,
        bytesMax: ClientSecretSource.secretBytes,
        timeoutMilliseconds: ClientSecretSource.commandMilliseconds
      ) { [weak self] ending in
        self?.program = nil
        then(Self.secret(ending, "\(place) \(words[0])"))
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
