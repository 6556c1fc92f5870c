import Foundation

/// What is committed, one after the other. Made by ``CRM/commits()``, which is when it begins to listen; it ends when the database
/// is closed or the task that iterates is cancelled. It is iterated once.
///
/// ```swift
/// for await commit in crm.commits() { show(commit.first...commit.last) }
/// ```
public struct Commits: AsyncSequence, Sendable {
    public typealias Element = Commit

    private let stream: CommitStream

    init(_ stream: CommitStream) {
        self.stream = stream
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(stream: stream)
    }

    public struct Iterator: AsyncIteratorProtocol {
        let stream: CommitStream

        public mutating func next() async -> Commit? {
            await stream.next()
        }
    }
}

/// The stream behind a sequence. It stops listening when the last one lets it go.
final class CommitStream: Sendable {
    private let events: Events
    private let streams: Streams
    // Waiting blocks a thread of this queue.
    private let queue = DispatchQueue(label: "crm.commits")

    init(_ events: Events, in streams: Streams) {
        self.events = events
        self.streams = streams
        streams.add(events)
    }

    deinit {
        events.stop()
        streams.remove(events)
    }

    func next() async -> Commit? {
        let events = events
        return await withTaskCancellationHandler {
            await withCheckedContinuation { caller in
                queue.async {
                    var commit = events.next(timeoutMs: 60_000)
                    while commit == nil && !events.isOver() { commit = events.next(timeoutMs: 60_000) }
                    caller.resume(returning: commit)
                }
            }
        } onCancel: {
            events.stop()
        }
    }
}

/// The streams that end with the database.
final class Streams: @unchecked Sendable {
    private let lock = NSLock()
    // Both are read and written under the lock.
    private var open: [ObjectIdentifier: Events] = [:]
    private var closed = false

    func add(_ events: Events) {
        let late = lock.withLock {
            open[ObjectIdentifier(events)] = events
            return closed
        }
        if late { events.stop() }
    }

    func remove(_ events: Events) {
        _ = lock.withLock { open.removeValue(forKey: ObjectIdentifier(events)) }
    }

    func close() {
        let all = lock.withLock {
            closed = true
            return Array(open.values)
        }
        for events in all { events.stop() }
    }
}
