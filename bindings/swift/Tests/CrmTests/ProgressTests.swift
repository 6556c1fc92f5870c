import Crm
import Foundation
import Testing

@Suite struct ProgressTests {
    static let mapping = ImportMapping(
        recordType: "person", columns: [ImportColumn(field: "family_name", column: "name")])
    static let rows = "name\n" + (1...3000).map { "P\($0)\n" }.joined()

    @Test func anImportTellsHowFarItIs() async throws {
        try await onMemory { crm in
            let counter = Counter()
            let session = try await crm.session().withProgress { done in
                counter.count(done.hasPrefix("{"))
                return true
            }
            let report = try await session { try $0.imports().csv(content: Self.rows, mapping: Self.mapping) }
            #expect(report.total.created == 3000)
            #expect(counter.told > 0)
        }
    }

    @Test func aListenerStopsAnImportWhichChangesNothing() async throws {
        try await onMemory { crm in
            let session = try await crm.session()
            let stopped = try await failure {
                try await session.withProgress { _ in false }
                    .callAsFunction { try $0.imports().csv(content: Self.rows, mapping: Self.mapping) }
            }
            #expect(stopped.kind == .interrupted)
            #expect(try await session { try $0.people().count() } == 0)
        }
    }

    @Test func whatAListenerThrowsComesOutOfTheCall() async throws {
        try await onMemory { crm in
            let session = try await crm.session().withProgress { _ in throw Wrong("mine") }
            await #expect(throws: Wrong.self) {
                try await session { try $0.imports().csv(content: Self.rows, mapping: Self.mapping) }
            }
            #expect(try await session { try $0.people().count() } == 0)
        }
    }
}

private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    // Read and written under the lock.
    private var number = 0

    func count(_ sound: Bool) { lock.withLock { if sound { number += 1 } } }

    var told: Int { lock.withLock { number } }
}
