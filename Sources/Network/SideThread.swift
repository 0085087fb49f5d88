import Glibc

/// A thread for one piece of work that takes a while, such as the making of a key.
///
/// A task would do it too, but the pool behind tasks wakes up every second for as long as the
/// process lives, and has to be there before the first of them.
public enum SideThread {
  private final class Work: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Does the work on a thread of its own, which ends with it and takes no signals.
  ///
  /// - Throws: ``NetworkError`` when the system gives no thread.
  public static func run(_ work: @escaping @Sendable () -> Void) throws(NetworkError) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // A new thread inherits the mask; handlers belong to the thread that has the screen.
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
