import Foundation

/// One piece of work that waits for the database, runs and ends, and may be cancelled at any moment of it.
final class Turn: @unchecked Sendable {
    private enum State { case waiting, running, over }

    private let lock = NSLock()
    // Both are read and written under the lock.
    private var state = State.waiting
    private var cancelled = false
    private let interrupt: @Sendable () -> Void

    init(interrupt: @escaping @Sendable () -> Void) {
        self.interrupt = interrupt
    }

    var isCancelled: Bool { lock.withLock { cancelled } }

    /// Begins the work, unless it was cancelled while it waited.
    func begin() throws {
        try lock.withLock {
            if cancelled { throw CancellationError() }
            state = .running
        }
    }

    func end() {
        lock.withLock { state = .over }
    }

    func cancel() {
        lock.withLock { cancelled = true }
        stop()
    }

    /// An interrupt reaches only a statement that runs, so it is repeated until the work has ended. It is sent under the lock:
    /// the work cannot end meanwhile, and the next one is never hit.
    private func stop() {
        lock.withLock {
            guard state == .running else { return }
            interrupt()
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(2)) { self.stop() }
        }
    }
}
