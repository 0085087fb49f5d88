import Glibc

/// A thread for one slow piece of work, such as making a key.
///
/// A task would work too, but the thread pool for tasks wakes up every second for as long as the
/// process lives, and must be set up before the first task.
public enum SideThread {
  private final class Work: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Runs the work on its own thread, which ends with it and receives no signals.
  ///
  /// - Throws: ``NetworkError`` when the system cannot create a thread.
  public static func run(_ work: @escaping @Sendable () -> Void) throws(NetworkError) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // A new thread inherits the signal mask; signals are for the thread of the screen.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let box = Unmanaged.passRetained(Work(work))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, &attributes,
      { pointer in
        if let pointer { Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().run() }
        return nil
      }, box.toOpaque())
    guard code == 0 else {
      box.release()
      throw .system(call: "pthread_create", reason: systemReason(code))
    }
  }
}
