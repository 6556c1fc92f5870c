import Crm
import Foundation
import Testing

@Suite struct ConcurrencyTests {
    @Test @MainActor func workLeavesTheMainThread() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            #expect(try await session { _ in Thread.isMainThread } == false)
        }
    }

    @Test func manyTasksShareASession() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...50 {
                    group.addTask {
                        _ = try await session { try $0.people().create(record: Person(givenName: "P\(number)")) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await session { try $0.people().count() } == 50)
        }
    }

    @Test func aCancelledCallStopsAndChangesNothing() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            let crowd = (1...20_000).map { Person(givenName: "Given \($0)", familyName: "Family \($0)") }
            let task = Task { try await session { _ = try $0.people().createAll(records: crowd) } }
            try await Task.sleep(for: .milliseconds(300))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await session { try $0.people().count() } == 0)
        }
    }

    @Test func whoeverWaitsForATurnIsCancelledWithoutDisturbingTheCallThatRuns() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            let crowd = (1...500).map { Person(givenName: "Given \($0)") }
            let running = Task { try await session { try $0.people().createAll(records: crowd).count } }
            try await Task.sleep(for: .milliseconds(20))
            let waiting = Task { try await session { try $0.people().count() } }
            try await Task.sleep(for: .milliseconds(20))
            waiting.cancel()
            #expect(try await running.value == 500)
            _ = await waiting.result
        }
    }

    @Test func commitsComeAsASequenceWhichEndsWithTheDatabase() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            let commits = crm.commits()
            _ = try await session { try $0.people().create(record: Person(givenName: "Ada")) }
            var iterator = commits.makeAsyncIterator()
            let first = try #require(await iterator.next())
            #expect(first.first <= first.last)
            let rest = Task {
                var last: UInt64 = 0
                for await commit in crm.commits() { last = commit.last }
                return last
            }
            try await Task.sleep(for: .milliseconds(200))
            _ = try await session { try $0.people().create(record: Person(givenName: "Grace")) }
            try await crm.close()
            #expect(await rest.value > first.last)
        }
    }

    @Test func anIterationThatIsCancelledEndsAtOnce() async throws {
        try await onMemory { crm in
            let waiting = Task { for await _ in crm.commits() {} }
            try await Task.sleep(for: .milliseconds(100))
            let started = ContinuousClock.now
            waiting.cancel()
            await waiting.value
            #expect(ContinuousClock.now - started < .seconds(10))
        }
    }
}
