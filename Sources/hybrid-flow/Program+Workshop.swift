import Commands
import Explorer
import Export
import Glibc
import HybridFlow
import OpenID
import Platform
import Settings

extension Program {
  /// `hybrid-flow workshop`.
  func workshop(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    let request = try WorkshopRequest.read(invocation)
    let file = WorkshopStatusFile(path: ProgramPaths(environment: environment).workshop)
    switch request.purpose {
    case .list: return print(request.listing)
    case .printScript: return print(BuiltInWorkshop.text)
    case .notes:
      return WorkshopNotes(
        request.workshop, file: file, sink: streams, loop: makeLoop(),
        follows: isatty(STDOUT_FILENO) != 0
      ).run()
    case .handout(let folder, let answers):
      let paths = try WorkshopHandout(request.workshop, tellsAnswers: answers).write(to: folder)
      return print(paths.map { HarmlessText.line($0) + "\n" }.joined())
    case .give:
      return try explore(invocation) { stage in
        stage.prepare = { face in
          face.workshopFile = file
          face.begin(with: request.workshop)
        }
        stage.finish = { _ in file.remove() }
      }
    }
  }
}
