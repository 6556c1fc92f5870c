import Foundation

/// A serial queue as the executor of an actor, so that calls block a thread of Dispatch and none of Swift's own few.
final class WorkQueue: SerialExecutor {
    private let queue = DispatchQueue(label: "crm", qos: .userInitiated)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

/// Runs what blocks on a queue of Dispatch while the caller is suspended.
func blocking<T: Sendable>(
    on queue: DispatchQueue = .global(qos: .userInitiated), _ work: @escaping @Sendable () throws -> T
) async throws -> T {
    try await withCheckedThrowingContinuation { caller in
        queue.async { caller.resume(with: Result { try work() }) }
    }
}
